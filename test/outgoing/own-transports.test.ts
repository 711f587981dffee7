import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { instrumentHttpClient } from '@throughline/http'
import { loki } from '@throughline/loki'
import { correlation, installGlobal } from '@throughline/undici'
import { context, createLogger, type Destination, memory } from 'throughline'
import { Agent, setGlobalDispatcher } from 'undici'
import { afterAll, beforeAll, expect, it } from 'vitest'

const received: IncomingHttpHeaders[] = []
const server = createServer((req, res) => {
  received.push(req.headers)
  req.resume().on('end', () => res.writeHead(received.length === 1 ? 503 : 200).end('{}'))
})
let url = ''
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const transports: readonly [string, () => Destination][] = [['Loki', () => loki({ url })]]

it.each(transports)('leaves what ships lines to %s alone, retries too', async (_, destination) => {
  received.length = 0
  const lines = memory()
  const calls = createLogger({ service: 'calls', env: {}, level: 'debug', destination: lines })
  setGlobalDispatcher(new Agent().compose(correlation({ log: calls })))
  const undos = [installGlobal({ log: calls }), instrumentHttpClient({ log: calls })]
  const log = createLogger({ service: 'shipped', env: {}, destination: destination() })
  await context.run({ request_id: 'r-1', trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16) }, async () => {
    log.info('on its way')
    await log.flush()
    await log.close()
  })
  for (const undo of undos) undo()
  expect(received.length).toBeGreaterThan(1)
  for (const headers of received) {
    expect(headers).not.toHaveProperty('x-request-id')
    expect(headers).not.toHaveProperty('traceparent')
  }
  expect(lines.records).toEqual([])
})
