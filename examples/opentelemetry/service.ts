import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { trace } from '@opentelemetry/api'
import { errorLogger, requestLogger } from '@throughline/express'
import { otlp } from '@throughline/otlp'
import { installGlobal } from '@throughline/undici'
import express from 'express'
import { createLogger, fanOut, stdout } from 'throughline'

// The service's name is OTEL_SERVICE_NAME's, for the spans and for the logs.
const log = createLogger({ destination: fanOut([stdout(), otlp()]) })

// OpenTelemetry writes `traceparent` on outgoing calls; this adds the request id, and a line for each call.
installGlobal()

const app = express()
app.use(requestLogger(log))

app.get('/orders/:id', async (req, res) => {
  const stock = await fetch(`${stockUrl}/stock/${req.params.id}`)
  trace.getTracer('shop').startActiveSpan('pack', (span) => {
    log.info('Packing') // trace_id is the trace's, whichever span is active
    span.end()
  })
  res.json(await stock.json())
})

app.get('/stock/:id', (req, res) => {
  log.info('Looking it up', { sku: req.params.id })
  res.json({ id: req.params.id, count: 3 })
})

app.use(errorLogger(log))

const server = app.listen(Number(process.env.PORT ?? 3000))
await once(server, 'listening')
const { port } = server.address() as AddressInfo
// Another service; here it is this one once more.
const stockUrl = process.env.STOCK_URL ?? `http://localhost:${port}`
log.info('Listening', { port })

process.once('SIGTERM', () => {
  server.close(() => void log.close())
})
