// The package twice in one process, as ESM and as CJS. What each says of the other goes to standard error.
import { createRequire } from 'node:module'
import * as esm from 'throughline'

const cjs = createRequire(import.meta.url)('throughline')
const hooks = () =>
  ['uncaughtExceptionMonitor', 'exit', 'beforeExit', 'SIGTERM'].map((event) => process.listenerCount(event))

const one = esm.createLogger({ service: 'esm' })
const before = hooks()
const two = cjs.createLogger({ service: 'cjs' })
const isAnother = esm.createLogger !== cjs.createLogger
const isHookedOnce = JSON.stringify(hooks()) === JSON.stringify(before)

await esm.context.run({ request_id: 'r1' }, async () => {
  two.info('within the context of the other')
  await new Promise((resolve) => setTimeout(resolve, 5))
  cjs.context.set({ user_id: 'u1' })
  one.info('with a field that the other has set')
})
cjs.setLevel('debug')
one.debug('at a level that the other has set')
console.error(JSON.stringify({ isAnother, isHookedOnce }))
one.info('the last of one')
two.info('the last of the other')
process.exit(3)
