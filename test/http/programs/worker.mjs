import { parentPort } from 'node:worker_threads'
import { context, createLogger, memory } from 'throughline'

const destination = memory()
const log = createLogger({ env: {}, destination })

parentPort.on('message', ({ headers, n }) => {
  log.operation('resize', { ...context.extract(headers), n }, () => log.info('resizing'))
  parentPort.postMessage(destination.records)
  destination.clear()
})
