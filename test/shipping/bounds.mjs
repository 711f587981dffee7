// Logs far more than may wait while the store at argv[2] is gone, with a spool where argv[3] names one, and prints what
// became of it.
import { setTimeout } from 'node:timers/promises'
import { loki } from '@throughline/loki'
import { createLogger } from 'throughline'

const [url, dir] = process.argv.slice(2)
const MIB = 1024 * 1024
const destination = loki({
  url,
  queue: { bytes: 4 * MIB },
  exitTimeoutMs: 0,
  closeTimeoutMs: 1,
  retry: { baseMs: 10, maxMs: 50 },
  ...(dir === undefined ? {} : { spool: { dir, maxBytes: 8 * MIB, fsync: 'never' } }),
})
const log = createLogger({ service: 'bounds', env: {}, destination })
const LINES = 400_000
log.error('kept to the last')
/** What is held, not what the collector has not come to yet. */
const used = () => {
  globalThis.gc()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / MIB
}
const before = used()
let peak = 0
for (let n = 0; n < LINES; n++) {
  log.info('a line that nobody takes', { n, pad: 'x'.repeat(100) })
  if (n % 1_000 === 0) await setTimeout(0)
  if (n % 20_000 === 0) {
    peak = Math.max(peak, used())
  }
}
const { droppedByLevel } = log.stats()
console.log(JSON.stringify({ lines: LINES, growth: Math.round(peak - before), droppedByLevel }))
process.exit(0)
