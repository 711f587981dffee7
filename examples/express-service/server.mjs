import { createLogger } from 'throughline'
import { service } from './service.mjs'

const log = createLogger({ service: 'api-service' })
const server = service(log).listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  log.info('Listening', { port: server.address().port })
})
process.once('SIGTERM', () => server.close())
