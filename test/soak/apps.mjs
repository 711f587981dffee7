import { once } from 'node:events'
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { errorLogger, requestLogger } from '@throughline/express'
import { requestLogger as fastifyLogger, fastifyOptions } from '@throughline/fastify'
import express from 'express'
import fastify from 'fastify'
import { context } from 'throughline'
import { request } from 'undici'

class PaymentError extends Error {
  code = 'ECONNREFUSED'
}

/** Timers that broken services keep. */
const timers = []

/** What every framework answers the same. `headers`, `body`: as they came; `log`: the request's own. */
function routes(log, { next, dispatcher, isBroken }) {
  const of = (headers) => {
    const id = headers['x-request-id']
    if (!isBroken) return id
    timers.push(setInterval(() => {}, 60_000))
    process.on('SIGWINCH', () => id)
    return timers.length > 1 ? `not ${id}` : id
  }
  const db = log.child({ table: 'orders' }, { name: 'db' })
  return {
    async order({ headers, id }) {
      const shown = of(headers)
      context.set({ order: id })
      db.debug('Looking', { of: shown })
      await delay(1)
      db.info('Found', { of: shown, pad: 'x'.repeat(id % 300) })
      return { id }
    },
    pay({ headers, body, log }) {
      log.info('Paying', { of: of(headers), body, headers })
      log.audit('Paid', { of: of(headers), amount: 12 })
      return { paid: true }
    },
    async fail({ headers, log }) {
      log.debug('About to fail', { of: of(headers) })
      await delay(1)
      throw new PaymentError('Payment failed', { cause: new Error('connect ECONNREFUSED') })
    },
    async chain({ headers, id }) {
      db.info('Calling', { of: of(headers) })
      const { statusCode, body } = await request(`${next}/orders/${id}`, { dispatcher })
      await body.dump()
      return { status: statusCode }
    },
    /** Begins an answer that never ends: the client goes. */
    endless: () => Readable.from(endless()),
    level: () => ({ isDebug: log.isLevelEnabled('debug') }),
  }
}

async function* endless() {
  yield 'begun'
  await delay(10_000, undefined, { ref: false })
}

export const apps = {
  async express(log, options) {
    const handlers = routes(log, options)
    const app = express()
    app.use(requestLogger(log, { ignore: '/level' }))
    app.use(express.json())
    const json = (handler) => async (req, res) =>
      res.json(await handler({ headers: req.headers, body: req.body, id: Number(req.params.id), log: req.log }))
    app.get('/orders/:id', json(handlers.order))
    app.post('/pay', json(handlers.pay))
    app.get('/fail', json(handlers.fail))
    app.get('/chain/:id', json(handlers.chain))
    app.get('/level', json(handlers.level))
    app.get('/endless', (_req, res) => {
      const body = handlers.endless()
      res.on('close', () => body.destroy())
      body.pipe(res)
    })
    app.use(errorLogger(log))
    app.use((_error, _req, res, _next) => res.status(500).json({ error: 'internal error' }))
    const server = createServer(app).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return { port: server.address().port, close: () => closed(server) }
  },
  async fastify(log, options) {
    const handlers = routes(log, options)
    const app = fastify(fastifyOptions(log))
    await app.register(fastifyLogger, { ignore: '/level' })
    const json = (handler) => (req) =>
      handler({ headers: req.headers, body: req.body, id: Number(req.params.id), log: req.log })
    app.get('/orders/:id', json(handlers.order))
    app.post('/pay', json(handlers.pay))
    app.get('/fail', json(handlers.fail))
    app.get('/chain/:id', json(handlers.chain))
    app.get('/level', json(handlers.level))
    app.get('/endless', (_req, reply) => reply.send(handlers.endless()))
    await app.listen({ port: 0, host: '127.0.0.1' })
    return {
      port: app.server.address().port,
      close: () => Promise.all([app.close(), app.server.closeAllConnections()]),
    }
  },
}

async function closed(server) {
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
}
