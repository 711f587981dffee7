import { openTelemetryContexts } from './open-telemetry.js'
import type { TraceDetails } from './trace.js'
import { parseTracestate } from './trace-state.js'

/** A span of OpenTelemetry's, as far as logs need it. */
export interface ActiveSpan extends TraceDetails {
  /** 32 hexadecimal digits, in lower case. */
  readonly traceId: string
  /** 16 hexadecimal digits, in lower case. */
  readonly spanId: string
}

interface SpanLike {
  spanContext(): {
    readonly traceId: string
    readonly spanId: string
    readonly traceFlags: number
    readonly traceState?: { serialize(): string }
  }
}

const SPAN_KEY = Symbol.for('OpenTelemetry Context Key SPAN')

/** The span of OpenTelemetry that is active here, or `undefined`: none, an invalid one, or no OpenTelemetry at all. */
export function activeSpan(): ActiveSpan | undefined {
  const contexts = openTelemetryContexts()
  if (contexts === undefined) return undefined
  try {
    const span = contexts.active().getValue(SPAN_KEY) as SpanLike | undefined
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
