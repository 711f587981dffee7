/**
 * Request logging for `node:http`, `node:https` and `node:http2`, and what adapters for frameworks stand on.
 *
 * @module @throughline/http
 */
export { instrumentHttpClient } from './client/instrument-http-client.js'
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
  refused,
  type Settings,
} from './options.js'
export type { RequestLife } from './request-life.js'
export { beginRequest, identifyRequest } from './request-logging.js'
export {
  type HttpRequestLoggingOptions,
  type Logged,
  withRequestLogging,
  withUpgradeLogging,
} from './with-request-logging.js'
