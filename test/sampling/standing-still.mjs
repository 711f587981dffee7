/** Logs far more than it may hold, to a standard output that nobody reads, and tells by IPC what that took. */
import { createLogger, stdout } from 'throughline'

const log = createLogger({
  service: 'busy',
  env: {},
  destination: stdout({ maxQueuedBytes: 1024 * 1024 }),
  sampling: { success: 0, hold: 'debug', maxHeldBytes: 64 * 1024 },
})
const text = 'x'.repeat(100)
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** What is in use once the garbage is gone: what the process has from the system follows it late, or never. */
function used() {
  globalThis.gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

// Operations that never end, each of which logs more than all together may hold.
async function endless(count, lines) {
  for (let i = 0; i < count; i++) {
    const { log: own } = log.begin({ name: 'endless' })
    for (let line = 0; line < lines; line++) own.debug('held', { line, text })
    if (i % 10 === 0) await turn()
  }
}

// Operations that fail, whose lines are all written, to a pipe that takes nothing.
async function failing(count) {
  for (let i = 0; i < count; i++) {
    const operation = log.begin({ name: 'failing' })
    for (let line = 0; line < 20; line++) operation.log.info('held', { line, text })
    operation.end({ message: 'failed', level: 'error', fields: { i }, failed: true, durationMs: 1 })
    if (i % 10 === 0) await turn()
  }
}

await endless(100, 10)
await failing(100)
const before = used()
await endless(1_500, 300)
await failing(5_000)
process.send({ grownBy: used() - before, stats: log.stats() })
