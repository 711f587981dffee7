// Three loggers on standard output, each with a policy of its own, one of which is closed early: `node loggers.mjs`.
import { createLogger, stdout } from 'throughline'

const make = (name, policy) =>
  createLogger({ name, service: 'loggers', sequence: true, destination: stdout({ policy }) })
const loggers = [make('one', 'turn'), make('two', { bytes: 65536, ms: 1000 }), make('three', 'line')]

for (let n = 0; n < 3_000; n++) loggers[Math.floor(n / 7) % 3].info('line', { n })
await loggers[1].close()
