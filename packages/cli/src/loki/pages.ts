import { getJson, LokiError, PageTooLarge } from './client.js'
import type { Connection } from './connection.js'

/** What is asked for: the lines of a query in a span of time, the end not included. Nanoseconds since the epoch. */
export interface Range {
  readonly query: string
  readonly start: bigint
  readonly end: bigint
}

/** Limits of an answer, of which the reader is told. */
export interface Limits {
  /** Lines that are fetched at most. */
  readonly lines: number
  /** Called when they were, with the time of the last line. */
  onCut(reason: string): void
}

/** Loki's own default for `max_entries_limit_per_query`. */
const PAGE_LINES = 5000
/** A query is not asked for a shorter time when the server wants shorter ones. */
const SHORTEST_SPAN = 60_000_000_000n

type Entry = readonly [time: bigint, line: string]

/**
 * The lines of a query in the order of time, page by page. Each page begins at the time of the last line of the one before it, since
 * several lines may have that time; those that were there already are left out.
 *
 * @throws LokiError when Loki refuses the query.
 */
export async function* pages(
  connection: Connection,
  range: Range,
  { lines, onCut }: Limits,
  signal: AbortSignal,
): AsyncGenerator<readonly string[], void> {
  const pager = new Pager(connection, range.query, signal)
  let { start } = range
  let left = lines
  /** The lines of the last time, with how often each was there. */
  let overlap = new Map<string, number>()
  for (let span = range.end - start; start < range.end && !signal.aborted; ) {
    let end = start + span
    if (end > range.end) end = range.end
    const page = await pager.page(start, end)
    if (page === 'too long') {
      span = (end - start) / 2n
      continue
    }
    const fresh = withoutOverlap(page, start, overlap)
    const taken = fresh.slice(0, left)
    left -= taken.length
    yield taken.map(([, line]) => line)
    const isFull = page.length >= pager.limit
    const last = page.at(-1)?.[0] ?? end
    if (taken.length < fresh.length || (left === 0 && (isFull || end < range.end))) {
      const until = taken.at(-1)?.[0] ?? last
      onCut(
        `only the first ${lines} lines were fetched, up to ${iso(until)}; --fetch raises the bound, --query and --since narrow the search`,
      )
      return
    }
    if (!isFull) {
      start = end
      overlap = new Map()
    } else if (fresh.length > 0) {
      overlap = last === start ? added(overlap, fresh) : counts(page, last)
      start = last
    } else {
      onCut(`${page.length} lines or more have the time ${iso(last)}, and Loki gives no more than these of one time`)
      start = last + 1n
      overlap = new Map()
    }
  }
}

/** Asks for pages, of fewer lines where Loki's limits want it. */
class Pager {
  limit = PAGE_LINES

  constructor(
    private readonly connection: Connection,
    private readonly query: string,
    private readonly signal: AbortSignal,
  ) {}

  /** `too long` where Loki answers queries of shorter spans only. */
  async page(start: bigint, end: bigint): Promise<readonly Entry[] | 'too long'> {
    for (;;) {
      const parameters = { query: this.query, start: String(start), end: String(end), limit: String(this.limit) }
      const search = new URLSearchParams({ ...parameters, direction: 'forward' })
      try {
        return entriesIn(await getJson(this.connection, '/loki/api/v1/query_range', search, this.signal))
      } catch (error) {
        const limit = error instanceof PageTooLarge ? Math.floor(this.limit / 4) : limitIn(error)
        if (limit !== undefined && limit > 0 && limit < this.limit) this.limit = limit
        else if (isTooLong(error) && end - start > SHORTEST_SPAN) return 'too long'
        else throw error
      }
    }
  }
}

/** `max entries limit per query exceeded, limit > max_entries_limit_per_query (6000 > 5000)` */
function limitIn(error: unknown): number | undefined {
  const reason = error instanceof LokiError ? error.reason : ''
  if (!reason.startsWith('max entries limit per query exceeded')) return undefined
  const limit = /\(\d+ > (\d+)\)/.exec(reason)?.[1]
  return limit === undefined ? undefined : Number(limit)
}

/** `the query time range exceeds the limit (query length: 1440h20m0s, limit: 30d1h)` */
function isTooLong(error: unknown): boolean {
  return (
    error instanceof LokiError &&
    /query time range exceeds the limit|query length|would read too many bytes/.test(error.reason)
  )
}

/** Streams of one answer are apart; their lines are one story. */
function entriesIn(answer: unknown): readonly Entry[] {
  const { data } = answer as { data?: { resultType?: string; result?: readonly { values?: unknown }[] } }
  if (data?.resultType !== 'streams' || !Array.isArray(data.result))
    throw new LokiError(
      'loki',
      200,
      `the query gives ${data?.resultType ?? 'no lines'}; accepted: a query for lines, such as {service="api"}`,
    )
  const entries = data.result.flatMap(({ values }) =>
    Array.isArray(values) ? values.map((value): Entry => [BigInt(value[0]), String(value[1])]) : [],
  )
  return entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

function withoutOverlap(page: readonly Entry[], start: bigint, overlap: ReadonlyMap<string, number>): readonly Entry[] {
  if (overlap.size === 0) return page
  const left = new Map(overlap)
  return page.filter(([time, line]) => {
    const count = left.get(line) ?? 0
    if (time !== start || count === 0) return true
    left.set(line, count - 1)
    return false
  })
}

function counts(page: readonly Entry[], time: bigint): Map<string, number> {
  return added(
    new Map(),
    page.filter(([each]) => each === time),
  )
}

function added(known: ReadonlyMap<string, number>, entries: readonly Entry[]): Map<string, number> {
  const all = new Map(known)
  for (const [, line] of entries) all.set(line, (all.get(line) ?? 0) + 1)
  return all
}

function iso(time: bigint): string {
  return new Date(Number(time / 1_000_000n)).toISOString()
}
