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
  private series = new Map<string, Series>()

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
    const taken = [...this.series.values()].map((series) => ({
      message: 'method' in series.labels ? 'Request summary' : 'Operation summary',
      fields: fieldsOf(series),
    }))
    this.series = new Map()
    return taken
  }

  private find(ending: Ending, isRequest: boolean): Series {
    const { name, method, route } = ending
    const key = isRequest ? `${methodLabel(method)} ${statusClass(ending)} ${route}` : `${ending.failed} ${name}`
    const existing = this.series.get(key)
    if (existing !== undefined) return existing
    const labels = labelsOf(ending, isRequest)
    if (this.series.size < MOST_SERIES) return this.create(key, labels)
    // Only labels that are bounded themselves (methods, status classes, outcomes), so that the rest is too.
    const rest = isRequest ? { ...labels, route: 'other' } : { ...labels, operation: 'other' }
    const restKey = JSON.stringify(rest)
    return this.series.get(restKey) ?? this.create(restKey, rest)
  }

  private create(key: string, labels: Fields): Series {
    // Loaded here, since most programs that log sample nothing (bench `start-up`).
    const { createHistogram } = process.getBuiltinModule('node:perf_hooks')
    const histogram = createHistogram({ lowest: 1, highest: LONGEST_US, figures: 2 })
    const series = { labels, count: 0, kept: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: 0, histogram }
    this.series.set(key, series)
    return series
  }
}

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
  return KNOWN_METHODS.has(method) ? method : 'other'
}

function statusClass({ aborted, status }: Ending): string {
  if (aborted) return 'aborted'
  return status === undefined ? 'unknown' : `${Math.floor(status / 100)}xx`
}

/** What RFC 9110 and 5789 name; anything else is the client's invention, and would be a series for each. */
const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE', 'QUERY'])

function fieldsOf({ labels, count, kept, sum, min, max, histogram }: Series): Fields {
  const quantile = (percent: number) => rounded(histogram.percentile(percent) / 1000)
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
