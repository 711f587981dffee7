/**
 * Logs numbered lines to two transports, one with a spool and one without, until its parent tells it to stop, and closes them.
 * What it writes to standard output is what became of them: the lines that were logged, and the logger's stats.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { loki } from '@throughline/loki'
import { createLogger } from 'throughline'

const { url, dir } = JSON.parse(process.argv[2])
let isOver = false
process.once('message', () => {
  isOver = true
})

const options = {
  url,
  batch: { ms: 20, bytes: 32 * 1024, lines: 100 },
  queue: { bytes: 128 * 1024 },
  retry: { baseMs: 10, maxMs: 100 },
  timeoutMs: 400,
  closeTimeoutMs: 1_000,
  exitTimeoutMs: 0,
}
const ways = {
  memory: { deadLetters: `${dir}/memory.jsonl` },
  spool: { deadLetters: `${dir}/spool.jsonl`, spool: { dir: `${dir}/spool`, maxBytes: 1024 * 1024, fsync: 'never' } },
}
const loggers = Object.entries(ways).map(([service, way]) =>
  createLogger({ service, env: {}, destination: loki({ ...options, ...way }) }),
)
const written = loggers.map(() => 0)
const pad = 'x'.repeat(500)
// More than the bounds let wait while the store is away for long, and less than it takes while it is well.
while (!isOver) {
  for (const [i, log] of loggers.entries()) {
    for (let k = 0; k < 20; k++) log.info('a line', { n: written[i]++, pad })
  }
  await delay(10)
}
// The store is gone by now: what waits is kept on disk, or counted.
await delay(500)
await Promise.all(loggers.map((log) => log.close()))
process.stdout.write(JSON.stringify(loggers.map((log, i) => ({ written: written[i], stats: log.stats() }))))
process.disconnect()
