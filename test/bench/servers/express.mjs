/** Express, with each way to log a request; each gives the listening server. */
import { createWriteStream } from 'node:fs'
import express from 'express'
import { pino } from '../loggers/pino.mjs'
import { at4K, throughline as logger } from '../loggers/throughline.mjs'

export const bare = async () => listen((app) => app)

export async function throughline(place, isBuffered) {
  const { errorLogger, requestLogger } = await import('@throughline/express')
  const log = await logger(isBuffered ? at4K : 'line')(place)
  return listen(
    (app) => app.use(requestLogger(log)),
    (app) => app.use(errorLogger(log)),
  )
}

export async function pinoHttp(place, isBuffered, options = {}) {
  const { default: middleware } = await import('pino-http')
  const log = await pino(isBuffered ? 4096 : 0, options)(place)
  return listen((app) => app.use(middleware({ logger: log })))
}

/** pino-http has no context; with cls-rtracer each line within the request has its id. */
export async function tracedPinoHttp(place, isBuffered) {
  const { default: tracer } = await import('cls-rtracer')
  const { default: middleware } = await import('pino-http')
  const log = await pino(isBuffered ? 4096 : 0, { mixin: () => ({ request_id: tracer.id() }) })(place)
  return listen((app) => app.use(tracer.expressMiddleware()).use(middleware({ logger: log })))
}

export async function expressWinston({ path }, isBuffered) {
  const [{ default: middleware }, { default: winston }] = await Promise.all([
    import('express-winston'),
    import('winston'),
  ])
  const { Console, Stream } = winston.transports
  // Standard output is the same pipe, and is written a line at a time.
  const transport = isBuffered ? new Stream({ stream: createWriteStream(path, { flags: 'a' }) }) : new Console()
  const { combine, timestamp, json } = winston.format
  const logging = middleware.logger({ transports: [transport], format: combine(timestamp(), json()) })
  return listen((app) => app.use(logging))
}

function listen(before, after = (app) => app) {
  const app = express()
  before(app)
  app.get('/users/:id', (req, res) => {
    res.json({ id: req.params.id })
  })
  after(app)
  return new Promise((resolve) => {
    const server = app.listen(0, '127.0.0.1', () => resolve(server))
  })
}
