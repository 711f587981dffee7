// Prints how many listeners each signal has once there is a logger: `node signal-listeners.mjs <signals...>`.
import { createLogger, file } from 'throughline'

createLogger({ service: 'listeners', destination: file('/dev/null') })
const counts = process.argv.slice(2).map((signal) => [signal, process.listenerCount(signal)])
process.stdout.write(JSON.stringify(Object.fromEntries(counts)))
