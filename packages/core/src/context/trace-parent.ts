import { nodeCrypto } from '../node-crypto.js'
import { withoutWhiteSpace } from './white-space.js'

/** The fields of a `traceparent` header of the W3C Trace Context recommendation, levels 1 and 2. */
export interface TraceParent {
  /** 32 lower-case hexadecimal digits, not all zero. */
  readonly traceId: string
  /** The sender's span: 16 lower-case hexadecimal digits, not all zero. */
  readonly spanId: string
  /** The two bits that are defined: `SAMPLED` and `RANDOM_TRACE_ID`. */
  readonly flags: number
}

/** Flag: the caller may have recorded trace data. */
export const SAMPLED = 0x01
/** Flag of level 2: at least the last seven bytes of the trace id are random. */
export const RANDOM_TRACE_ID = 0x02

// Later versions may be longer, after a dash; `ff` is forbidden.
const FORMAT = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/
const VERSION_00_LENGTH = 55
const NO_TRACE = '0'.repeat(32)
const NO_SPAN = '0'.repeat(16)

/** Whether this is a trace id: 32 lower-case hexadecimal digits, not all zero. */
export function isTraceId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value) && value !== NO_TRACE
}

/** Whether this is a span id: 16 lower-case hexadecimal digits, not all zero. */
export function isSpanId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{16}$/.test(value) && value !== NO_SPAN
}

/**
 * Reads a `traceparent` value. White space around it is ignored, as HTTP has it.
 *
 * @returns `undefined` for whatever the recommendation says not to trust: the trace then starts anew, without the sender's
 *   `tracestate`.
 */
export function parseTraceparent(value: unknown): TraceParent | undefined {
  if (typeof value !== 'string') return undefined
  const text = withoutWhiteSpace(value)
  const match = FORMAT.exec(text)
  if (match === null) return undefined
  const [, version = '', traceId = '', spanId = '', flags = ''] = match
  if (version === '00' && text.length !== VERSION_00_LENGTH) return undefined
  if (traceId === NO_TRACE || spanId === NO_SPAN) return undefined
  return { traceId, spanId, flags: Number.parseInt(flags, 16) & (SAMPLED | RANDOM_TRACE_ID) }
}

/** Writes a `traceparent` value of version 00. Flags that no level defines are written as zero. */
export function formatTraceparent({ traceId, spanId, flags }: TraceParent): string {
  return `00-${traceId}-${spanId}-0${flags & (SAMPLED | RANDOM_TRACE_ID)}`
}

/** A new trace id: 32 hexadecimal digits, all of them random, as `RANDOM_TRACE_ID` promises. */
export function generateTraceId(): string {
  const id = randomDigits(32)
  return id === NO_TRACE ? generateTraceId() : id
}

/** A new span id: 16 hexadecimal digits. */
export function generateSpanId(): string {
  const id = randomDigits(16)
  return id === NO_SPAN ? generateSpanId() : id
}

/** Bytes drawn at a time. What is left over at the end of them is not used. */
const POOL_BYTES = 2048
let pool = ''
let next = 0

/** Random hexadecimal digits from a pool, as `randomUUID` has one: asking the system each time costs ten times as much. */
function randomDigits(length: number): string {
  if (next + length > pool.length) {
    pool = nodeCrypto().randomBytes(POOL_BYTES).toString('hex')
    next = 0
  }
  const digits = pool.slice(next, next + length)
  next += length
  return digits
}
