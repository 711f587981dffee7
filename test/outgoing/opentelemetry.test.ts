import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { context as otelContext, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import { correlation, installGlobal } from '@throughline/undici'
import { context } from 'throughline'
import { afterAll, beforeAll, expect, it } from 'vitest'

const CALLS = 60

/** What arrived: the trace that the call was made in, as its path has it, and the one that it carries. */
let arrivals: { readonly made: string | undefined; readonly carried: string | undefined }[] = []
const server = createServer((req, res) => {
  arrivals.push({ made: req.url?.slice(1), carried: String(req.headers.traceparent).split('-')[1] })
  res.end()
})
let origin = ''
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const { Agent, Pool, setGlobalDispatcher } = await import('undici-7')

/** Two ways to call, each with fewer connections than calls at once. */
const ways = {
  pool: (compose: boolean) => {
    const pool = new Pool(origin, { connections: 1 })
    const used = compose ? pool.compose(correlation()) : pool
    return async (path: string) => (await used.request({ path, method: 'GET' })).body.dump()
  },
  fetch: (compose: boolean) => {
    setGlobalDispatcher(new Agent({ connections: 2 }))
    if (compose) installGlobal()
    return async (path: string) => (await fetch(origin + path)).text()
  },
} as const

const share = () => arrivals.filter(({ made, carried }) => made !== carried).length / CALLS

async function withOpenTelemetry(call: (path: string) => Promise<unknown>): Promise<number> {
  arrivals = []
  const tracer = trace.getTracer('test')
  const calls = Array.from({ length: CALLS }, () =>
    tracer.startActiveSpan('request', (span) => call(`/${span.spanContext().traceId}`)),
  )
  await Promise.all(calls)
  return share()
}

async function withOurs(call: (path: string) => Promise<unknown>): Promise<number> {
  arrivals = []
  const calls = Array.from({ length: CALLS }, (_, i) => {
    const trace_id = (i + 1).toString(16).padStart(32, '0')
    return context.run({ trace_id, span_id: 'b7ad6b7169203331' }, () => call(`/${trace_id}`))
  })
  await Promise.all(calls)
  return share()
}

it.each(['pool', 'fetch'] as const)(
  'stamps no queued call by %s with another trace, as a channel does',
  async (way) => {
    expect(await withOurs(ways[way](true))).toBe(0)

    trace.setGlobalTracerProvider(new BasicTracerProvider())
    otelContext.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    propagation.setGlobalPropagator(new W3CTraceContextPropagator())
    const instrumentation = new UndiciInstrumentation()
    instrumentation.enable()
    try {
      const wrong = await withOpenTelemetry(ways[way](false))
      console.log(
        `@opentelemetry/instrumentation-undici, ${way}: ${Math.round(wrong * 100)} % of ${CALLS} calls in another trace`,
      )
      // When this comes to be 0, the reason for an interceptor is gone, and the decision's page with it.
      expect(wrong).toBeGreaterThan(0)
      // An active span goes on by the interceptor too, each in its own call.
      instrumentation.disable()
      expect(await withOpenTelemetry(ways[way](true))).toBe(0)
    } finally {
      instrumentation.disable()
      trace.disable()
      otelContext.disable()
      propagation.disable()
    }
  },
)
