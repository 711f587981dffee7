import { agentSpan } from './agent-span.js'
import { type ContextManager, openTelemetryContexts } from './open-telemetry.js'
import type { ActiveSpan } from './trace.js'
import { isSpanId, isTraceId } from './trace-parent.js'
import { parseTracestate } from './trace-state.js'

interface SpanLike {
  spanContext(): {
    readonly traceId: string
    readonly spanId: string
    readonly traceFlags: number
    readonly traceState?: { serialize(): string }
  }
}

// `trace.setSpan` and `setRPCMetadata` of OpenTelemetry keep their values under these.
const SPAN_KEY = Symbol.for('OpenTelemetry Context Key SPAN')
const RPC_METADATA_KEY = Symbol.for('OpenTelemetry SDK Context Key RPC_METADATA')

/**
 * The span that is active here: OpenTelemetry's, else dd-trace's, New Relic's or Sentry's. `undefined` without one, and for one
 * that is not valid. Never throws: a tracer that does must not cost a request.
 */
export function activeSpan(): ActiveSpan | undefined {
  const contexts = openTelemetryContexts()
  return (contexts && spanUnder(contexts, SPAN_KEY)) ?? agentSpan()
}

/**
 * The server's span of the request that is handled here. In a middleware, the active span is the middleware's, where the router
 * is instrumented too; OpenTelemetry's instrumentation of HTTP servers keeps its own span in the context for the router's
 * instrumentation (`getRPCMetadata` of `@opentelemetry/core`). Without that: the active span.
 */
export function serverSpan(): ActiveSpan | undefined {
  const contexts = openTelemetryContexts()
  const active = contexts && spanUnder(contexts, SPAN_KEY)
  if (active === undefined) return agentSpan()
  const server = contexts && spanUnder(contexts, RPC_METADATA_KEY)
  return server?.traceId === active.traceId ? server : active
}

/** The span that the active context has under a key, or in what it has under the key. */
function spanUnder(contexts: ContextManager, key: symbol): ActiveSpan | undefined {
  try {
    const value = contexts.active().getValue(key)
    return spanOf(key === RPC_METADATA_KEY ? (value as { readonly span?: unknown } | undefined)?.span : value)
  } catch {
    return undefined
  }
}

function spanOf(span: unknown): ActiveSpan | undefined {
  const found = (span as SpanLike | undefined)?.spanContext()
  if (found === undefined || !isTraceId(found.traceId) || !isSpanId(found.spanId)) return undefined
  const { traceId, spanId, traceFlags, traceState } = found
  return { traceId, spanId, flags: traceFlags, state: parseTracestate(traceState?.serialize()) }
}
