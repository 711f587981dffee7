import { type AnyRequest, checkLogger, checkOptions, type RequestLoggingOptions } from '@throughline/http/adapter'
import * as fastify from 'fastify'
import type { Logger } from 'throughline'
import { checkOptions as checkKnown } from 'throughline/internal'
import { type ChildLoggerFactory, generatorOf, ID_OPTIONS, requestChild } from './identities.js'
import { REQUEST_ID_LABEL } from './log-controller.js'
import { answerRefused, type RefusedError } from './refused-request.js'

/** What decides about a request's ids: Fastify asks for the id before there is a Fastify request. */
export type IdOptions = Pick<RequestLoggingOptions<AnyRequest, never>, (typeof ID_OPTIONS)[number]>

/** Options for the Fastify factory. */
export interface FastifyLoggingOptions {
  /** The instance's logger. */
  readonly loggerInstance: Logger
  /** Finds out a request's id and its place in a trace. */
  readonly genReqId: (req: AnyRequest) => string
  /** Makes the logger of a request that the plugin does not see, with its id bound to it. */
  readonly childLoggerFactory: ChildLoggerFactory
  /** Answers a request that Fastify refuses before any route or hook, and has the plugin log it. */
  readonly frameworkErrors: (error: RefusedError, request: unknown, reply: unknown) => void
  /** For releases before 5.9, whose lines nothing else switches off. */
  readonly disableRequestLogging?: boolean
  /** The same. */
  readonly requestIdLogLabel?: string
}

/**
 * Options for the Fastify factory, to be spread among your own: the logger, ids by the rules of `@throughline/http`, and
 * Fastify's own request lines switched off, since the plugin writes the pair. Where your own `genReqId` or `requestIdHeader`
 * stands after it, the ids are Fastify's, by the same rule of what a usable id is.
 *
 * @throws TypeError naming the option, for one that cannot be used.
 * @example
 * ```ts
 * const app = fastify({ ...fastifyOptions(log), trustProxy: true })
 * await app.register(requestLogger)
 * ```
 */
export function fastifyOptions(log: Logger, options: IdOptions = {}): FastifyLoggingOptions {
  const call = 'fastifyOptions(log, options)'
  checkLogger('fastifyOptions(log)', log)
  // What is about a request's lines is the plugin's, and would do nothing here.
  checkKnown(call, options, ID_OPTIONS)
  const settings = checkOptions(call, log, options)
  return {
    loggerInstance: log,
    genReqId: generatorOf(settings),
    childLoggerFactory: requestChild,
    frameworkErrors: answerRefused,
    ...quietLinesOfOldReleases(),
  }
}

/** Newer releases deprecate these, and have a controller instead (`quietRequestLines`). */
function quietLinesOfOldReleases(): Pick<FastifyLoggingOptions, 'disableRequestLogging' | 'requestIdLogLabel'> {
  if ('LogController' in fastify) return {}
  return { disableRequestLogging: true, requestIdLogLabel: REQUEST_ID_LABEL }
}
