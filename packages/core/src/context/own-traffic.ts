import { processWide } from '../process-wide.js'
import { openTelemetryContexts } from './open-telemetry.js'
import { type ContextStore, currentStore, innerStore, runInStore } from './store.js'

const stores = processWide('own-traffic', 1, () => new WeakSet<ContextStore>())

/**
 * Runs a function whose calls to other servers belong to logging itself: they carry no ids, make no line and no span of
 * OpenTelemetry's, whichever client they use, or else each line that is shipped would make another. For transports; the
 * function runs outside the request that happened to fill the batch.
 */
export function ownTraffic<T>(fn: () => T): T {
  const store = innerStore({}, undefined)
  stores.add(store)
  return runInStore(store, () => untraced(fn))
}

/** Whether what runs here is logging's own traffic. */
export function isOwnTraffic(): boolean {
  const store = currentStore()
  return store !== undefined && stores.has(store)
}

// What OpenTelemetry's own exporters set for their own calls.
const SUPPRESS_TRACING = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING')

function untraced<T>(fn: () => T): T {
  const contexts = openTelemetryContexts()
  return contexts === undefined ? fn() : contexts.with(contexts.active().setValue(SUPPRESS_TRACING, true), fn)
}
