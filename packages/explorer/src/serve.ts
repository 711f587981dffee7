import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Limits } from '@throughline/logql'
import type { Ingest } from './ingest/ingest.js'
import { LocalLoki } from './loki/local-loki.js'
import type { Loki } from './loki/loki.js'
import { pooledEngine } from './loki/pooled-engine.js'
import { requestRoutes } from './request/routes.js'
import { ExplorerServer, type OwnRoute } from './server/server.js'
import { staticFiles } from './server/static-files.js'
import { filesStatus } from './server/status-route.js'
import type { LogStore } from './store/log-store.js'

/** A server that answers. */
export interface Serving {
  /** `http://127.0.0.1:43231`, for programs: every path of the API wants `Authorization: Bearer <token>`. */
  readonly url: string
  readonly token: string
  /** What a person opens: the page's address with the token in its fragment. */
  readonly address: string
  /** Ends the server and its connections. */
  close(): Promise<void>
}

export interface ServeOptions {
  /** On 127.0.0.1. One that is free by default. */
  readonly port?: number
  /** What the page calls the logs. */
  readonly name?: string
  /** How much a query may ask for: `defaultLimits` of `@throughline/logql`, but any length of time, by default. */
  readonly limits?: Partial<Limits>
}

/** Serves a store: the page, and Loki's read API over its lines. */
export async function serve(store: LogStore, options: ServeOptions = {}, ingest?: Ingest): Promise<Serving> {
  const loki = new LocalLoki(store, pooledEngine(store), ingest ?? { onAdded: () => () => {} }, options.limits)
  return serveLoki(loki, { '/api/status': filesStatus(options.name ?? '', store, ingest) }, options)
}

/** Serves whatever answers Loki's read API. */
export async function serveLoki(
  loki: Loki,
  routes: Readonly<Record<string, OwnRoute>>,
  { port = 0 }: ServeOptions,
): Promise<Serving> {
  const files = staticFiles(join(fileURLToPath(new URL('.', import.meta.url)), 'page'))
  const server = new ExplorerServer({ loki, files, routes: { ...requestRoutes(loki), ...routes }, port })
  await server.listen()
  return {
    url: `http://127.0.0.1:${server.port}`,
    token: server.token.text,
    address: server.address,
    close: () => server.close(),
  }
}
