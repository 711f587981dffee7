import { createContext } from './context.js'
import type { Engine } from './engine.js'
import { LogQLError } from './error.js'
import { formatValue } from './go-number.js'
import type { Labels } from './labels.js'
import { defaultLimits, type Limits } from './limits.js'
import { evaluateLog } from './log-query.js'
import { evaluate } from './metric/evaluate.js'
import type { Metric, Vector } from './metric/sample.js'
import { parseQuery } from './parse/parse.js'
import type { MetricQuery } from './query.js'
import type { Point, QueryData } from './result.js'

/** Parameters of a query at one time. */
export type InstantOptions = {
  /** Nanoseconds since the epoch. */
  readonly time: bigint
  readonly limits?: Partial<Limits> | undefined
  readonly signal?: AbortSignal | undefined
}

/** Parameters of a query over a range of time. Times are nanoseconds since the epoch. */
export type RangeOptions = {
  /** A log query returns lines from `start` (inclusive) to `end` (exclusive). */
  readonly start: bigint
  readonly end: bigint
  /** Nanoseconds between two points of a metric query. Default: a 250th of the range, in whole seconds, at least one. */
  readonly step?: bigint | undefined
  /** How many lines a log query returns at most. Default 100. */
  readonly limit?: number | undefined
  /** Default `backward`: the newest lines first. */
  readonly direction?: 'forward' | 'backward' | undefined
  /** The least time between two lines, in nanoseconds. Default 0: no line is left out. */
  readonly interval?: bigint | undefined
  /** Whether a stream's labels are only those of the stream, with the others beside each line (`X-Loki-Response-Encoding-Flags: categorize-labels`). */
  readonly categorizeLabels?: boolean | undefined
  readonly limits?: Partial<Limits> | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Evaluates a metric query at one time, as `/loki/api/v1/query`.
 *
 * @throws LogQLError for a query that gets no answer; its `status` is the HTTP status to answer with.
 */
export async function queryInstant(engine: Engine, text: string, options: InstantOptions): Promise<QueryData> {
  const query = parseQuery(text)
  const { time } = options
  if (query.kind === 'log')
    throw new LogQLError(
      'invalid',
      'log queries are not supported as an instant query type, please change your query to a range query type',
    )
  if (query.kind === 'literal') return { resultType: 'scalar', result: [secondsOf(time), formatValue(query.value)] }
  const context = await createContext(engine, options.signal)
  const [evaluated = []] = await evaluate(query, { start: time, step: 1n, count: 1 }, context)
  const vector = keepsOrder(query) ? evaluated : [...evaluated].sort((a, b) => (a.metric.key < b.metric.key ? -1 : 1))
  checkSeries(vector.length, { ...defaultLimits, ...options.limits })
  return {
    resultType: 'vector',
    result: vector.map(({ metric, value }) => ({
      metric: metric.labels,
      value: [secondsOf(time), formatValue(value)],
    })),
  }
}

/**
 * Evaluates a query over a range of time, as `/loki/api/v1/query_range`. The points of a metric query lie at multiples of the step, from
 * the last one before `start` to the first one after `end`, as Loki aligns them.
 *
 * @throws LogQLError for a query that gets no answer; its `status` is the HTTP status to answer with.
 */
export async function queryRange(engine: Engine, text: string, options: RangeOptions): Promise<QueryData> {
  const query = parseQuery(text)
  const limits = { ...defaultLimits, ...options.limits }
  const { start, end } = options
  checkRange(options, limits)
  const context = await createContext(engine, options.signal)
  if (query.kind === 'log') {
    const { limit = 100, direction = 'backward', interval = 0n, categorizeLabels = false } = options
    if (limit > limits.entries)
      throw parameter(
        `max entries limit per query exceeded, limit > max_entries_limit_per_query (${limit} > ${limits.entries})`,
      )
    const result = await evaluateLog(
      query,
      { start, end: end > start ? end : start + 1n, limit, direction, interval, categorizeLabels },
      context,
    )
    return categorizeLabels
      ? { resultType: 'streams', encodingFlags: ['categorize-labels'], result }
      : { resultType: 'streams', result }
  }
  const step = options.step ?? defaultStep(start, end)
  const first = floor(start, step)
  const count = Number((floor(end + step - 1n, step) - first) / step) + 1
  const vectors = await evaluate(query, { start: first, step, count }, context)
  return { resultType: 'matrix', result: matrix(vectors, { first, step }, limits) }
}

/** `sort` and `sort_desc` order by value; every other vector is ordered by its labels. */
function keepsOrder(query: MetricQuery): boolean {
  return query.kind === 'vector' && (query.operator === 'sort' || query.operator === 'sort_desc')
}

/** Returns the step of a range query that gives none, in nanoseconds. */
function defaultStep(start: bigint, end: bigint): bigint {
  const seconds = (end - start) / 1_000_000_000n / 250n
  return (seconds < 1n ? 1n : seconds) * 1_000_000_000n
}

function checkRange({ start, end, step, limit }: RangeOptions, limits: Limits): void {
  if (limit !== undefined && limit <= 0) throw parameter('limit must be a positive value')
  if (end < start) throw parameter('end timestamp must not be before or equal to start time')
  if (step !== undefined && step <= 0n)
    throw parameter('zero or negative query resolution step widths are not accepted. Try a positive integer')
  if (step !== undefined && (end - start) / step > BigInt(limits.points))
    throw parameter(
      'exceeded maximum resolution of 11,000 points per time series. Try increasing the value of the step parameter',
    )
  if (end - start > limits.length)
    throw parameter(
      `the query time range exceeds the limit (query length: ${hours(end - start)}, limit: ${hours(limits.length)})`,
    )
}

function hours(nanoseconds: bigint): string {
  return `${Number(nanoseconds / 60_000_000_000n) / 60}h`
}

function parameter(message: string): LogQLError {
  return new LogQLError('parameter', message)
}

function floor(time: bigint, step: bigint): bigint {
  const rest = time % step
  return time - (rest < 0n ? rest + step : rest)
}

function secondsOf(time: bigint): number {
  return Number(time / 1_000_000n) / 1000
}

function matrix(
  vectors: readonly Vector[],
  { first, step }: { readonly first: bigint; readonly step: bigint },
  limits: Limits,
): { readonly metric: Labels; readonly values: readonly Point[] }[] {
  const series = new Map<string, { readonly metric: Metric; readonly values: Point[] }>()
  vectors.forEach((vector, index) => {
    const time = secondsOf(first + step * BigInt(index))
    for (const { metric, value } of vector) {
      const point: Point = [time, formatValue(value)]
      const found = series.get(metric.key)
      if (found) found.values.push(point)
      else series.set(metric.key, { metric, values: [point] })
    }
  })
  checkSeries(series.size, limits)
  return [...series.values()]
    .sort((a, b) => (a.metric.key < b.metric.key ? -1 : 1))
    .map(({ metric, values }) => ({ metric: metric.labels, values }))
}

function checkSeries(count: number, limits: Limits): void {
  if (count > limits.series)
    throw new LogQLError(
      'limit',
      `maximum number of series (${limits.series}) reached for a single query; consider reducing query cardinality by adding more specific stream selectors, reducing the time range, or aggregating results with functions like sum(), count() or topk()`,
    )
}
