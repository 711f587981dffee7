import { randomUUID } from 'node:crypto'
import type { Fields, RequestIdRejection } from 'throughline'
import {
  activeSpan,
  continuedTrace,
  newTrace,
  parseTraceparent,
  parseTracestate,
  rejectionOf,
  traceFields,
} from 'throughline/internal'
import { type AnyRequest, timesSent } from './message.js'

/** Who a request is: its id, and its place in a trace. */
export interface Identity {
  readonly requestId: string
  /** Why the id that came was not taken over. */
  readonly rejected: RequestIdRejection | undefined
  /** `request_id`, `trace_id`, `span_id` and, when the sender told it, `parent_span_id`. */
  readonly fields: Fields
}

/**
 * Takes over the ids that a request brings, or makes new ones.
 *
 * @param idHeaders The headers that may bring the request id, in lower case; the first with a usable one wins.
 * @param trusted Whether ids from outside are taken over at all.
 */
export function identify(req: AnyRequest, idHeaders: readonly string[], trusted: boolean): Identity {
  const { id, rejected } = trusted ? incomingId(req, idHeaders) : NOTHING
  const requestId = id ?? randomUUID()
  return { requestId, rejected, fields: { request_id: requestId, ...traceOf(req, trusted) } }
}

interface IncomingId {
  readonly id: string | undefined
  readonly rejected: RequestIdRejection | undefined
}

const NOTHING: IncomingId = { id: undefined, rejected: undefined }

function incomingId(req: AnyRequest, idHeaders: readonly string[]): IncomingId {
  let rejected: RequestIdRejection | undefined
  for (const name of idHeaders) {
    const value = req.headers[name]
    if (value === undefined) continue
    const id = Array.isArray(value) ? value.join(', ') : value
    const rejection = rejectionOf(id)
    // Repeated headers come joined by a comma, which no id may have.
    if (rejection === undefined) return { id, rejected: undefined }
    rejected ??= timesSent(req, name) > 1 ? 'repeated' : rejection
  }
  return { id: undefined, rejected }
}

/** OpenTelemetry's active span, else the sender's trace continued, else a new one. */
function traceOf(req: AnyRequest, trusted: boolean): Fields {
  const parent = trusted ? parseTraceparent(req.headers.traceparent) : undefined
  const span = activeSpan()
  if (span !== undefined) {
    // The span of an instrumentation that continued the sender's trace is the sender's child.
    const parentSpanId = parent?.traceId === span.traceId ? parent.spanId : undefined
    return traceFields({ ...span, parentSpanId }, span)
  }
  if (parent === undefined) return newTrace()
  const state = req.headers.tracestate
  return continuedTrace(parent, parseTracestate(Array.isArray(state) ? state.join(',') : state))
}
