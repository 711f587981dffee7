/**
 * Ships lines over OTLP/HTTP.
 *
 * @module @throughline/otlp
 */
export type { OtlpProtocol } from './export-request.js'
export type { OtlpOptions } from './options.js'
export { otlp } from './otlp.js'
