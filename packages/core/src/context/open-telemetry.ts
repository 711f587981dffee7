/** A context of OpenTelemetry's: immutable, with values under symbols. */
export interface OpenTelemetryContext {
  getValue(key: symbol): unknown
  setValue(key: symbol, value: unknown): OpenTelemetryContext
}

/** The context manager that an application's OpenTelemetry has installed. */
export interface ContextManager {
  active(): OpenTelemetryContext
  with<T>(context: OpenTelemetryContext, fn: () => T): T
}

// `@opentelemetry/api` registers itself under this symbol for exactly this: that copies of it, in ESM, in CJS or in two
// versions, find one another. It stays what it is for the whole of its major version 1, and so do the keys of contexts,
// which are symbols by their description. So nothing is imported, and a process without it pays one property look-up.
const API = Symbol.for('opentelemetry.js.api.1')

/** OpenTelemetry's context manager, or `undefined` without OpenTelemetry. */
export function openTelemetryContexts(): ContextManager | undefined {
  return (globalThis as { readonly [API]?: { readonly context?: ContextManager } })[API]?.context
}
