import { context, type Fields } from 'throughline'
import { activeSpan, currentStore, generateSpanId, rejectionOf } from 'throughline/internal'
import type { HeaderRecord } from './headers.js'

/** Where the span's id begins in a `traceparent` of version 00, the one that is written: after `00-`, the trace's id, `-`. */
const SPAN_AT = 36

/** The ids that a call takes along. */
export interface OutgoingIds {
  /** `x-request-id`, `traceparent` and `tracestate`, as far as the present context has them. */
  readonly headers: HeaderRecord
  /** The call as a span of its own, for its line; `undefined` where there is no trace, or the span is OpenTelemetry's. */
  readonly span: Fields | undefined
}

/**
 * The ids in force here, with a span id made for this call, which the server takes as its parent.
 *
 * An active OpenTelemetry span goes on as it is: a span that OpenTelemetry never heard of would be a hole in its trace.
 *
 * @param trace Whether `traceparent` and `tracestate` go along; the request id always does.
 */
export function outgoingIds(trace: boolean): OutgoingIds {
  const headers = context.inject<Record<string, string>>({})
  // The application may have set anything as an id; a header that the client refuses would fail the call.
  if (rejectionOf(headers['x-request-id'] ?? '') !== undefined) delete headers['x-request-id']
  if (!trace) {
    const { traceparent: _, tracestate: __, ...rest } = headers
    return { headers: rest, span: undefined }
  }
  const parent = headers.traceparent
  if (parent === undefined || activeSpan() !== undefined) return { headers, span: undefined }
  const span_id = generateSpanId()
  const traceparent = parent.slice(0, SPAN_AT) + span_id + parent.slice(SPAN_AT + span_id.length)
  return { headers: { ...headers, traceparent }, span: { span_id, parent_span_id: currentStore()?.fields.span_id } }
}
