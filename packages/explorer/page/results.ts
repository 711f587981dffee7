import { api, type QueryData, type Series } from './api.js'
import type { ValueCount } from './facets.js'
import type { Counts } from './histogram.js'
import { type Row, rowsOf } from './rows.js'
import { nanoseconds, stepFor, type TimeRange } from './time-range.js'

/** The answer to a query. */
export type Result =
  | { readonly kind: 'lines'; readonly rows: readonly Row[]; readonly isCut: boolean; readonly ms: number }
  | { readonly kind: 'series'; readonly series: readonly Series[]; readonly ms: number }

/** Loki's `max_entries_limit_per_query` by default. */
export const MOST_LINES = 5000
const FIRST_LINES = 1000

/** Runs a query over a range of time. */
export async function run(
  query: string,
  range: TimeRange,
  signal: AbortSignal,
  limit: number = FIRST_LINES,
): Promise<Result> {
  const began = performance.now()
  const data = await api.queryRange(
    { query, ...ends(range), limit, direction: 'backward', step: stepFor(range, 240) },
    signal,
  )
  const ms = performance.now() - began
  if (data.resultType !== 'streams') return { kind: 'series', series: seriesOf(data), ms }
  const rows = rowsOf(data.result)
  return { kind: 'lines', rows, isCut: rows.length >= limit, ms }
}

function seriesOf(data: Exclude<QueryData, { readonly resultType: 'streams' }>): readonly Series[] {
  if (data.resultType === 'matrix') return data.result
  if (data.resultType === 'scalar') return [{ metric: {}, values: [data.result] }]
  return data.result.map(({ metric, value }) => ({ metric, values: [value] }))
}

/** Lines by level and time. */
export async function histogram(query: string, range: TimeRange, label: string, signal: AbortSignal): Promise<Counts> {
  const step = stepFor(range, 120)
  const data = await api.queryRange(
    { query: `sum by (${label}) (count_over_time(${countable(query)} [${step}s]))`, ...ends(range), step },
    signal,
  )
  return { step, label, series: data.resultType === 'matrix' ? data.result : [] }
}

/** How many lines a query finds, exactly. */
export async function total(query: string, range: TimeRange, signal: AbortSignal): Promise<number> {
  const data = await api.query(over(`sum(count_over_time(${countable(query)} [RANGE]))`, range), signal)
  return data.resultType === 'vector' ? Number(data.result[0]?.value[1] ?? 0) : 0
}

/** A field's most frequent values among all lines that a query finds. */
export async function valueCounts(
  query: string,
  name: string,
  isLabel: boolean,
  range: TimeRange,
): Promise<readonly ValueCount[]> {
  const parsed =
    isLabel || /\|\s*(?:json|logfmt|unpack|regexp|pattern)\b/.test(query) ? query : `${query}\n| json ${name}`
  const data = await api.query(
    over(`topk(10, sum by (${name}) (count_over_time(${countable(parsed)} [RANGE])))`, range),
  )
  if (data.resultType !== 'vector') return []
  return data.result
    .map(({ metric, value }) => ({ value: metric[name] ?? '', count: Number(value[1]) }))
    .sort((a, b) => b.count - a.count)
}

/** Lines before and after a line, of its stream. */
export async function linesAround(row: Row, labels: readonly string[]): Promise<readonly Row[]> {
  const matchers = labels.flatMap((name) =>
    name === 'level' || name === 'detected_level' || row.labels[name] === undefined
      ? []
      : [`${name}=${JSON.stringify(row.labels[name])}`],
  )
  const query = `{${matchers.join(', ')}}`
  const at = BigInt(row.ns)
  const day = 86_400_000_000_000n
  const [before, after] = await Promise.all([
    api.queryRange({ query, start: `${at - day}`, end: `${at}`, limit: 8, direction: 'backward' }),
    api.queryRange({ query, start: `${at}`, end: `${at + day}`, limit: 9, direction: 'forward' }),
  ])
  return [before, after].flatMap((data) => (data.resultType === 'streams' ? rowsOf(data.result).toReversed() : []))
}

/** A line that does not parse would make the whole count an error. */
function countable(query: string): string {
  return `${query}\n| drop __error__, __error_details__`
}

/** Loki's range of a log query is [start, end), and of a range vector (t - r, t]: a nanosecond makes them the same. */
function over(query: string, { from, to }: TimeRange) {
  const [start, end] = [Math.floor(from), Math.ceil(to)]
  return { query: query.replace('[RANGE]', `[${end - start}ms]`), time: `${BigInt(nanoseconds(end)) - 1n}` }
}

function ends({ from, to }: TimeRange) {
  return { start: nanoseconds(Math.floor(from)), end: nanoseconds(Math.ceil(to)) }
}
