import { context as otelContext, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
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

it('has no part in the traces of the application', async () => {
  await using server = await LokiServer.start()
  const exporter = new InMemorySpanExporter()
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }))
  otelContext.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  const instrumentation = new UndiciInstrumentation()
  instrumentation.enable()
  try {
    const log = createLogger({ service: 'a', env: {}, destination: loki({ url: server.url }) })
    await trace.getTracer('test').startActiveSpan('request', async (span) => {
      log.info('one')
      await fetch(server.url)
      span.end()
    })
    await log.close()
    // The application's own call is there: what is missing is missing for a reason.
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['GET', 'request'])
    expect(server.requests).toBe(2)
  } finally {
    instrumentation.disable()
    trace.disable()
    otelContext.disable()
  }
})
