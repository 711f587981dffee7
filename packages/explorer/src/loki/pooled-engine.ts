import type { DuckDBConnection } from '@duckdb/node-api'
import type { Engine } from '@throughline/logql'
import { duckdbEngine } from '../engine/index.js'
import type { LogStore } from '../store/log-store.js'

/**
 * The engine of a store, for any number of queries at once: each call has a connection of its own. Two statements on one
 * connection end each other, and their rows are missing without an error.
 */
export function pooledEngine(store: LogStore): Engine {
  return {
    streams: () => withConnection(store, undefined, async (connection) => (await duckdbEngine(connection)).streams()),
    count: (request) =>
      withConnection(store, request.signal, async (connection) => (await duckdbEngine(connection)).count?.(request)),
    async *scan(request) {
      const connection = await store.takeConnection()
      const interrupt = () => connection.interrupt()
      request.signal?.addEventListener('abort', interrupt)
      try {
        yield* (await duckdbEngine(connection)).scan(request)
      } finally {
        request.signal?.removeEventListener('abort', interrupt)
        store.giveConnection(connection)
      }
    },
  }
}

async function withConnection<T>(
  store: LogStore,
  signal: AbortSignal | undefined,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const connection = await store.takeConnection()
  const interrupt = () => connection.interrupt()
  signal?.addEventListener('abort', interrupt)
  try {
    return await work(connection)
  } finally {
    signal?.removeEventListener('abort', interrupt)
    store.giveConnection(connection)
  }
}
