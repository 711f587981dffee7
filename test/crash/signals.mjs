// Logs 100 lines in one turn and sends itself a signal: `node signals.mjs <signal> <case> <logger|none>`. Every case but `alone`
// has a listener for the signal, which does not end the program.
import { createLogger, stdout, watchLevel } from 'throughline'

const [signal, kind, logger] = process.argv.slice(2)
const log =
  logger === 'none' ? undefined : createLogger({ service: 'signals', destination: stdout({ policy: 'turn' }) })
const cases = {
  alone() {},
  listened: () => process.on(signal, () => log?.info('heard')),
  level: () => watchLevel({ signal }),
}
cases[kind]()
for (let n = 0; n < 100; n++) log?.info('line', { n })
process.kill(process.pid, signal)
setTimeout(() => process.exit(7), 300)
