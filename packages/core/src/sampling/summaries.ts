import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
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
    const series = this.find(labelsOf(ending, isRequest), isRequest)
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

  private find(labels: Fields, isRequest: boolean): Series {
    const key = JSON.stringify(labels)
    const existing = this.series.get(key)
    if (existing !== undefined) return existing
    if (this.series.size >= MOST_SERIES) {
      const rest = isRequest ? { ...labels, route: 'other' } : { ...labels, operation: 'other' }
      const found = this.series.get(JSON.stringify(rest))
      // Labels that are bounded themselves (methods, status classes), so that the rest is too.
      if (found !== undefined || this.series.size >= MOST_SERIES * 2) return found ?? this.create('other', rest)
      return this.create(JSON.stringify(rest), rest)
    }
    return this.create(key, labels)
  }

  private create(key: string, labels: Fields): Series {
    const histogram = createHistogram({ lowest: 1, highest: LONGEST_US, figures: 2 })
    const series = { labels, count: 0, kept: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: 0, histogram }
    this.series.set(key, series)
    return series
  }
}

/** An hour, in microseconds: longer operations count as an hour in the quantiles, and as they are in sum and max. */
const LONGEST_US = 3_600_000_000

function labelsOf(ending: Ending, isRequest: boolean): Fields {
  const { name, method = 'UNKNOWN', route, status, failed, aborted } = ending
  if (!isRequest) return { operation: name, outcome: failed ? 'failed' : 'completed' }
  return {
    method: KNOWN_METHODS.has(method) ? method : 'other',
    route: route ?? 'unmatched',
    status_class: aborted ? 'aborted' : status === undefined ? 'unknown' : `${Math.floor(status / 100)}xx`,
  }
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
