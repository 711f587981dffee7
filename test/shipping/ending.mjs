// Logs to the store at argv[2] and ends in the way of argv[3], without close(). argv[4] is a spool's folder, if any.
import { readFileSync } from 'node:fs'
import { loki } from '@throughline/loki'
import { createLogger, fanOut, memory } from 'throughline'

const [url, ending, dir] = process.argv.slice(2)
const { CA } = process.env
const tls = CA === undefined ? {} : { tls: { ca: readFileSync(CA) } }
const spool = dir === undefined ? {} : { spool: { dir } }
const destination = fanOut([
  memory(),
  loki({ url, exitTimeoutMs: 3_000, retry: { baseMs: 20, maxMs: 100 }, ...spool, ...tls }),
])
const log = createLogger({ service: 'ending', env: {}, destination })
for (let n = 0; n < 100; n++) log.info('a line', { n })

const ways = {
  natural() {},
  exit: () => process.exit(3),
  crash() {
    throw new Error('boom')
  },
  SIGTERM: () => process.kill(process.pid, 'SIGTERM'),
  SIGINT: () => process.kill(process.pid, 'SIGINT'),
  handled() {
    process.once('SIGTERM', () => {
      log.info('a line', { n: 100 })
      process.exit(0)
    })
    process.kill(process.pid, 'SIGTERM')
    setInterval(() => {}, 1_000)
  },
}
setTimeout(ways[ending], 30)
if (ending.startsWith('SIG')) setInterval(() => {}, 1_000)
