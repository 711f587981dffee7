import { createServer } from 'node:http'
import { errorLogger, requestLogger } from '@throughline/express'
import express from 'express'
import { context } from 'throughline'
import { answerErrors } from './answer-errors.ts'
import { CacheClient } from './cache-client.ts'
import { DatabaseClient } from './database-client.ts'
import { teamLogger } from './logger.ts'
import { charge } from './payment.ts'
import { serve } from './serve.ts'

const { CACHE_URL = 'http://127.0.0.1:8083', DATABASE_URL = 'http://127.0.0.1:8084' } = process.env
const log = teamLogger('api')
const cache = new CacheClient(CACHE_URL)
const database = new DatabaseClient(DATABASE_URL, log.child({}, { name: 'db' }))

const app = express()
app.use(requestLogger(log, { ignore: '/healthz' }))
app.use(express.json())
app.use((req, _res, next) => {
  context.set({ user_id: req.get('x-user-id') })
  next()
})

app.get('/healthz', (_req, res) => {
  res.send('ok')
})

app.get('/accounts/:id', async (req, res) => {
  res.json(await database.get(`/accounts/${req.params.id}`))
})

app.get('/products/:id', async (req, res) => {
  const key = `product-${req.params.id}`
  const cached = await cache.get(key)
  log.debug(cached === undefined ? 'Not in the cache' : 'In the cache', { key })
  const product = cached ?? (await database.get(`/products/${req.params.id}`))
  if (cached === undefined) await cache.set(key, product)
  res.json(product)
})

app.post('/orders', async (req, res) => {
  const { product, amount, card_number } = req.body
  log.info('Ordering', { product, amount })
  await charge(card_number, amount)
  res.status(201).json({ product, amount })
})

app.get('/reports/sales', async (_req, res) => {
  res.json(await database.get('/reports/sales'))
})

app.use(errorLogger(log))
app.use(answerErrors)

serve(createServer(app), 8082, log)
