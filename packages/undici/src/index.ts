/**
 * The request's ids on every outgoing call of undici and of the built-in `fetch`.
 *
 * @module @throughline/undici
 */
export type { OriginRule, OutgoingOptions } from '@throughline/http/outgoing'
export { type CorrelationInterceptor, correlation } from './correlation.js'
export { installGlobal } from './global.js'
