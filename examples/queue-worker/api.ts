import { fork } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { withRequestLogging } from '@throughline/http'
import { context, createLogger } from 'throughline'
import type { Message } from './message.ts'

const log = createLogger({ service: 'orders-api' })
// Stands for the broker: what is sent to it arrives in another process.
const queue = fork(join(import.meta.dirname, 'worker.ts'))

const server = createServer(
  withRequestLogging(log, async (req, res) => {
    const body = (await json(req)) as Message['body']
    // The request's ids go along in the headers: x-request-id, and the trace.
    queue.send({ headers: context.inject({}), body } satisfies Message)
    req.log.info('Order accepted', { job_id: body.job_id })
    res.writeHead(202).end()
  }),
)

server.listen(Number(process.env.PORT ?? 3000), () => {
  log.info('Listening', { port: (server.address() as AddressInfo).port })
})

process.once('SIGTERM', () => {
  server.close()
  queue.disconnect()
})
