import { createLogger, file } from 'throughline'

const log = createLogger({ service: 'crashing', env: {}, destination: file(process.argv[2]), sampling: { success: 0 } })
log.operation('finished', { request_id: 'done' }, () => {})
log.operation('uploading', { request_id: 'req-1' }, async () => {
  log.info('halfway', { part: 3 })
  await new Promise((resolve) => setTimeout(resolve, 60_000))
})
setTimeout(() => {
  if (process.argv[3] === 'exit') process.exit(4)
  throw new Error('the process dies')
}, 20)
