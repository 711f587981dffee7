import type { LogRecord } from '../record/record.js'
import { Durations } from './sketch.js'
import { label, type Unit, unitOf } from './unit.js'

/** Routes beyond this many are counted together, as `other`. */
const MOST_ROUTES = 2000

/** The numbers of one route, or of one operation. */
export interface RouteNumbers {
  readonly kind: Unit['kind']
  readonly method: string
  readonly route: string
  readonly durations: Durations
  failed: number
}

/** How the numbers came about, in requests and operations. */
export interface Provenance {
  /** Told by summary lines, which count what sampling let go too. */
  summarized: number
  /** Each seen, on a line of its own. */
  seen: number
  /** Stood for by others, by their `sample_rate`. */
  estimated: number
}

type Numbers = Map<string, RouteNumbers>

/**
 * Counts requests and operations. Where lines were sampled, a process's periodic summaries are exact: each takes the place
 * of all that was counted of the process since the one before. What comes after the last summary is estimated.
 */
export class UnitTally {
  readonly provenance: Provenance = { summarized: 0, seen: 0, estimated: 0 }
  private readonly total: Numbers = new Map()
  /** By process: what its next summary will cover. */
  private readonly pending = new Map<string, Numbers>()

  /** @returns the unit that the line is the end of. */
  add(record: LogRecord, source: string): Unit | undefined {
    if (record.message === 'Request summary' || record.message === 'Operation summary') {
      this.addSummary(record, processOf(record, source))
      return undefined
    }
    const unit = unitOf(record)
    if (unit !== undefined) this.addUnit(unit, processOf(record, source))
    return unit
  }

  /** All routes, once every line was added. */
  routes(): readonly RouteNumbers[] {
    for (const numbers of this.pending.values()) {
      for (const [key, { durations, failed, ...labels }] of numbers) {
        const into = find(this.total, key, labels)
        into.durations.merge(durations)
        into.failed += failed
      }
    }
    for (const [seen, estimated] of this.open.values()) {
      this.provenance.seen += seen
      this.provenance.estimated += estimated
    }
    this.pending.clear()
    this.open.clear()
    return [...this.total.values()].sort((a, b) => b.durations.count - a.durations.count)
  }

  /** By process: units seen since its last summary, and those that they stand for beyond themselves. */
  private readonly open = new Map<string, [number, number]>()

  private addUnit(unit: Unit, process: string): void {
    const { kind, method, route, durationMs, failed, weight } = unit
    let numbers = this.pending.get(process)
    if (numbers === undefined) {
      numbers = new Map()
      this.pending.set(process, numbers)
      this.open.set(process, [0, 0])
    }
    const into = find(numbers, `${kind} ${method} ${route}`, { kind, method, route })
    into.durations.add(durationMs, weight)
    if (failed) into.failed += weight
    const open = this.open.get(process) ?? [0, 0]
    open[0]++
    open[1] += weight - 1
  }

  private addSummary(record: LogRecord, process: string): void {
    const number = (name: string) => (typeof record[name] === 'number' ? record[name] : 0)
    const count = number('count')
    const isRequest = record.message === 'Request summary'
    const kind = isRequest ? 'request' : 'operation'
    const method = isRequest ? label(String(record.method ?? '')) : ''
    const route = label(String((isRequest ? record.route : record.operation) ?? 'unmatched'))
    const into = find(this.total, `${kind} ${method} ${route}`, { kind, method, route })
    into.durations.addSummary({
      count,
      sum: number('duration_ms_sum'),
      min: number('duration_ms_min'),
      p50: number('duration_ms_p50'),
      p95: number('duration_ms_p95'),
      p99: number('duration_ms_p99'),
      max: number('duration_ms_max'),
    })
    if (record.status_class === '5xx' || record.outcome === 'failed') into.failed += count
    this.provenance.summarized += count
    this.pending.delete(process)
    this.open.delete(process)
  }
}

function find(numbers: Numbers, key: string, labels: Pick<RouteNumbers, 'kind' | 'method' | 'route'>): RouteNumbers {
  let found = numbers.get(key)
  if (found !== undefined) return found
  if (numbers.size >= MOST_ROUTES && labels.route !== 'other') {
    return find(numbers, `${labels.kind} other`, { kind: labels.kind, method: '', route: 'other' })
  }
  found = { ...labels, durations: new Durations(), failed: 0 }
  numbers.set(key, found)
  return found
}

function processOf({ service, boot_id, pod }: LogRecord, source: string): string {
  return `${source}\n${service ?? ''}\n${boot_id ?? pod ?? ''}`
}
