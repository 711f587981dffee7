import { AsyncLocalStorage } from 'node:async_hooks'
import type { Fragment } from '../encode/fragment.js'
import type { Fields, LineEncoder } from '../encode/line.js'
import type { Operation } from '../operation.js'
import { processWide } from '../process-wide.js'

/** What travels with a request through every await: its fields, and the unit of work that it is part of. */
export interface ContextStore {
  /** Replaced, never changed in place, when a field is set, so that whoever holds it holds what was. */
  fields: Fields
  /** The fields as one root's encoder wrote them, until one is set. */
  encoded: { readonly encoder: LineEncoder; readonly fragment: Fragment } | undefined
  /** The unit of work whose lines these are; it may hold them. */
  operation: Operation | undefined
}

interface ContextStorage {
  readonly storage: AsyncLocalStorage<ContextStore>
  /** False until the first `run`: a process that uses no context pays nothing for it. */
  used: boolean
}

const shared = processWide<ContextStorage>('context', 1, () => ({ storage: new AsyncLocalStorage(), used: false }))

/** The store in force here, if any. */
export function currentStore(): ContextStore | undefined {
  return shared.used ? shared.storage.getStore() : undefined
}

/** Runs a function with a store in force, through everything asynchronous that it starts. */
export function runInStore<T>(store: ContextStore, fn: () => T): T {
  shared.used = true
  return shared.storage.run(store, fn)
}

/** A store for something within the present one: its fields and the given ones, the given ones stronger. */
export function innerStore(fields: Fields, parent: ContextStore | undefined = currentStore()): ContextStore {
  return {
    fields: parent === undefined ? merged(fields) : merged(parent.fields, fields),
    encoded: undefined,
    operation: parent?.operation,
  }
}

export function setFields(store: ContextStore, fields: Fields): void {
  store.fields = merged(store.fields, fields)
  store.encoded = undefined
}

/** The store's fields as text, made once for each change of them. */
export function fragmentOf(store: ContextStore, encoder: LineEncoder): Fragment {
  const { encoded } = store
  if (encoded !== undefined && encoded.encoder === encoder) return encoded.fragment
  const fragment = encoder.fragment(store.fields)
  store.encoded = { encoder, fragment }
  return fragment
}

/** One object without a prototype, so that no field's name can mean anything. Unreadable properties are left out. */
function merged(...parts: readonly Fields[]): Fields {
  const result: Record<string, unknown> = Object.create(null)
  for (const part of parts) {
    try {
      for (const key of Object.keys(part)) result[key] = part[key]
    } catch {
      // A getter or a proxy that throws: what was read before it stays.
    }
  }
  return result
}

/** Binds a function to the context in force now, for callbacks that are called from elsewhere. */
export function bindToStore<A extends unknown[], R>(fn: (...args: A) => R): (...args: A) => R {
  const store = currentStore()
  return store === undefined ? fn : (...args) => runInStore(store, () => fn(...args))
}
