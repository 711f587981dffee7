import type { Fields } from '../encode/field.js'
import { type Carrier, extract, inject } from './carrier.js'
import { bindToStore, currentStore, innerStore, runInStore, setFields } from './store.js'

/**
 * The context of a request or a job: fields that stand on every line that is logged while it runs, through every await,
 * timer and callback that it starts (AsyncLocalStorage).
 */
export interface Context {
  /**
   * Runs a function in a context with these fields, added to those of the context around it.
   *
   * @returns what the function returns; a promise is waited for by nobody but the caller, and the context holds within it.
   */
  run<T>(fields: object, fn: () => T): T
  /**
   * Adds fields to the present context, for every later line in it. Outside any context it does nothing and returns
   * `false`.
   */
  set(fields: object): boolean
  /** The value of one field of the present context, or `undefined`. */
  get(name: string): unknown
  /** All fields of the present context; an empty object outside any. The object is a copy. */
  fields(): Fields
  /** Ties a function to the present context, for a callback that is called from elsewhere (a pool, an emitter). */
  bind<A extends unknown[], R>(fn: (...args: A) => R): (...args: A) => R
  /**
   * Writes the present context's ids into the headers of a message, of a job or of an outgoing request: `x-request-id`,
   * `traceparent` and `tracestate`, or `throughline-trace` where no tracer takes part. The ids of a tracer's active span win.
   * Never throws.
   *
   * @returns the carrier.
   */
  inject<C extends Carrier>(carrier: C): C
  /**
   * Reads what `inject` wrote, as fields for `run` or `log.operation`. A request id that breaks the rule is replaced, and
   * `request_id_rejected` says why. Never throws.
   */
  extract(carrier: Carrier | null | undefined): Fields
}

/** The one context of the process, whatever copies of the package are loaded. */
export const context: Context = {
  run(fields, fn) {
    return runInStore(innerStore(fields as Fields, currentStore()), fn)
  },
  set(fields) {
    const store = currentStore()
    if (store === undefined) return false
    setFields(store, fields as Fields)
    return true
  },
  get(name) {
    return currentStore()?.fields[name]
  },
  fields() {
    return { ...currentStore()?.fields }
  },
  bind: bindToStore,
  inject,
  extract,
}
