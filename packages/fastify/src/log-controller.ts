import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { lifeOf } from './life.js'

/**
 * What Fastify keeps its internal lines in, from 5.9 on. An instance of it cannot be passed in: it has to be of the class of the
 * very copy of Fastify that creates the server, and a program may have two (NestJS brings its own).
 */
interface LogController {
  requestIdLogLabel: string
  incomingRequest(request: FastifyRequest, reply: FastifyReply): void
  requestCompleted(error: unknown, request: FastifyRequest, reply: FastifyReply): void
  defaultErrorLog(error: unknown, request: FastifyRequest, reply: FastifyReply): void
  routeNotFound(request: FastifyRequest, reply: FastifyReply): void
  streamError(error: unknown, request: FastifyRequest, reply: FastifyReply): void
}

const DESCRIPTION = 'fastify.logController'
const quieted = new WeakSet<object>()

/**
 * Has a server leave to the plugin what the plugin logs: that a request came, was completed, failed or found no route. What Fastify
 * alone knows (a serializer that failed, a head that could not be written) it goes on logging. A controller of the application's own
 * class stays as it is.
 */
export function quietRequestLines(server: FastifyInstance): void {
  const controller = controllerOf(server)
  if (controller === undefined || quieted.has(controller)) return
  quieted.add(controller)
  if (Object.getPrototypeOf(controller)?.constructor?.name !== 'LogController') return
  const { streamError } = controller
  const nothing = () => {}
  Object.assign(controller, {
    requestIdLogLabel: REQUEST_ID_LABEL,
    incomingRequest: nothing,
    defaultErrorLog: nothing,
    routeNotFound: nothing,
    // An error of an `onResponse` hook comes here, after the request's last line.
    requestCompleted(error, request) {
      if (error) lifeOf(request)?.fail(error)
    },
    streamError(error, request, reply) {
      const life = lifeOf(request)
      if (life === undefined) streamError.call(controller, error, request, reply)
      else life.fail(error)
    },
  } satisfies Partial<LogController>)
}

/** The name under which Fastify binds a request's id. */
export const REQUEST_ID_LABEL = 'request_id'

function controllerOf(server: FastifyInstance): LogController | undefined {
  // Instances of plugins inherit from the server.
  for (let one: object | null = server; one !== null; one = Object.getPrototypeOf(one)) {
    const key = Object.getOwnPropertySymbols(one).find(({ description }) => description === DESCRIPTION)
    if (key !== undefined) return (one as Record<symbol, LogController>)[key]
  }
  return undefined
}
