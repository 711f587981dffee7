/**
 * What every remote transport of throughline shares. A program uses `@throughline/loki` or `@throughline/otlp`; this is for
 * writing another: a `Protocol` says how a store wants its lines, and `transport` does the rest.
 *
 * @module @throughline/transport
 */
export { checkOptions, type OptionChecker } from 'throughline/internal'
export type { Answer } from './answer.js'
export type { RetryOptions } from './backoff.js'
export { checkHeaders, checkUrl } from './check-endpoint.js'
export type { Auth, Endpoint } from './endpoint.js'
export type { Entries } from './entry.js'
export {
  type BatchOptions,
  type CheckedTransport,
  checkTransport,
  type QueueOptions,
  TRANSPORT_OPTIONS,
  type TransportOptions,
} from './options.js'
export type { Encode, EncodeWorker, Protocol } from './protocol.js'
export type { FsyncPolicy, SpoolOptions } from './spool/options.js'
export type { TlsOptions } from './tls.js'
export { transport } from './transport.js'
export { type Verdict, verdictOf } from './verdict.js'
