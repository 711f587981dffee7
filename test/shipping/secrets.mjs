// Ships with every kind of credential to the store at argv[2], which refuses and says them back, and prints all that a program
// can print of a transport. argv[3] is the folder of the spool and the dead letters; argv[4] are the credentials.
import { inspect } from 'node:util'
import { loki } from '@throughline/loki'
import { otlp } from '@throughline/otlp'
import { createLogger, fanOut, memory } from 'throughline'

const [url, dir, given] = process.argv.slice(2)
const { options, password } = JSON.parse(given)
const everything = { depth: Number.POSITIVE_INFINITY, showHidden: true, showProxy: true }
const show = (value) => console.log(inspect(value, everything))

const destination = loki({ url, spool: { dir }, retry: { baseMs: 1, maxMs: 2 }, closeTimeoutMs: 200, ...options })
const kept = memory()
const log = createLogger({ service: 'secrets', env: {}, destination: fanOut([kept, destination]) })
show([destination, log, log.stats()])
log.info('a transport as a field', { destination, list: [destination] })
await log.flush()
show([destination, log.stats()])
console.log(JSON.stringify(destination), ...kept.lines)

const bad = [
  () => loki({ url: `ht!tp://u:${password}@host` }),
  () => loki({ url: `ftp://u:${password}@host/` }),
  () => loki({ url: `http://u:${password}@` }),
  () => loki({ url, auth: { bearer: `${password}\n` } }),
  () => loki({ url, auth: { username: 'a:b', password } }),
  () => loki({ url, headers: { [`Authorization: Basic ${password}`]: 'x' } }),
  () => loki({ url, headers: { 'X-Api-Key': `${password}\n` } }),
  () => loki({ url: `http://u:${password}@host`, spool: { dir: `${dir}/dead-letters.jsonl` } }),
  () => otlp({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http//u:${password}@host` } }),
  // What people write for "Authorization=Basic …".
  () => otlp({ env: { OTEL_EXPORTER_OTLP_HEADERS: `Authorization: Basic ${password}==` } }),
]
for (const start of bad) {
  try {
    start()
    console.log('taken')
  } catch (error) {
    show(error)
  }
}
console.log('and then the end of the process')
log.info('by the last push')
process.exit(0)
