// Closes its logger, logs, and crashes: `node after-close.mjs <file|stdout|stream> [path]`.
import { createWriteStream } from 'node:fs'
import { createLogger, file, stdout, stream } from 'throughline'

const [to, path] = process.argv.slice(2)
const make = { file: () => file(path), stdout, stream: () => stream(createWriteStream(path, { flags: 'a' })) }
const log = createLogger({ service: 'closed', destination: make[to]() })
log.info('before')
await log.close()
log.info('late')
log.warn('late too')
log.audit('account deleted', { user_id: 'user-456' })
throw new Error('the crash')
