import { loki } from '@throughline/loki'
import { installGlobal } from '@throughline/undici'
import { context, createLogger, fanOut, memory } from 'throughline'
import { expect, it } from 'vitest'
import { LokiServer } from './loki-server.js'

it('carries no request id, and makes no line of its own', async () => {
  await using server = await LokiServer.start()
  const undo = installGlobal()
  const kept = memory()
  try {
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
  expect(server.headers.map((headers) => headers['x-request-id'] ?? headers.traceparent)).toEqual(
    server.headers.map(() => undefined),
  )
  expect(kept.records.map(({ message }) => message)).toEqual(['one', 'two'])
})
