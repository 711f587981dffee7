// Sends itself two signals that it has no handler for: `node first-process.mjs <policy>`.
import { writeSync } from 'node:fs'
import { createLogger, stdout } from 'throughline'

const [policy] = process.argv.slice(2)
writeSync(1, `pid ${process.pid}\n`)
const log = policy === 'none' ? undefined : createLogger({ destination: stdout({ policy }) })
log?.info('line')
process.kill(process.pid, 'SIGTERM')
setTimeout(() => process.kill(process.pid, 'SIGTERM'), 50)
setTimeout(() => writeSync(1, 'survived\n'), 200)
