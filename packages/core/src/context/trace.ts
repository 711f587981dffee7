import type { Fields } from '../encode/field.js'
import { generateSpanId, generateTraceId, RANDOM_TRACE_ID, type TraceParent } from './trace-parent.js'

/** What goes on to the next service with the ids, and stands on no line. */
export interface TraceDetails {
  /** The bits of `traceparent`'s flags. */
  readonly flags: number
  /** The `tracestate` header's value. */
  readonly state?: string | undefined
  /** No tracer has decided whether the trace is sampled. It goes on in `throughline-trace`, since any flag would decide it. */
  readonly isUndecided?: true | undefined
}

/**
 * Where a context's fields keep the trace's details: under a symbol, which no line shows, and which spreading
 * (`{ ...context.extract(headers), job_id }`) takes along.
 */
export const TRACE: unique symbol = Symbol.for('throughline.trace.1')

/** The details that fields of a context bring, if any. */
export function traceDetails(fields: Fields): TraceDetails | undefined {
  return (fields as { readonly [TRACE]?: TraceDetails })[TRACE]
}

/** A tracer's span, as far as logs need it. */
export interface ActiveSpan extends TraceDetails {
  /** 32 hexadecimal digits, in lower case. */
  readonly traceId: string
  /** 16 hexadecimal digits, in lower case. */
  readonly spanId: string
}

/** Where one is in a trace. */
export interface TracePlace {
  /** 32 hexadecimal digits, in lower case. */
  readonly traceId: string
  /** 16 hexadecimal digits, in lower case. */
  readonly spanId: string
  /** The span of the sender; none where the trace begins. */
  readonly parentSpanId?: string | undefined
}

/** A place in a trace as fields of a context: `trace_id`, `span_id`, `parent_span_id`, and the details, which no line shows. */
export function traceFields(place: TracePlace, details: TraceDetails): Fields {
  const fields: Record<string | symbol, unknown> = { trace_id: place.traceId, span_id: place.spanId }
  if (place.parentSpanId !== undefined) fields.parent_span_id = place.parentSpanId
  fields[TRACE] = details
  return fields as Fields
}

/** One object for every trace of our own: none has anything else to pass on. */
const OWN: TraceDetails = { flags: RANDOM_TRACE_ID, isUndecided: true }

/** A trace that starts here, without a tracer. */
export function newTrace(): Fields {
  return traceFields({ traceId: generateTraceId(), spanId: generateSpanId() }, OWN)
}

/** A span of one's own in a trace that came from elsewhere. */
export function continuedTrace(parent: TraceParent, state: string | undefined): Fields {
  const { traceId, spanId: parentSpanId, flags } = parent
  return traceFields({ traceId, spanId: generateSpanId(), parentSpanId }, { flags, state })
}

/** A span of one's own in a trace that a service without a tracer has started. */
export function adoptedTrace({ traceId, spanId: parentSpanId }: TracePlace): Fields {
  return traceFields({ traceId, spanId: generateSpanId(), parentSpanId }, OWN)
}
