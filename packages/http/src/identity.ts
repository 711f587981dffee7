import { randomUUID } from 'node:crypto'
import type { Fields, RequestIdRejection } from 'throughline'
import {
  generateSpanId,
  incomingTrace,
  newTrace,
  OWN_TRACE,
  rejectionOf,
  serverSpan,
  type TraceDetails,
  type TracePlace,
  traceFields,
} from 'throughline/internal'
import type { Guard } from './guard.js'
import { type AnyRequest, type AnyResponse, timesSent } from './message.js'
import type { Settings, TraceIds } from './options.js'

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
 * @param trusted Whether ids from outside are taken over at all.
 * @param given The framework's own request, for the options' functions.
 */
export function identify(req: AnyRequest, settings: Settings, trusted: boolean, given: unknown): Identity {
  const came = trusted ? incomingId(req, settings.idHeaders) : NOTHING
  const { generateId } = settings
  const made = came.id === undefined && generateId !== undefined ? newId(settings.guard, generateId, given) : NOTHING
  const requestId = came.id ?? made.id ?? randomUUID()
  const rejected = came.rejected ?? made.rejected
  return { requestId, rejected, fields: { request_id: requestId, ...traceOf(req, settings, trusted) } }
}

/**
 * Takes over the id that the application has put on the request (`req.id`) or on the response (its header) before the request
 * began: by that name others know it.
 */
export function withApplicationsId(
  req: AnyRequest,
  res: AnyResponse,
  settings: Settings,
  identity: Identity,
): Identity {
  const onRequest = (req as { readonly id?: unknown }).id
  const onResponse = res.getHeader(settings.responseHeader || (settings.idHeaders[0] as string))
  if (onRequest === undefined && onResponse === undefined) return identity
  const id = [onRequest, onResponse].find(isUsable)
  if (id === undefined || id === identity.requestId) return identity
  return { requestId: id, rejected: undefined, fields: { ...identity.fields, request_id: id } }
}

/** An id by the application's own rule, where that gives a usable one. */
function newId(guard: Guard, generateId: (given: unknown) => unknown, given: unknown): UsableId {
  const id = guard('generateId', () => generateId(given), undefined)
  if (typeof id !== 'string') return NOTHING
  const rejected = rejectionOf(id)
  return { id: rejected === undefined ? id : undefined, rejected }
}

/** An id, or why there is none. */
interface UsableId {
  readonly id: string | undefined
  readonly rejected: RequestIdRejection | undefined
}

const NOTHING: UsableId = { id: undefined, rejected: undefined }

function incomingId(req: AnyRequest, idHeaders: readonly string[]): UsableId {
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

/** The server's span of a tracer, else the sender's trace continued, else a new one. */
function traceOf(req: AnyRequest, settings: Settings, trusted: boolean): Fields {
  const incoming = trusted ? incomingOf(req) : NO_TRACE
  const span = (settings.traceIds && suppliedSpan(settings.guard, settings.traceIds)) ?? serverSpan()
  if (span === undefined) return incoming.trace_id === undefined ? newTrace() : incoming
  // The span of a tracer that continued the sender's trace is the sender's child.
  const parentSpanId = incoming.trace_id === span.traceId ? (incoming.parent_span_id as string) : undefined
  return traceFields({ ...span, parentSpanId }, span)
}

/** What the option `traceIds` supplies. Whether the trace is sampled only its tracer knows. */
function suppliedSpan(guard: Guard, traceIds: () => TraceIds | undefined): (TracePlace & TraceDetails) | undefined {
  const { trace_id, span_id } = guard('traceIds', () => traceIds() ?? undefined, undefined) ?? {}
  if (!isUsable(trace_id)) return undefined
  return { traceId: trace_id, spanId: isUsable(span_id) ? span_id : generateSpanId(), flags: 0, isUndecided: true }
}

function isUsable(id: unknown): id is string {
  return typeof id === 'string' && rejectionOf(id) === undefined
}

const NO_TRACE: Fields = {}

function incomingOf({ headers }: AnyRequest): Fields {
  const { traceparent, tracestate, [OWN_TRACE]: own } = headers
  if (traceparent === undefined && own === undefined) return NO_TRACE
  return incomingTrace({ traceparent, tracestate: Array.isArray(tracestate) ? tracestate.join(',') : tracestate, own })
}
