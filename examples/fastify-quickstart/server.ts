import type { AddressInfo } from 'node:net'
import { fastifyOptions, requestLogger } from '@throughline/fastify'
import fastify from 'fastify'
import { context, createLogger } from 'throughline'

const log = createLogger({ service: 'fastify-quickstart' })

// The logger, the ids, and Fastify's own request lines off: the plugin writes one pair.
const app = fastify(fastifyOptions(log))

// First, so that every hook after it runs in the request's context.
await app.register(requestLogger)

app.get('/health', { config: { requestLogger: false } }, async () => 'ok')

app.get<{ Params: { id: string } }>('/users/:id', async (request) => {
  context.set({ user_id: request.params.id }) // on every later line of this request
  log.info('Fetching user') // any logger has the request's ids; request.log is the request's own
  return { id: request.params.id, request_id: request.id }
})

app.post<{ Body: { amount?: number } }>('/orders', async (request, reply) => {
  const { amount } = request.body
  if (amount === undefined) throw new TypeError('an order needs an amount')
  request.log.info('Charged', { amount })
  reply.code(201)
})

await app.listen({ port: Number(process.env.PORT ?? 3000) })
log.info('Listening', { port: (app.server.address() as AddressInfo).port })
