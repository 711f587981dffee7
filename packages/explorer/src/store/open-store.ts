import { LogStore, type StoreOptions } from './log-store.js'

/**
 * Opens an empty store, for programs that add records themselves and serve them.
 *
 * @throws UserError when DuckDB is not installed.
 */
export function openStore(options?: StoreOptions): Promise<LogStore> {
  return LogStore.open(options)
}
