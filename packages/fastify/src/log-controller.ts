import type { FastifyReply, FastifyRequest, LogController } from 'fastify'
import * as fastify from 'fastify'
import { lifeOf } from './request-logger.js'

/** How Fastify is told to leave a request's lines to the plugin. */
export interface RequestLines {
  /** Says nothing of what the plugin says. Releases of Fastify 5 without such a class take the next two. */
  readonly logController?: LogController
  readonly disableRequestLogging?: boolean
  readonly requestIdLogLabel?: string
}

const REQUEST_ID_LABEL = 'request_id'

/**
 * Switches off what the plugin says itself: that a request came, was completed, failed or found no route. What Fastify alone
 * knows (a serializer that failed, a head that could not be written) it goes on saying.
 */
export function quietRequestLines(): RequestLines {
  // Older releases of Fastify 5 have no such class; newer ones deprecate the options that came before it.
  const Base = (fastify as { readonly LogController?: typeof LogController }).LogController
  if (Base === undefined) return { disableRequestLogging: true, requestIdLogLabel: REQUEST_ID_LABEL }
  class RequestLogController extends Base {
    override incomingRequest(): void {}
    override requestCompleted(): void {}
    override defaultErrorLog(): void {}
    override routeNotFound(): void {}
    override streamError(error: Error, request: FastifyRequest, reply: FastifyReply): void {
      const life = lifeOf(request)
      if (life === undefined) super.streamError(error, request, reply)
      else life.fail(error)
    }
  }
  return { logController: new RequestLogController({ requestIdLogLabel: REQUEST_ID_LABEL }) }
}
