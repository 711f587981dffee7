import {
  type Engine,
  instantParameters,
  type Labels,
  type Limits,
  LogQLError,
  matches,
  parseSelector,
  queryInstant,
  queryRange,
  rangeParameters,
  timeRange,
} from '@throughline/logql'
import { type Answer, json, text } from '../server/headers.js'
import type { LogStore } from '../store/log-store.js'
import { BriefCache } from './brief-cache.js'
import { LocalTail, type Tailing } from './local-tail.js'
import type { Loki, Read } from './loki.js'

/** Files may hold years, and all of them are on this machine. */
const ALL_TIME: Partial<Limits> = { length: 1n << 62n }

type TimeRange = ReturnType<typeof timeRange>

/** Loki's read API over the lines of files. */
export class LocalLoki implements Loki {
  private readonly streams: BriefCache<readonly Labels[]>
  private readonly live: LocalTail

  /**
   * @param tailing Tells of new lines.
   * @param limits Of a query; by default it may cover any time.
   */
  constructor(
    private readonly store: LogStore,
    private readonly engine: Engine,
    tailing: Tailing,
    private readonly limits: Partial<Limits> = ALL_TIME,
  ) {
    this.streams = new BriefCache(async () => (await engine.streams()).map(({ labels }) => labels))
    this.live = new LocalTail(store, engine, tailing)
  }

  async answer({ path, params, flags }: Read, signal: AbortSignal): Promise<Answer> {
    try {
      return await this.read(path.slice('/loki/api/v1/'.length), params, signal, flags)
    } catch (error) {
      if (error instanceof LogQLError) return text(`${error.message}\n`, error.status)
      throw error
    }
  }

  tail(params: URLSearchParams, send: (message: string) => void, signal: AbortSignal): Promise<void> {
    return this.live.follow(params, send, signal)
  }

  private async read(name: string, params: URLSearchParams, signal: AbortSignal, flags?: string): Promise<Answer> {
    const now = BigInt(Date.now()) * 1_000_000n
    const query = params.get('query') ?? ''
    if (name === 'query') {
      const options = instantParameters(params, now)
      return success({
        ...(await queryInstant(this.engine, query, { ...options, limits: this.limits, signal })),
        stats: {},
      })
    }
    if (name === 'query_range') {
      const categorizeLabels = flags?.split(',').includes('categorize-labels') ?? false
      const options = { ...rangeParameters(params, now), categorizeLabels }
      return success({
        ...(await queryRange(this.engine, query, { ...options, limits: this.limits, signal })),
        stats: {},
      })
    }
    const range = timeRange(params, now)
    if (name === 'index/stats') return json(await this.stats(query, range))
    const streams = await this.streamsFor(params, range)
    if (name === 'series') return success(streams)
    if (name === 'labels') return success(sorted(streams.flatMap((labels) => Object.keys(labels))))
    const label = /^label\/(\w+)\/values$/.exec(name)?.[1] ?? ''
    return success(sorted(streams.flatMap((labels) => labels[label] ?? [])))
  }

  /** Streams that one of the selectors matches; all of them where there is none. */
  private async streamsFor(params: URLSearchParams, range: TimeRange): Promise<readonly Labels[]> {
    const query = params.get('query')
    const texts = [...params.getAll('match[]'), ...params.getAll('match'), ...(query === null ? [] : [query])]
    const selectors = texts.filter((each) => each.trim() !== '' && each.trim() !== '{}').map(parseSelector)
    const streams = params.has('start') || params.has('end') ? await this.streamsIn(range) : await this.streams.get()
    return selectors.length === 0
      ? streams
      : streams.filter((labels) => selectors.some((matchers) => matches(matchers, labels)))
  }

  /** Streams that have a line in a range of time. */
  private async streamsIn({ start, end }: TimeRange): Promise<readonly Labels[]> {
    const rows = await this.store.rows('select distinct stream from lines where ts >= $start and ts < $end', {
      start,
      end,
    })
    const ids = new Set(rows.map(({ stream }) => Number(stream)))
    return (await this.engine.streams()).filter(({ id }) => ids.has(id)).map(({ labels }) => labels)
  }

  private async stats(query: string, { start, end }: TimeRange) {
    const matchers = parseSelector(query)
    const ids = (await this.engine.streams()).filter(({ labels }) => matches(matchers, labels)).map(({ id }) => id)
    if (ids.length === 0) return { streams: 0, chunks: 0, bytes: 0, entries: 0 }
    const [row] = await this.store.rows(
      `select count(distinct stream) as streams, count(*) as entries, sum(strlen(line)) as bytes from lines
       where ts >= $start and ts < $end and stream in (${ids.join(', ')})`,
      { start, end },
    )
    return {
      streams: Number(row?.streams ?? 0),
      chunks: 0,
      bytes: Number(row?.bytes ?? 0),
      entries: Number(row?.entries ?? 0),
    }
  }
}

function success(data: unknown): Answer {
  return json({ status: 'success', data })
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort()
}
