/**
 * For those who write an instrumentation of an HTTP client, as `@throughline/undici` and `instrumentHttpClient` are: which
 * ids a call takes along, and its line.
 *
 * @module @throughline/http/outgoing
 */
export { OutgoingCall } from './outgoing/call.js'
export { addHeaders, type Extended, type HeaderRecord } from './outgoing/headers.js'
export { type CheckedOutgoing, checkOutgoing, type OutgoingOptions, OWN_TRAFFIC } from './outgoing/options.js'
export type { OriginFilter, OriginRule } from './outgoing/origins.js'
export { type Target, targetOf } from './outgoing/target.js'
