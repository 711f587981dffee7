import {
  type Engine,
  instantParameters,
  type Labels,
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
const LIMITS = { length: 1n << 62n }

/** Loki's read API over the lines of files. */
export class LocalLoki implements Loki {
  private readonly streams: BriefCache<readonly Labels[]>
  private readonly live: LocalTail

  /** @param tailing Tells of new lines. */
  constructor(
    private readonly store: LogStore,
    private readonly engine: Engine,
    tailing: Tailing,
  ) {
    this.streams = new BriefCache(async () => (await engine.streams()).map(({ labels }) => labels))
    this.live = new LocalTail(store, engine, tailing)
  }

  async answer({ path, params }: Read, signal: AbortSignal): Promise<Answer> {
    try {
      return await this.read(path.slice('/loki/api/v1/'.length), params, signal)
    } catch (error) {
      if (error instanceof LogQLError) return text(`${error.message}\n`, error.status)
      throw error
    }
  }

  tail(params: URLSearchParams, send: (message: string) => void, signal: AbortSignal): Promise<void> {
    return this.live.follow(params, send, signal)
  }

  private async read(name: string, params: URLSearchParams, signal: AbortSignal): Promise<Answer> {
    const now = BigInt(Date.now()) * 1_000_000n
    const query = params.get('query') ?? ''
    if (name === 'query') {
      const options = instantParameters(params, now)
      return success({ ...(await queryInstant(this.engine, query, { ...options, limits: LIMITS, signal })), stats: {} })
    }
    if (name === 'query_range') {
      const options = rangeParameters(params, now)
      return success({ ...(await queryRange(this.engine, query, { ...options, limits: LIMITS, signal })), stats: {} })
    }
    const range = timeRange(params, now)
    if (name === 'index/stats') return json(await this.stats(query, range))
    const streams = await this.streamsFor(params)
    if (name === 'series') return success(streams)
    if (name === 'labels') return success(sorted(streams.flatMap((labels) => Object.keys(labels))))
    const label = /^label\/(\w+)\/values$/.exec(name)?.[1] ?? ''
    return success(sorted(streams.flatMap((labels) => labels[label] ?? [])))
  }

  /** Streams that one of the selectors matches; all of them where there is none. */
  private async streamsFor(params: URLSearchParams): Promise<readonly Labels[]> {
    const query = params.get('query')
    const texts = [...params.getAll('match[]'), ...params.getAll('match'), ...(query === null ? [] : [query])]
    const selectors = texts.filter((each) => each.trim() !== '' && each.trim() !== '{}').map(parseSelector)
    const streams = await this.streams.get()
    return selectors.length === 0
      ? streams
      : streams.filter((labels) => selectors.some((matchers) => matches(matchers, labels)))
  }

  private async stats(query: string, { start, end }: { readonly start: bigint; readonly end: bigint }) {
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
