import type { Ingest } from '../ingest/ingest.js'
import { BriefCache } from '../loki/brief-cache.js'
import { completenessOf } from '../store/completeness.js'
import type { LogStore } from '../store/log-store.js'
import { json } from './headers.js'
import type { OwnRoute } from './server.js'

/** The table is asked at most so often. */
const FRESH_MS = 2000

/** `/api/status` over files: what was read, and what became of it. */
export function filesStatus(name: string, store: LogStore, ingest?: Ingest): OwnRoute {
  const completeness = new BriefCache(() => completenessOf(store), FRESH_MS)
  return async () => {
    const { from, to, ...missing } = await completeness.get()
    const [low, high] = [from, to].map((time) => time?.toString())
    const account = ingest === undefined ? undefined : { ...ingest.account, ...missing }
    return json({ mode: 'files', name, progress: ingest?.progress, account, from: low, to: high })
  }
}

/** `/api/status` of a Loki. */
export function lokiStatus(name: string): OwnRoute {
  return () => json({ mode: 'loki', name })
}
