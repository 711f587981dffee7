/**
 * A service of Express that a tracer traces: its handler calls another server by every client. Prints its port, then its lines and
 * what the tracer's own API says of the request. Arguments: the tracer; `late`, for one that is started after our instrumentations.
 */
import { createRequire } from 'node:module'

const [, , name, order] = process.argv
const require = createRequire(import.meta.url)

/** What starts each tracer, and then reads the ids of its active span. */
const tracers = {
  async opentelemetry() {
    const { trace } = await import('@opentelemetry/api')
    const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks')
    const { W3CTraceContextPropagator } = await import('@opentelemetry/core')
    const { registerInstrumentations } = await import('@opentelemetry/instrumentation')
    const { ExpressInstrumentation } = await import('@opentelemetry/instrumentation-express')
    const { HttpInstrumentation } = await import('@opentelemetry/instrumentation-http')
    const { UndiciInstrumentation } = await import('@opentelemetry/instrumentation-undici')
    const { BasicTracerProvider } = await import('@opentelemetry/sdk-trace-base')
    const { context, propagation } = await import('@opentelemetry/api')
    trace.setGlobalTracerProvider(new BasicTracerProvider())
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    propagation.setGlobalPropagator(new W3CTraceContextPropagator())
    let server
    const http = new HttpInstrumentation({
      requestHook: (span, request) => {
        if ('rawHeaders' in request) server = span.spanContext()
      },
    })
    registerInstrumentations({ instrumentations: [http, new ExpressInstrumentation(), new UndiciInstrumentation()] })
    return () => server
  },
  'dd-trace'() {
    const tracer = require('dd-trace').init({ startupLogs: false, url: 'http://127.0.0.1:9' })
    tracer.use('express', { middleware: false })
    tracer.use('router', { middleware: false })
    return () => {
      const [, traceId, spanId] = tracer.scope().active().context().toTraceparent().split('-')
      return { traceId, spanId }
    }
  },
  newrelic() {
    const newrelic = require('newrelic')
    return () => ({ traceId: newrelic.getTraceMetadata().traceId })
  },
  sentry: () => sentry({ tracesSampleRate: 1 }),
  'sentry without tracing': () => sentry({}),
}

async function sentry(options) {
  const Sentry = await import('@sentry/node')
  Sentry.init({ dsn: 'http://key@127.0.0.1:9/1', ...options })
  return () => {
    const [traceId, spanId] = Sentry.getTraceData()['sentry-trace'].split('-')
    return { traceId, spanId }
  }
}

let read
if (order !== 'late') read = await tracers[name]()
// By `require`, as most tracers instrument what is loaded; `late` is for those that need no such thing.
const express = require('express')
const http = require('node:http')
const undici = require('undici-7')
const { requestLogger } = require('@throughline/express')
const { instrumentHttpClient } = require('@throughline/http')
const { correlation, installGlobal } = require('@throughline/undici')
const { createLogger, memory } = require('throughline')

const lines = memory()
const log = createLogger({ service: name, env: {}, level: 'debug', destination: lines })
installGlobal()
instrumentHttpClient()
if (order === 'late') read = await tracers[name]()

const agent = new undici.Agent({ connections: 1 }).compose(correlation())
/** Each client, and whether the caller gives headers of its own. */
const clients = {
  fetch: async (url) => (await fetch(url)).text(),
  undici: async (url) => (await undici.request(url, { dispatcher: agent })).body.dump(),
  'queued in undici': (url) => Promise.all([clients.undici(`${url}/1`), clients.undici(`${url}/2`)]),
  http: (url) => new Promise((resolve) => http.get(url, (res) => res.resume().on('end', resolve))),
}

const app = express()
app.use((_req, _res, next) => next())
app.use(requestLogger(log))
let active
app.get('/', async (_req, res) => {
  active = read()
  for (const [client, call] of Object.entries(clients)) {
    await call(`${process.env.NEXT}/${encodeURIComponent(client)}`)
  }
  res.end()
})
const server = app.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })))
process.once('message', () => {
  process.send({ active, lines: lines.records }, () => process.exit())
})
