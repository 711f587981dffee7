import type { TraceDetails } from './trace.js'
import { parseTracestate } from './trace-state.js'

/** A span of OpenTelemetry's, as far as logs need it. */
export interface ActiveSpan extends TraceDetails {
  readonly traceId: string
  readonly spanId: string
}

/** The parts of `@opentelemetry/api` that are read here. */
interface OpenTelemetryApi {
  readonly context?: { active(): { getValue(key: symbol): unknown } }
}
interface SpanLike {
  spanContext(): {
    readonly traceId: string
    readonly spanId: string
    readonly traceFlags: number
    readonly traceState?: { serialize(): string }
  }
}

// `@opentelemetry/api` registers itself under the first symbol for exactly this: that copies of it, in ESM, in CJS or in
// two versions, find one another. Both stay what they are for the whole of its major version 1. So nothing is imported,
// and a process without it pays one property look-up.
const API = Symbol.for('opentelemetry.js.api.1')
const SPAN_KEY = Symbol.for('OpenTelemetry Context Key SPAN')

/** The span of OpenTelemetry that is active here, or `undefined`: none, an invalid one, or no OpenTelemetry at all. */
export function activeSpan(): ActiveSpan | undefined {
  const api = (globalThis as { readonly [API]?: OpenTelemetryApi })[API]
  if (api?.context === undefined) return undefined
  try {
    const span = api.context.active().getValue(SPAN_KEY) as SpanLike | undefined
    const found = span?.spanContext()
    if (found === undefined || !/^(?!0+$)[0-9a-f]{32}$/.test(found.traceId)) return undefined
    if (!/^(?!0+$)[0-9a-f]{16}$/.test(found.spanId)) return undefined
    const { traceId, spanId, traceFlags, traceState } = found
    return { traceId, spanId, flags: traceFlags, state: parseTracestate(traceState?.serialize()) }
  } catch {
    // A context manager of somebody else's that throws must not cost a request.
    return undefined
  }
}
