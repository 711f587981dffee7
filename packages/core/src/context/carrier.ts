import type { Fields } from '../encode/field.js'
import { nodeCrypto } from '../node-crypto.js'
import { warnOnce } from '../warn.js'
import { activeSpan } from './active-span.js'
import { rejectionOf } from './request-id.js'
import { currentStore } from './store.js'
import { type ActiveSpan, traceDetails } from './trace.js'
import { incomingTrace, OWN_TRACE, TRACEPARENT, TRACESTATE, traceHeaders } from './trace-headers.js'
import { isSpanId, isTraceId } from './trace-parent.js'

/**
 * What carries a context from one process or thread to the next: the headers of a message or of a request. An object of
 * names and values, or anything with `get` and `set` (`Headers`, `Map`).
 */
export type Carrier =
  | Record<string, unknown>
  | {
      /** The value of a header, whatever it is; `undefined` for none. */
      get(name: string): unknown
      /** Sets a header. */
      set(name: string, value: string): unknown
    }

const REQUEST_ID = 'x-request-id'

/**
 * Writes the present context's ids into a carrier as `x-request-id`, `traceparent` and `tracestate`; a trace that no tracer has
 * decided about goes as `throughline-trace` instead. Outside any context, or in one without ids, it writes nothing. The ids of
 * a tracer's active span win over the context's. Never throws.
 *
 * @returns the carrier.
 */
export function inject<C extends Carrier>(carrier: C): C {
  const requestId = currentStore()?.fields.request_id
  const span = activeSpan() ?? contextSpan()
  try {
    if (typeof requestId === 'string') write(carrier, REQUEST_ID, requestId)
    if (span === undefined) return carrier
    for (const [name, value] of Object.entries(traceHeaders(span))) write(carrier, name, value)
  } catch {
    warnOnce('context.inject: the carrier cannot be written to; accepted: an object, or one with get and set')
  }
  return carrier
}

/**
 * Reads what `inject` or any sender of W3C Trace Context wrote; a `traceparent` wins over a `throughline-trace`. The fields are for `context.run` and `log.operation`:
 * `request_id`, `trace_id`, the sender's span as `parent_span_id`, and a `span_id` of this side's own. Names are read in any
 * case, values as strings or bytes (Kafka).
 *
 * An id that breaks the rule for request ids is replaced, and `request_id_rejected` says why. What is missing or broken is
 * left out. Never throws: a message's headers are input from outside.
 */
export function extract(carrier: Carrier | null | undefined): Fields {
  if (typeof carrier !== 'object' || carrier === null) return {}
  return { ...requestIdOf(read(carrier, REQUEST_ID)), ...traceOf(carrier) }
}

function requestIdOf(values: readonly string[]): Fields {
  const [id] = values
  if (id === undefined) return {}
  const rejection = values.length > 1 ? 'repeated' : rejectionOf(id)
  return rejection === undefined
    ? { request_id: id }
    : { request_id: nodeCrypto().randomUUID(), request_id_rejected: rejection }
}

function traceOf(carrier: Carrier): Fields {
  return incomingTrace({
    traceparent: onlyOne(read(carrier, TRACEPARENT)),
    tracestate: read(carrier, TRACESTATE).join(','),
    own: onlyOne(read(carrier, OWN_TRACE)),
  })
}

function onlyOne(values: readonly string[]): string | undefined {
  return values.length === 1 ? values[0] : undefined
}

/** The present context's own place in a trace, where its ids are what headers can carry: the application may have set any. */
export function contextSpan(): ActiveSpan | undefined {
  const fields = currentStore()?.fields
  if (fields === undefined) return undefined
  const { trace_id: traceId, span_id: spanId } = fields
  return isTraceId(traceId) && isSpanId(spanId) ? { traceId, spanId, flags: 0, ...traceDetails(fields) } : undefined
}

/** Every value of a header: a list has several where it was sent several times. */
function read(carrier: Carrier, name: string): readonly string[] {
  try {
    const value = isAccessor(carrier) ? carrier.get(name) : carrier[nameIn(carrier, name)]
    return (Array.isArray(value) ? value : [value]).map(textOf).filter((text) => text !== undefined)
  } catch {
    return []
  }
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return value instanceof Uint8Array
    ? Buffer.from(value.buffer, value.byteOffset, value.length).toString('latin1')
    : undefined
}

function write(carrier: Carrier, name: string, value: string): void {
  if (isAccessor(carrier)) carrier.set(name, value)
  else carrier[nameIn(carrier, name)] = value
}

function isAccessor(carrier: Carrier): carrier is Extract<Carrier, { get(name: string): unknown }> {
  return typeof carrier.get === 'function' && typeof carrier.set === 'function'
}

/** The name as the carrier spells it already, so that none stands twice in two spellings. */
function nameIn(carrier: object, name: string): string {
  if (Object.hasOwn(carrier, name)) return name
  return Object.keys(carrier).find((key) => key.toLowerCase() === name) ?? name
}
