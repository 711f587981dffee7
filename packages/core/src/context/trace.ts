import type { Fields } from '../encode/line.js'
import { generateSpanId, generateTraceId, RANDOM_TRACE_ID } from './trace-parent.js'

/** What goes on to the next service with the ids, and stands on no line. */
export interface TraceDetails {
  /** The bits of `traceparent`'s flags. */
  readonly flags: number
  /** The `tracestate` header's value. */
  readonly state?: string | undefined
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

/** The fields of a trace that starts here. Nobody has recorded anything of it yet, so it is not flagged as sampled. */
export function newTrace(): Fields {
  const fields: Record<string | symbol, unknown> = { trace_id: generateTraceId(), span_id: generateSpanId() }
  fields[TRACE] = { flags: RANDOM_TRACE_ID } satisfies TraceDetails
  return fields as Fields
}

/** The fields of a place of one's own in a trace that came from elsewhere. */
export function continuedTrace(traceId: string, parentSpanId: string, details: TraceDetails): Fields {
  const fields: Record<string | symbol, unknown> = {
    trace_id: traceId,
    span_id: generateSpanId(),
    parent_span_id: parentSpanId,
  }
  fields[TRACE] = details
  return fields as Fields
}
