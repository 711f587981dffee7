import type { ActiveSpan } from './trace.js'
import { isSpanId, isTraceId, parseTraceparent, SAMPLED } from './trace-parent.js'

/** What `require('dd-trace')` returns, which dd-trace keeps here too for a second copy of itself. */
interface Datadog {
  scope(): { active(): { context(): { toTraceparent(): string } } | null }
}

/** What `require('newrelic')` returns. */
interface NewRelic {
  getTraceMetadata(): { readonly traceId?: string; readonly spanId?: string }
}

/** How Sentry's copies of itself find one another: by version, with the way to the current scope. */
interface Sentry {
  readonly version: string
  readonly [version: string]: unknown
}
interface SentryScope {
  getPropagationContext(): { readonly traceId: string; readonly propagationSpanId?: string }
  readonly refs?: { readonly span?: SentrySpan | WeakRef<SentrySpan> }
}
interface SentrySpan {
  spanContext(): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number }
}

const agents = globalThis as { readonly _ddtrace?: Datadog; readonly __SENTRY__?: Sentry }
let modules: Readonly<Record<string, unknown>> | undefined

/**
 * The active span of an agent that OpenTelemetry does not know of. Only one that the application has loaded is asked. Never
 * throws.
 */
export function agentSpan(): ActiveSpan | undefined {
  try {
    if (agents._ddtrace !== undefined) return datadogSpan(agents._ddtrace)
    // Created for its property only: `require.cache` is one object in the process, and New Relic keeps its API in there.
    modules ??= process.getBuiltinModule('node:module').createRequire(process.execPath).cache
    const newRelic = modules.__NR_cache as NewRelic | undefined
    if (newRelic !== undefined) return newRelicSpan(newRelic)
    return agents.__SENTRY__ === undefined ? undefined : sentrySpan(agents.__SENTRY__)
  } catch {
    return undefined
  }
}

function datadogSpan(tracer: Datadog): ActiveSpan | undefined {
  return parseTraceparent(tracer.scope().active()?.context().toTraceparent())
}

function newRelicSpan(agent: NewRelic): ActiveSpan | undefined {
  const { traceId, spanId } = agent.getTraceMetadata()
  return undecided(traceId, spanId)
}

function sentrySpan(sentry: Sentry): ActiveSpan | undefined {
  const carrier = sentry[sentry.version] as { readonly acs?: { getCurrentScope(): SentryScope } } | undefined
  const scope = carrier?.acs?.getCurrentScope()
  if (scope === undefined) return undefined
  const reference = scope.refs?.span
  const span = reference !== undefined && 'deref' in reference ? reference.deref() : reference
  if (span === undefined) {
    const { traceId, propagationSpanId } = scope.getPropagationContext()
    return undecided(traceId, propagationSpanId)
  }
  const { traceId, spanId, traceFlags } = span.spanContext()
  const found = undecided(traceId, spanId)
  // Zero stands for "not sampled" and for "not decided yet".
  return found !== undefined && (traceFlags & SAMPLED) !== 0 ? { traceId, spanId, flags: traceFlags } : found
}

/** A span of which the agent does not say whether it is sampled. */
function undecided(traceId: string | undefined, spanId: string | undefined): ActiveSpan | undefined {
  return isTraceId(traceId) && isSpanId(spanId) ? { traceId, spanId, flags: 0, isUndecided: true } : undefined
}
