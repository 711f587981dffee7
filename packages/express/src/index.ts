export type { IgnoreRule, RequestLevels, RequestLoggingOptions } from '@throughline/http'
export { errorLogger } from './error-logger.js'
export type { ExpressRequest, ExpressResponse, Next } from './request.js'
export { requestLogger } from './request-logger.js'
