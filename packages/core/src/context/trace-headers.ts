import type { Fields } from '../encode/field.js'
import { type ActiveSpan, adoptedTrace, continuedTrace } from './trace.js'
import { formatTraceparent, isSpanId, isTraceId, parseTraceparent } from './trace-parent.js'
import { parseTracestate } from './trace-state.js'
import { withoutWhiteSpace } from './white-space.js'

/** The headers of W3C Trace Context. */
export const TRACEPARENT = 'traceparent'
export const TRACESTATE = 'tracestate'

/**
 * Our own header, for a trace that no tracer has decided about: `<trace id>-<span id>` in lower-case hexadecimal digits, 32 and
 * 16. A tracer that received them as a `traceparent` would have to take over its flag: 00 is "do not record", 01 "record".
 */
export const OWN_TRACE = 'throughline-trace'

const OWN_FORMAT = /^([0-9a-f]{32})-([0-9a-f]{16})$/

/**
 * The headers that take a place in a trace to the next service: `traceparent` and `tracestate`, or `throughline-trace` for a
 * trace that nobody has decided about.
 *
 * @param always Whether it is `traceparent` in any case.
 */
export function traceHeaders(span: ActiveSpan, always = false): Readonly<Record<string, string>> {
  if (span.isUndecided && !always) return { [OWN_TRACE]: `${span.traceId}-${span.spanId}` }
  const traceparent = formatTraceparent(span)
  return span.state === undefined
    ? { [TRACEPARENT]: traceparent }
    : { [TRACEPARENT]: traceparent, [TRACESTATE]: span.state }
}

/** The value of each of these headers, as far as they came; one that came twice has no value. */
export interface IncomingTrace {
  readonly traceparent: unknown
  /** Several are joined by commas. */
  readonly tracestate: unknown
  readonly own: unknown
}

/**
 * The place in a trace that headers from outside lead to, with a span id of this side's own. A valid `traceparent` wins over our
 * own header. Empty where neither is valid.
 */
export function incomingTrace({ traceparent, tracestate, own }: IncomingTrace): Fields {
  const parent = parseTraceparent(traceparent)
  if (parent !== undefined) return continuedTrace(parent, parseTracestate(tracestate))
  const place = parseOwnTrace(own)
  return place === undefined ? {} : adoptedTrace(place)
}

/** Reads a `throughline-trace` value. */
export function parseOwnTrace(value: unknown): { readonly traceId: string; readonly spanId: string } | undefined {
  if (typeof value !== 'string') return undefined
  const [, traceId, spanId] = OWN_FORMAT.exec(withoutWhiteSpace(value)) ?? []
  return isTraceId(traceId) && isSpanId(spanId) ? { traceId, spanId } : undefined
}
