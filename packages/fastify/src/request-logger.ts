import {
  beginRequest,
  checkLogger,
  checkOptions,
  isLogger,
  type RequestLife,
  type RequestLoggingOptions,
  type Settings,
} from '@throughline/http/adapter'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Logger } from 'throughline'
import { refused } from 'throughline/internal'
import { baseOf, ID_OPTIONS, identityOf, settingsOf } from './identities.js'
import { LIFE } from './life.js'
import { quietRequestLines } from './log-controller.js'
import { refusals } from './refused-request.js'
import { answerWith } from './response-header.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `false`: no request lines for this route. */
    readonly requestLogger?: boolean
  }
}

/** The options of the plugin. */
export interface FastifyRequestLoggingOptions extends RequestLoggingOptions<FastifyRequest, FastifyReply> {
  /** The logger; by default the instance's own, which `fastifyOptions` sets. */
  readonly logger?: Logger
}

/** What the plugin sets on a request. */
interface Logged {
  id: string
  log: FastifyRequest['log']
  [LIFE]?: RequestLife
  /** The error that is being answered. */
  [FAILURE]?: Error
}

const FAILURE: unique symbol = Symbol('throughline.failure')

/** An id that Fastify counts by itself: no other service or process may take it for its own. */
const COUNTED = /^req-[0-9a-z]+$/

// Async, so that a refused option rejects the registration; what a callback plugin throws nobody catches.
const plugin: FastifyPluginAsync<FastifyRequestLoggingOptions> = async (fastify, options) => {
  const logger = options.logger ?? fastify.log
  checkLogger('requestLogger({ logger })', logger)
  const checked = checkOptions('requestLogger', logger, options, ['logger'])
  const forIds = settingsOf((fastify as { readonly genReqId?: unknown }).genReqId)
  for (const name of ID_OPTIONS) {
    if (forIds !== undefined && options[name] !== undefined) {
      const accepted = 'nothing: on this instance fastifyOptions(log, options) takes it'
      throw refused(`requestLogger({ ${name} })`, options[name], accepted)
    }
  }
  const responseHeader = options.responseHeader ?? forIds?.responseHeader ?? checked.responseHeader
  const { requestIdHeader } = fastify.initialConfig
  const fastifysHeader = typeof requestIdHeader === 'string' ? [requestIdHeader] : []
  const settings: Settings = {
    ...checked,
    // Fastify's own options count, where the application gave them: they made the id that the request has by now.
    idHeaders: [...fastifysHeader, ...checked.idHeaders],
    generateId: checked.generateId ?? generatedByFastify,
    // It goes out with the reply's own headers.
    responseHeader: false,
    ignores: (given, path) => isQuiet(given as FastifyRequest) || checked.ignores?.(given, path) === true,
  }
  /** The route's logger, with its level and serializers, unless requests are to be logged elsewhere. */
  const base = ({ log, raw, routeOptions: { logLevel } }: FastifyRequest): Logger => {
    if (options.logger === undefined && isLogger(log)) return baseOf(raw) ?? log
    return logLevel ? logger.child({}, { level: logLevel }) : logger
  }

  quietRequestLines(fastify)
  const begin = (request: FastifyRequest, reply: FastifyReply): RequestLife => {
    const life = beginRequest(
      base(request),
      settings,
      {
        req: request.raw,
        res: reply.raw,
        url: request.originalUrl,
        remoteAddress: request.ip,
        given: [request, reply],
        route: () => request.routeOptions.url,
        body: () => request.body,
      },
      identityOf(request.raw),
    )
    if (responseHeader !== false) answerWith(reply, responseHeader, life.id)
    const logged = request as Logged
    logged[LIFE] = life
    logged.id = life.id
    logged.log = life.log
    reply.log = life.log
    return life
  }

  fastify.addHook('onRequest', (request, reply, next) => begin(request, reply).run(next))
  fastify.addHook('onError', (request, _reply, error, next) => {
    const logged = request as Logged
    // A hook `onSend` that throws is run again for the answer to its own error.
    const isRepeated = logged[FAILURE]?.message === error.message && logged[FAILURE]?.name === error.name
    logged[FAILURE] = error
    if (!isRepeated) logged[LIFE]?.fail(error)
    next()
  })
  refusals.set(fastify, (error, request, reply) => begin(request, reply).fail(error))
}

/** What the application's own `genReqId` made. */
function generatedByFastify(given: unknown): unknown {
  const { id } = given as FastifyRequest
  return COUNTED.test(id) ? undefined : id
}

/** Whether the route has asked for no lines. */
function isQuiet({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.config.requestLogger === false
}

/**
 * A Fastify plugin that gives each request its ids, its context, fields on `request.log`, and a line at its start and its
 * end. Register it first, on an instance made with `fastifyOptions(log)`.
 *
 * @throws TypeError naming the option, for one that cannot be used.
 */
export const requestLogger: FastifyPluginAsync<FastifyRequestLoggingOptions> = fp(plugin, {
  fastify: '5.x',
  name: '@throughline/fastify',
})
