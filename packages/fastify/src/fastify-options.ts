import { type AnyRequest, checkLogger, checkOptions, type RequestLoggingOptions } from '@throughline/http/adapter'
import type { Logger } from 'throughline'
import { type ChildLoggerFactory, generatorOf, type ID_OPTIONS, requestChild } from './identities.js'
import { quietRequestLines, type RequestLines } from './log-controller.js'

/** What decides about a request's ids: Fastify asks for the id before there is a Fastify request. */
export type IdOptions = Pick<RequestLoggingOptions<AnyRequest, never>, (typeof ID_OPTIONS)[number]>

/** Options for the Fastify factory. */
export interface FastifyLoggingOptions extends RequestLines {
  /** The instance's logger. */
  readonly loggerInstance: Logger
  /** Finds out a request's id and its place in a trace. */
  readonly genReqId: (req: AnyRequest) => string
  /** Makes the logger of a request that the plugin does not see, with its id bound to it. */
  readonly childLoggerFactory: ChildLoggerFactory
}

/**
 * Options for the Fastify factory, to be spread among your own: the logger, ids by the rules of `@throughline/http`, and
 * Fastify's own request lines switched off, since the plugin writes the pair.
 *
 * @throws TypeError naming the option, for one that cannot be used.
 * @example
 * ```ts
 * const app = fastify({ ...fastifyOptions(log), trustProxy: true })
 * await app.register(requestLogger)
 * ```
 */
export function fastifyOptions(log: Logger, options: IdOptions = {}): FastifyLoggingOptions {
  checkLogger('fastifyOptions(log)', log)
  const settings = checkOptions('fastifyOptions(log, options)', log, options)
  return {
    loggerInstance: log,
    genReqId: generatorOf(settings),
    childLoggerFactory: requestChild,
    ...quietRequestLines(),
  }
}
