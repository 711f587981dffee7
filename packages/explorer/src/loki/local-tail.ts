import { type Engine, LogQLError, queryKind, queryRange, type Row, type StreamResult } from '@throughline/logql'
import type { LogStore } from '../store/log-store.js'

/** Tells of new lines. */
export interface Tailing {
  /** @returns what stops the telling. */
  onAdded(listener: () => void): () => void
}

/** Lines that are looked at together; more come in the next turn. */
const MOST_ROWS = 5000
/** Loki's `limit` by default, for the lines before the first new one. */
const USUAL_LIMIT = 100
const MOST_LIMIT = 5000
/** In nanoseconds, 146 years. */
const ALL_TIME = 1n << 62n

/** `/loki/api/v1/tail`: the newest lines from `start` on, and then each as it is added to the table, whatever its time. */
export class LocalTail {
  constructor(
    private readonly store: LogStore,
    private readonly engine: Engine,
    private readonly tailing: Tailing,
  ) {}

  async follow(params: URLSearchParams, send: (message: string) => void, signal: AbortSignal): Promise<void> {
    const query = params.get('query') ?? ''
    if (queryKind(query) !== 'log') throw new LogQLError('invalid', 'only queries of log lines can be tailed')
    let after = await this.lastSeq()
    const history = await this.history(query, params)
    if (history.length > 0) send(JSON.stringify({ streams: history }))
    let wake = () => {}
    let isWoken = false
    const stop = this.tailing.onAdded(() => {
      isWoken = true
      wake()
    })
    const onAbort = () => wake()
    signal.addEventListener('abort', onAbort)
    try {
      while (!signal.aborted) {
        isWoken = false
        const rows = await this.rowsAfter(after)
        const last = rows.at(-1)
        if (last === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve
            if (isWoken || signal.aborted) resolve()
          })
          continue
        }
        after = last.seq
        const streams = await this.matching(query, rows)
        if (streams.length > 0 && !signal.aborted) send(JSON.stringify({ streams }))
      }
    } finally {
      stop()
      signal.removeEventListener('abort', onAbort)
    }
  }

  private async lastSeq(): Promise<number> {
    const [row] = await this.store.rows('select coalesce(max(seq), 0) as seq from lines')
    return Number(row?.seq)
  }

  private async history(query: string, params: URLSearchParams): Promise<readonly StreamResult[]> {
    const start = params.get('start')
    if (start === null || !/^\d{10,19}$/.test(start)) return []
    const limit = Math.min(MOST_LIMIT, Math.max(1, Number(params.get('limit')) || USUAL_LIMIT))
    const data = await queryRange(this.engine, query, {
      start: BigInt(start),
      end: ALL_TIME,
      limit,
      direction: 'backward',
      limits: { length: ALL_TIME * 2n },
    })
    return data.resultType === 'streams' ? data.result : []
  }

  private async rowsAfter(seq: number): Promise<readonly TailRow[]> {
    const found = await this.store.rows(`select * from lines where seq > $seq order by seq limit ${MOST_ROWS}`, { seq })
    return found.map((row) => ({
      seq: Number(row.seq),
      time: BigInt(String(row.ts)),
      stream: Number(row.stream),
      line: String(row.line),
      metadata: metadataOf(row),
    }))
  }

  /** The query over these rows alone. */
  private async matching(query: string, rows: readonly TailRow[]): Promise<readonly StreamResult[]> {
    const data = await queryRange(engineOf(rows, this.engine), query, {
      start: -ALL_TIME,
      end: ALL_TIME,
      limit: rows.length,
      direction: 'forward',
      limits: { length: ALL_TIME * 2n },
    })
    return data.resultType === 'streams' ? data.result : []
  }
}

interface TailRow extends Row {
  readonly seq: number
}

function metadataOf(row: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const found = Object.entries(row).filter(([name, value]) => name.startsWith('m_') && value !== null)
  return Object.fromEntries(found.map(([name, value]) => [name.slice(2), String(value)]))
}

/** An engine over rows in memory. */
function engineOf(rows: readonly Row[], engine: Engine): Engine {
  return {
    streams: () => engine.streams(),
    async *scan(request) {
      const wanted = new Set(request.streams)
      yield rows
        .filter(({ stream, time }) => wanted.has(stream) && time >= request.start && time < request.end)
        .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
    },
  }
}
