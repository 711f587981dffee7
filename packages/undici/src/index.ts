export type { OriginRule, OutgoingOptions } from 'throughline/outgoing'
export { type CorrelationInterceptor, correlation } from './correlation.js'
export { installGlobal } from './global.js'
