/**
 * Request logging for `node:http`, `node:https` and `node:http2`, and the request's ids on the calls of `node:http` clients.
 *
 * @module @throughline/http
 */
export { instrumentHttpClient } from './client/instrument-http-client.js'
export type { IgnoreRule } from './ignore.js'
export type { AnyRequest, AnyResponse } from './message.js'
export { noteError } from './note-error.js'
export type { RequestLevels, RequestLoggingOptions, TraceIds } from './options.js'
export type { OutgoingOptions } from './outgoing/options.js'
export type { OriginRule } from './outgoing/origins.js'
export {
  type HttpRequestLoggingOptions,
  type Logged,
  withRequestLogging,
  withUpgradeLogging,
} from './with-request-logging.js'
