/**
 * Request logging for Express 4 and 5.
 *
 * @module @throughline/express
 */
export {
  type IgnoreRule,
  noteError,
  type RequestLevels,
  type RequestLoggingOptions,
  type TraceIds,
} from '@throughline/http/adapter'
export { errorLogger } from './error-logger.js'
export type { ExpressRequest, ExpressResponse, Next } from './request.js'
export { requestLogger } from './request-logger.js'
