import { context, type Fields } from 'throughline'
import {
  type ActiveSpan,
  activeSpan,
  contextSpan,
  generateSpanId,
  parseOwnTrace,
  parseTraceparent,
  rejectionOf,
  traceHeaders,
} from 'throughline/internal'
import type { HeaderRecord } from './headers.js'

/** Whether a call takes its trace along: see `OutgoingOptions`. */
export type TraceOption = boolean | 'always'

/** The ids that a call takes along, and the place in the trace that its line has. */
export interface OutgoingIds {
  /** `x-request-id`, and the headers of the trace, as far as the present context has them. */
  readonly headers: HeaderRecord
  /** The tracer's active span. */
  readonly active: ActiveSpan | undefined
  /** The context's own span, whose child the call is. */
  readonly parent: ActiveSpan | undefined
  /** The span id that was made for this call. */
  readonly made: string | undefined
}

/**
 * The ids in force here, with a span id made for this call, which the server takes as its parent.
 *
 * A tracer's active span goes on as it is: a span that the tracer never heard of would be a hole in its trace.
 */
export function outgoingIds(trace: TraceOption): OutgoingIds {
  const active = activeSpan()
  const parent = contextSpan()
  const id = context.get('request_id')
  // The application may have set anything as an id; a header that the client refuses would fail the call.
  const headers: HeaderRecord = typeof id === 'string' && rejectionOf(id) === undefined ? { 'x-request-id': id } : {}
  const span = active ?? parent
  if (trace === false || span === undefined) return { headers, active, parent, made: undefined }
  const made = active === undefined ? generateSpanId() : undefined
  const sent = made === undefined ? span : { ...span, spanId: made }
  return { headers: { ...headers, ...traceHeaders(sent, trace === 'always') }, active, parent, made }
}

/** The values of the headers of a trace as they were sent, whoever wrote them; `undefined` for one that was not. */
export interface SentTrace {
  readonly traceparent: unknown
  /** `throughline-trace`. */
  readonly own: unknown
}

/**
 * Where a call's line stands in the trace: at the span that was sent, since the next service's lines have that as
 * their parent. `undefined` where it stays at the context's own.
 */
export function lineIds({ active, parent, made }: OutgoingIds, { traceparent, own }: SentTrace): Fields | undefined {
  const sent = parseTraceparent(traceparent) ?? parseOwnTrace(own)
  if (sent === undefined) return undefined
  const { traceId, spanId } = sent
  if (traceId === parent?.traceId && spanId === parent.spanId) return undefined
  if (spanId === made) return { span_id: spanId, parent_span_id: parent?.spanId }
  // A tracer's span for the call is the child of its active span. Of whatever else was sent, the parent is not known.
  const isChild = traceId === active?.traceId && spanId !== active.spanId
  return { trace_id: traceId, span_id: spanId, parent_span_id: isChild ? active.spanId : undefined }
}
