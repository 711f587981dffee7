/**
 * For those who write an adapter for a framework, as `@throughline/express` and `@throughline/fastify` are: a request's ids,
 * its context, its two lines, and the options that every adapter takes.
 *
 * @module @throughline/http/adapter
 */
export { type Exchange, pathOf } from './exchange.js'
export { failureFields } from './failure.js'
export type { Identity } from './identity.js'
export type { IgnoreRule } from './ignore.js'
export type { AnyRequest, AnyResponse } from './message.js'
export { noteError } from './note-error.js'
export {
  checkLogger,
  checkOptions,
  isLogger,
  type RequestLevels,
  type RequestLoggingOptions,
  type Settings,
  type TraceIds,
} from './options.js'
export { lifeOf, type RequestLife } from './request-life.js'
export { beginRequest, identifyRequest } from './request-logging.js'
