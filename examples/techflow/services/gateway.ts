import type { AddressInfo } from 'node:net'
import { fastifyOptions, requestLogger } from '@throughline/fastify'
import { installGlobal } from '@throughline/undici'
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import { context } from 'throughline'
import { teamLogger } from './logger.ts'
import { address, stopOnSigterm } from './serve.ts'
import { ask, json } from './upstream.ts'

const { AUTH_URL = 'http://127.0.0.1:8081', API_URL = 'http://127.0.0.1:8082' } = process.env
const log = teamLogger('gateway')

// The request's ids go along with every `fetch`.
installGlobal()

const app = fastify(fastifyOptions(log))
await app.register(requestLogger, { logBody: true })

app.get('/healthz', { config: { requestLogger: false } }, async () => 'ok')

app.post<{ Body: { user: string } }>('/login', async (request, reply) => {
  context.set({ user_id: request.body.user })
  return pass(reply, await ask(`${AUTH_URL}/login`, { ...json(request.body), signal: untilGone(reply) }))
})

app.get<{ Params: { id: string } }>('/products/:id', async (request, reply) => {
  return pass(reply, await askApi(request, reply, `/products/${request.params.id}`))
})

app.post('/orders', async (request, reply) => pass(reply, await askApi(request, reply, '/orders', json(request.body))))

app.get('/reports/sales', async (request, reply) => pass(reply, await askApi(request, reply, '/reports/sales')))

/** Asks the api, in the name of the user whose session it is. */
async function askApi(request: FastifyRequest, reply: FastifyReply, path: string, init?: RequestInit) {
  const signal = untilGone(reply)
  const { authorization = '' } = request.headers
  const session = await ask(`${AUTH_URL}/session`, { headers: { authorization }, signal })
  if (!session.ok) return session
  const { user_id } = (await session.json()) as { readonly user_id: string }
  context.set({ user_id })
  return ask(`${API_URL}${path}`, { ...init, headers: { ...init?.headers, 'x-user-id': user_id }, signal })
}

/** A client that goes away takes all that is asked for it along. */
function untilGone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => controller.abort())
  return controller.signal
}

async function pass(reply: FastifyReply, response: Response): Promise<unknown> {
  reply.code(response.status)
  return response.json()
}

stopOnSigterm(app.server, () => app.close(), log)
await app.listen(address(8080))
log.info('Listening', { port: (app.server.address() as AddressInfo).port })
