/** Fastify, with each way to log a request; each gives the listening server. */
import createFastify from 'fastify'
import { at4K, throughline as logger } from '../loggers/throughline.mjs'

export const bare = async () => listen(createFastify())

export async function throughline(place, isBuffered) {
  const { fastifyOptions, requestLogger } = await import('@throughline/fastify')
  const app = createFastify(fastifyOptions(await logger(isBuffered ? at4K : 'line')(place)))
  await app.register(requestLogger)
  return listen(app)
}

export async function builtIn({ path }, isBuffered) {
  const { default: pino } = await import('pino')
  const stream = pino.destination({ dest: path, minLength: isBuffered ? 4096 : 0, sync: true })
  return listen(createFastify({ logger: { stream } }))
}

async function listen(app) {
  app.get('/users/:id', async (request) => ({ id: request.params.id }))
  await app.listen({ port: 0, host: '127.0.0.1' })
  return app.server
}
