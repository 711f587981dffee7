import type { Fields } from '../encode/field.js'
import { QuantileSketch } from '../quantile-sketch.js'
import type { Ending } from './sampling-options.js'

/** Methods times routes times five status classes of a large service; the rest is counted together as `other`. */
const MOST_SERIES = 500

interface Series {
  readonly labels: Fields
  kept: number
  sum: number
  min: number
  max: number
  /** Of milliseconds. */
  readonly sketch: QuantileSketch
}

/**
 * The exact numbers of all operations, kept or not: one series for each method, route and status class, or each name and
 * outcome. Counts, sums, least and most are exact; the quantiles are within 1 %, and the sketch that they come from adds up over processes.
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
    if (kept) series.kept++
    series.sum += durationMs
    series.min = Math.min(series.min, durationMs)
    series.max = Math.max(series.max, durationMs)
    series.sketch.add(durationMs)
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
    const sketch = new QuantileSketch()
    const series = { labels, kept: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: 0, sketch }
    const slots = table.get(name) ?? []
    slots[slot] = series
    table.set(name, slots)
    this.all.push(series)
    return series
  }
}

/** The name of what is counted together; no route and no operation is called so. */
const REST = '\u0000other'

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

function fieldsOf({ labels, kept, sum, min, max, sketch }: Series): Fields {
  // The sketch answers with the middle of a bucket, which may lie outside what was measured.
  const quantile = (share: number) => rounded(Math.min(Math.max(sketch.quantile(share), min), max))
  return {
    ...labels,
    count: sketch.count,
    kept,
    duration_ms_sum: rounded(sum),
    duration_ms_min: rounded(min),
    duration_ms_max: rounded(max),
    duration_ms_p50: quantile(0.5),
    duration_ms_p95: quantile(0.95),
    duration_ms_p99: quantile(0.99),
    duration_ms_sketch: sketch.encode(),
  }
}

/** Milliseconds to the microsecond. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
