import { AsyncResource } from 'node:async_hooks'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Worker } from 'node:worker_threads'
import { context as otelContext, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import { requestLogger } from '@throughline/express'
import { withRequestLogging } from '@throughline/http'
import express from 'express'
import { context } from 'throughline'
import { describe, expect, it } from 'vitest'
import { connection, frameworks, listen, onEnd, Recorder, request, until } from './rig.js'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'

it('a worker thread continues the context that a message carries', async () => {
  const recorder = new Recorder()
  const worker = new Worker(new URL('programs/worker.mjs', import.meta.url))
  onEnd(() => worker.terminate())
  const { url } = await listen(
    createServer(
      withRequestLogging(recorder.log, async (_req, res) => {
        worker.postMessage({ headers: context.inject({}), n: 1 })
        const [records] = await once(worker, 'message')
        recorder.log.info('back')
        res.end(JSON.stringify(records))
      }) as RequestListener,
    ),
  )
  const response = await fetch(url, { headers: { 'x-request-id': 'req-1', traceparent: `00-${TRACE}-${SPAN}-01` } })
  const records = (await response.json()) as Record<string, unknown>[]
  const end = await recorder.end()
  expect(records.map(({ message }) => message)).toEqual(['Operation started', 'resizing', 'Operation completed'])
  for (const record of records) {
    expect(record).toMatchObject({ request_id: 'req-1', trace_id: TRACE, parent_span_id: end.span_id, n: 1 })
    expect(record.span_id).not.toBe(end.span_id)
  }
  expect(recorder.lines('back')).toMatchObject([{ request_id: 'req-1' }])
})

describe('with OpenTelemetry', () => {
  const provider = () => {
    otelContext.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    const tracing = new BasicTracerProvider()
    onEnd(() => {
      otelContext.disable()
      return tracing.shutdown()
    })
    return tracing.getTracer('test')
  }

  it("an active span's ids win, and go on downstream", async () => {
    const recorder = new Recorder()
    const tracer = provider()
    const handler = withRequestLogging(recorder.log, (_req, res) => res.end(JSON.stringify(context.inject({}))))
    const { url } = await listen(
      // As an instrumentation of node:http does it.
      createServer((req, res) => {
        tracer.startActiveSpan('GET', (span) => {
          res.on('close', () => span.end())
          ;(handler as RequestListener)(req, res)
        })
      }),
    )
    const response = await fetch(url, { headers: { traceparent: `00-${TRACE}-${SPAN}-01` } })
    const carrier = (await response.json()) as { traceparent: string }
    const end = await recorder.end()
    expect(end.trace_id).not.toBe(TRACE)
    expect(end).not.toHaveProperty('parent_span_id')
    expect(carrier.traceparent).toBe(`00-${end.trace_id}-${end.span_id}-01`)
  })

  it('no active span changes nothing', async () => {
    const recorder = new Recorder()
    provider()
    expect(trace.getActiveSpan()).toBeUndefined()
    const { url } = await listen(
      createServer(withRequestLogging(recorder.log, (_req, res) => res.end()) as RequestListener),
    )
    await fetch(url, { headers: { traceparent: `00-${TRACE}-${SPAN}-01` } })
    expect(await recorder.end()).toMatchObject({ trace_id: TRACE, parent_span_id: SPAN })
  })
})

it('a callback of a pool is in the request again when it is bound', async () => {
  const recorder = new Recorder()
  const pool = new AsyncResource('pool')
  const { url } = await listen(
    createServer(
      withRequestLogging(recorder.log, (req, res) => {
        const bound = context.bind(() => {
          recorder.log.info('bound')
          res.end()
        })
        pool.runInAsyncScope(() => {
          setTimeout(() => {
            req.log.info('own logger')
            bound()
          }, 1)
        })
      }) as RequestListener,
    ),
  )
  await fetch(url, { headers: { 'x-request-id': 'req-1' } })
  await recorder.end()
  expect(recorder.lines().map(({ request_id }) => request_id)).toEqual(Array(4).fill('req-1'))
})

describe.each(Object.entries(frameworks))('%s', (_, serve) => {
  it('lets go of everything that a request had, on a connection that lives on', async () => {
    setFlagsFromString('--expose-gc')
    const gc = runInNewContext('gc') as () => void
    const recorder = new Recorder({ level: 'silent' })
    const requests: WeakRef<object>[] = []
    const loggers: WeakRef<object>[] = []
    const { port } = await serve(recorder.log, (req, res) => {
      requests.push(new WeakRef(req))
      loggers.push(new WeakRef(req.log))
      res.end('x')
    })
    const socket = await connection(port)
    for (let i = 1; i <= 20; i++) {
      socket.write(request('GET', '/'))
      await until(() => requests.length === i)
    }
    const alive = (refs: readonly WeakRef<object>[]) => {
      gc()
      return refs.filter((ref) => ref.deref() !== undefined).length
    }
    await until(() => alive(requests) === 0)
    // The timer of a connection that waits for its next request was made in the last one's context.
    await until(() => alive(loggers) <= 1)
    expect(socket.destroyed).toBe(false)
  })
})

it('Express is in the request in a finish listener, an error handler and a static file', async () => {
  const recorder = new Recorder()
  const app = express()
  app.use(requestLogger(recorder.log))
  app.use((_req, res, next) => {
    res.on('finish', () => {
      recorder.log.info('finish')
      context.set({ seen: true })
    })
    next()
  })
  app.use(express.static(import.meta.dirname))
  const { url } = await listen(createServer(app))
  const response = await fetch(`${url}/context.test.ts`, { headers: { 'x-request-id': 'req-1' } })
  await response.text()
  expect(await recorder.end()).toMatchObject({ request_id: 'req-1', seen: true })
  expect(recorder.lines('finish')).toMatchObject([{ request_id: 'req-1' }])
})
