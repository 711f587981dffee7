import { loki } from '@throughline/loki'
import { installGlobal } from '@throughline/undici'
import { context, createLogger, fanOut, memory } from 'throughline'
import { expect, it } from 'vitest'
import { LokiServer } from './loki-server.js'

it('carries no request id, makes no line of its own, and goes nowhere but to the store', async () => {
  await using server = await LokiServer.start()
  await using elsewhere = await LokiServer.start()
  const undo = installGlobal()
  const kept = memory()
  try {
    // A redirect is an answer like any other that is no success.
    server.trouble = (request, response) => {
      if (server.requests > 1) return false
      request.resume()
      response.writeHead(307, { location: elsewhere.url }).end()
      return true
    }
    const destination = fanOut([kept, loki({ url: server.url })])
    const log = createLogger({ service: 'a', env: {}, level: 'trace', destination })
    await context.run({ request_id: 'req-1' }, async () => {
      log.info('one')
      await log.flush()
      log.info('two')
      await log.flush()
    })
    await log.close()
  } finally {
    undo()
  }
  expect(elsewhere.requests).toBe(0)
  expect(server.headers.map((headers) => headers['x-request-id'] ?? headers.traceparent)).toEqual(
    server.headers.map(() => undefined),
  )
  expect(kept.records.map(({ message }) => message).filter((message) => message !== 'Log lines dropped')).toEqual([
    'one',
    'two',
  ])
})
