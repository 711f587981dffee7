/**
 * What instrumentations of HTTP clients share: `@throughline/undici` and `instrumentHttpClient` stand on it, and one for
 * another client can. Transports take `ownTraffic` from here.
 *
 * @module throughline/outgoing
 */
export { OutgoingCall } from './outgoing/call.js'
export { addHeaders, type Extended, type HeaderRecord } from './outgoing/headers.js'
export { type CheckedOutgoing, checkOutgoing, type OutgoingOptions, OWN_TRAFFIC } from './outgoing/options.js'
export type { OriginFilter, OriginRule } from './outgoing/origins.js'
export { isOwnTraffic, ownTraffic } from './outgoing/own-traffic.js'
export { type Target, targetOf } from './outgoing/target.js'
