/** No logger: an object made into JSON and given to `console.log`. */
import { completed } from '../lines.mjs'

const line = (fields) =>
  JSON.stringify({ timestamp: new Date().toISOString(), level: 'INFO', service: 'api', ...fields })

export const onStdout = async () => ({
  plain: () => console.log(line({ message: 'hello world' })),
  six: (i) => console.log(line({ message: 'Request completed', ...completed(i) })),
  written() {},
})
