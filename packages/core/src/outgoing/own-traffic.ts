import { type ContextStore, currentStore, innerStore, runInStore } from '../context/store.js'
import { processWide } from '../process-wide.js'

const stores = processWide('own-traffic', 1, () => new WeakSet<ContextStore>())

/**
 * Runs a function whose calls to other servers belong to logging itself: they carry no ids and make no line, whichever
 * client they use, or else each line that is shipped would make another. For transports; the function runs outside the
 * request that happened to fill the batch.
 */
export function ownTraffic<T>(fn: () => T): T {
  const store = innerStore({}, undefined)
  stores.add(store)
  return runInStore(store, fn)
}

/** Whether what runs here is logging's own traffic. */
export function isOwnTraffic(): boolean {
  const store = currentStore()
  return store !== undefined && stores.has(store)
}
