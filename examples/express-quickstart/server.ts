import type { AddressInfo } from 'node:net'
import { errorLogger, requestLogger } from '@throughline/express'
import express, { type ErrorRequestHandler } from 'express'
import { context, createLogger } from 'throughline'

const log = createLogger({ service: 'express-quickstart' })
const app = express()

// First, so that everything after it runs in the request's context.
app.use(requestLogger(log, { ignore: '/health' }))
app.use(express.json())

app.get('/health', (_req, res) => {
  res.send('ok')
})

app.get('/users/:id', (req, res) => {
  context.set({ user_id: req.params.id }) // on every later line of this request
  log.info('Fetching user') // any logger has the request's ids; req.log is the request's own
  res.json({ id: req.params.id, request_id: req.id })
})

app.post('/orders', async (req, res) => {
  await charge(req.body)
  res.status(201).end()
})

async function charge(order: { readonly amount?: number }): Promise<void> {
  if (order.amount === undefined) throw new TypeError('an order needs an amount')
  log.info('Charged', { amount: order.amount })
}

// After the routes: it notes the error for "Request completed", and hands it on.
app.use(errorLogger(log))
const answerErrors: ErrorRequestHandler = (_error, req, res, _next) => {
  res.status(500).json({ error: 'internal error', request_id: req.id })
}
app.use(answerErrors)

const server = app.listen(Number(process.env.PORT ?? 3000), () => {
  log.info('Listening', { port: (server.address() as AddressInfo).port })
})
