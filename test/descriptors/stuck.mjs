// Logs more than its standard output takes, and ends as a service does: `node stuck.mjs <ending> [timeoutMs]`. Says on standard
// error how long it took.
import { createLogger, stdout } from 'throughline'

const [ending, timeoutMs] = process.argv.slice(2)
const log = createLogger({ service: 'stuck', destination: stdout() })
const options = timeoutMs === undefined ? undefined : { timeoutMs: Number(timeoutMs) }
for (let n = 0; n < 2_000; n++) log.info('line', { n, pad: 'x'.repeat(100) })
const endings = {
  close: () => log.close(options),
  flush: () => log.flush(options),
  flushSync: () => log.flushSync(options),
  audit: () => log.audit('account deleted'),
}
const started = performance.now()
process.on('SIGTERM', async () => {
  await endings[ending]()
  const dropped = log.stats().dropped
  process.stderr.write(`@${JSON.stringify({ ms: performance.now() - started, dropped })}\n`)
  process.exit(0)
})
setInterval(() => {}, 1000)
process.kill(process.pid, 'SIGTERM')
