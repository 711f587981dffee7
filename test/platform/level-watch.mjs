/** Logs a debug line whenever asked over IPC, and says over IPC which lines came out. */
import { createLogger, memory } from 'throughline'

const destination = memory()
const log = createLogger({ service: 'watched', env: process.env, destination })
process.on('message', (message) => {
  destination.clear()
  log.debug('debug line')
  log.child({}, { name: 'db' }).debug('debug line of db')
  process.send({ message, lines: destination.records.map((record) => record.message) })
})
process.send('ready')
