import type { RecordableHistogram } from 'node:perf_hooks'
import type { Fields } from '../encode/line.js'
import type { Ending } from './options.js'

/** Methods times routes times five status classes of a large service; the rest is counted together as `other`. */
const MOST_SERIES = 500

interface Series {
  readonly labels: Fields
  count: number
  kept: number
  sum: number
  min: number
  max: number
  /** Microseconds. Two figures: an error of at most 1 %, at a tenth of the memory of three. */
  readonly histogram: RecordableHistogram
}

/**
 * The exact numbers of all operations, kept or not: one series for each method, route and status class, or each name and
 * outcome. Counts, sums, least and most are exact; the quantiles come from an HDR histogram.
 */
export class Summaries {
  /**
   * By route or name, then by method and outcome: looking both up costs a fraction of one key put together from all
   * (bench `operation`).
   */
  private requests = new Map<string | undefined, (Series | undefined)[]>()
  private operations = new Map<string | undefined, (Series | undefined)[]>()
  private all: Series[] = []

  add(ending: Ending, isRequest: boolean, kept: boolean): void {
    const series = this.find(ending, isRequest)
    const { durationMs } = ending
    series.count++
    if (kept) series.kept++
    series.sum += durationMs
    series.min = Math.min(series.min, durationMs)
    series.max = Math.max(series.max, durationMs)
    series.histogram.record(Math.min(Math.max(1, Math.round(durationMs * 1000)), LONGEST_US))
  }

  /** The summaries since the last time, each as a message and its fields. */
  take(): { readonly message: string; readonly fields: Fields }[] {
    const taken = this.all.map((series) => ({
      message: 'method' in series.labels ? 'Request summary' : 'Operation summary',
      fields: fieldsOf(series),
    }))
    this.requests = new Map()
    this.operations = new Map()
    this.all = []
    return taken
  }

  private find(ending: Ending, isRequest: boolean): Series {
    const table = isRequest ? this.requests : this.operations
    const name = isRequest ? ending.route : ending.name
    const slot = isRequest ? methodIndex(ending.method) * CLASSES + classIndex(ending) : Number(ending.failed)
    const existing = table.get(name)?.[slot]
    if (existing !== undefined) return existing
    const labels = labelsOf(ending, isRequest)
    if (this.all.length < MOST_SERIES) return this.create(table, name, slot, labels)
    // Only labels that are bounded themselves (methods, status classes, outcomes), so that the rest is too.
    const rest = isRequest ? { ...labels, route: 'other' } : { ...labels, operation: 'other' }
    return table.get(REST)?.[slot] ?? this.create(table, REST, slot, rest)
  }

  private create(
    table: Map<string | undefined, (Series | undefined)[]>,
    name: string | undefined,
    slot: number,
    labels: Fields,
  ): Series {
    // Loaded here, since most programs that log sample nothing (bench `start-up`).
    const { createHistogram } = process.getBuiltinModule('node:perf_hooks')
    const histogram = createHistogram({ lowest: 1, highest: LONGEST_US, figures: 2 })
    const series = { labels, count: 0, kept: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: 0, histogram }
    const slots = table.get(name) ?? []
    slots[slot] = series
    table.set(name, slots)
    this.all.push(series)
    return series
  }
}

/** The name of what is counted together; no route and no operation is called so. */
const REST = '\u0000other'

/** An hour, in microseconds: longer operations count as an hour in the quantiles, and as they are in sum and max. */
const LONGEST_US = 3_600_000_000

function labelsOf(ending: Ending, isRequest: boolean): Fields {
  const { name, method, route, failed } = ending
  if (!isRequest) return { operation: name, outcome: failed ? 'failed' : 'completed' }
  return {
    method: methodLabel(method),
    route: route ?? 'unmatched',
    status_class: statusClass(ending),
  }
}

function methodLabel(method: string | undefined): string {
  if (method === undefined) return 'unknown'
  return METHODS[methodIndex(method)] ?? 'other'
}

function methodIndex(method: string | undefined): number {
  return method === undefined ? METHODS.length + 1 : (METHOD_INDEX.get(method) ?? METHODS.length)
}

function statusClass(ending: Ending): string {
  const index = classIndex(ending)
  return index === ABORTED ? 'aborted' : index === UNKNOWN ? 'unknown' : `${index}xx`
}

function classIndex({ aborted, status }: Ending): number {
  if (aborted) return ABORTED
  return status !== undefined && status >= 100 && status < 1000 ? Math.floor(status / 100) : UNKNOWN
}

/** Statuses are of three digits, so that these two are no class of theirs. */
const ABORTED = 10
const UNKNOWN = 11
const CLASSES = 12

/** What RFC 9110 and 5789 name; anything else is the client's invention, and would be a series for each. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE', 'QUERY']
const METHOD_INDEX = new Map(METHODS.map((method, index) => [method, index]))

function fieldsOf({ labels, count, kept, sum, min, max, histogram }: Series): Fields {
  // The histogram answers with the upper end of a bucket, which may lie above the largest of all.
  const quantile = (percent: number) => rounded(Math.min(Math.max(histogram.percentile(percent) / 1000, min), max))
  return {
    ...labels,
    count,
    kept,
    duration_ms_sum: rounded(sum),
    duration_ms_min: rounded(min),
    duration_ms_max: rounded(max),
    duration_ms_p50: quantile(50),
    duration_ms_p95: quantile(95),
    duration_ms_p99: quantile(99),
  }
}

/** Milliseconds to the microsecond. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
