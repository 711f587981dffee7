// Logs at every level with nothing but what the environment says.
import { createLogger } from 'throughline'

for (const service of ['one', 'two']) {
  const log = createLogger({ service })
  for (const level of ['trace', 'debug', 'info', 'warn', 'error']) {
    log.child({}, { name: 'db' })[level]('of the module', { user: 'u1' })
    log[level]('of the root')
  }
}
