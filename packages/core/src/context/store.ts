import { AsyncLocalStorage } from 'node:async_hooks'
import type { Bindings } from '../encode/bindings.js'
import type { Fields } from '../encode/field.js'
import type { LineEncoder } from '../encode/line.js'
import type { LogRecord } from '../encode/record.js'
import type { ActiveOperation } from '../logger/logger.js'
import type { LineTarget } from '../operation/held-lines.js'
import { processWide } from '../process-wide.js'
import { TRACE, traceDetails } from './trace.js'

/** An operation as the loggers in its context see it. */
export interface StoreOperation extends ActiveOperation {
  readonly passes: boolean
  readonly rate: number | undefined
  wantsBelowLevel(level: number): boolean
  take(target: LineTarget, record: LogRecord, belowLevel: boolean): boolean
}

/** What travels with a request through every await: its fields, and the unit of work that it is part of. */
export interface ContextStore {
  /** Replaced, never changed in place, when a field is set, so that whoever holds it holds what was. */
  fields: Fields
  /** The fields as one root's encoder wrote them, until one is set. */
  encoded: { readonly encoder: LineEncoder; readonly bindings: Bindings } | undefined
  /** The unit of work whose lines these are; it may hold them. */
  operation: StoreOperation | undefined
  /** The store of the request that this one lies within; itself, when it is that. */
  readonly root: object
}

interface ContextStorage {
  readonly storage: AsyncLocalStorage<ContextStore | undefined>
  /** False until the first `run`: a process that uses no context pays nothing for it. */
  used: boolean
}

const shared = processWide<ContextStorage>('context', 2, () => ({ storage: new AsyncLocalStorage(), used: false }))

/** The store in force here, if any. */
export function currentStore(): ContextStore | undefined {
  return shared.used ? shared.storage.getStore() : undefined
}

/** Runs a function with a store in force, or with none, through everything asynchronous that it starts. */
export function runInStore<T>(store: ContextStore | undefined, fn: () => T): T {
  if (store === undefined && !shared.used) return fn()
  shared.used = true
  return shared.storage.run(store, fn)
}

/**
 * A store for something within the present one: its fields and the given ones, the given ones stronger.
 *
 * @param ids What stands between the two.
 */
export function innerStore(fields: Fields, around: ContextStore | undefined, ids?: Fields): ContextStore {
  return {
    fields: mergedFields(around?.fields, ids, fields),
    encoded: undefined,
    operation: around?.operation,
    root: around?.root ?? {},
  }
}

/** The store in force where it is part of the same request as the given one, else the given one. */
export function storeFor(own: ContextStore): ContextStore {
  const current = currentStore()
  return current !== undefined && current.root === own.root ? current : own
}

export function setFields(store: ContextStore, fields: Fields): void {
  store.fields = mergedFields(store.fields, fields)
  store.encoded = undefined
}

/** The store's fields, encoded once for each change of them. */
export function bindingsOf(store: ContextStore, encoder: LineEncoder): Bindings {
  const { encoded } = store
  if (encoded !== undefined && encoded.encoder === encoder) return encoded.bindings
  const bindings = encoder.bindings.ofContext(store.fields)
  store.encoded = { encoder, bindings }
  return bindings
}

/**
 * An object that inherits nothing, so that no field's name can mean anything. Made by a constructor, since V8 keeps what
 * `Object.create(null)` gives as a hash table, which costs three times as much to make and to walk (bench `operation`).
 */
const Bare = function Bare() {} as unknown as new () => Record<string | symbol, unknown>
Bare.prototype = Object.create(null)

/** Fields merged into a new object, later ones stronger. Unreadable properties are left out. */
export function mergedFields(...parts: readonly (Fields | undefined)[]): Fields {
  const result = new Bare()
  for (const part of parts) {
    if (part === undefined) continue
    try {
      const details = traceDetails(part)
      // Another trace brings details of its own or has none.
      if (details !== undefined || (part.trace_id ?? result.trace_id) !== result.trace_id) result[TRACE] = details
      // A list's elements have no names, and what one says of the next (raw headers) must not be lost.
      const named: Fields = Array.isArray(part) ? { args: part } : part
      for (const key of Object.keys(named)) copy(named, key, result)
    } catch {
      // A proxy that does not say what it has.
    }
  }
  return result
}

function copy(from: Fields, key: string, to: Record<string, unknown>): void {
  try {
    to[key] = from[key]
  } catch {
    // A getter that throws costs its own field and no other.
  }
}

/** Binds a function to the context in force now, or to none, for callbacks that are called from elsewhere. */
export function bindToStore<A extends unknown[], R>(fn: (...args: A) => R): (...args: A) => R {
  const store = currentStore()
  return (...args) => runInStore(store, () => fn(...args))
}
