/**
 * Request logging for Fastify 5.
 *
 * @module @throughline/fastify
 */
export {
  type IgnoreRule,
  noteError,
  type RequestLevels,
  type RequestLoggingOptions,
  type TraceIds,
} from '@throughline/http/adapter'
export { type FastifyLoggingOptions, fastifyOptions, type IdOptions } from './fastify-options.js'
export type { RefusedError } from './refused-request.js'
// biome-ignore lint/style/noDefaultExport: what Fastify's `register(import('…'))` looks for
export { type FastifyRequestLoggingOptions, requestLogger, requestLogger as default } from './request-logger.js'
