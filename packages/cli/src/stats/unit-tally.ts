import type { LogRecord } from '../record/record.js'
import { Durations } from './durations.js'
import { Hops } from './hops.js'
import { label, serviceOf, type Unit, unitOf } from './unit.js'

/** Routes beyond this many are counted together, as `other`. */
const MOST_ROUTES = 2000

/** What waits for a summary that covers it has a bound, of routes of processes: what a process has done last comes last. */
const MOST_PENDING = 20_000

type Labels = Pick<Unit, 'kind' | 'service' | 'method' | 'route'>

/** The numbers of one route of a service, or of one operation. */
export interface RouteNumbers extends Labels {
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

/** What a process did since its last summary. */
interface Pending {
  readonly numbers: Numbers
  /** Units, and what they stand for beyond themselves. */
  seen: number
  estimated: number
  /** By the order of all units. */
  lastUsed: number
}

/**
 * Counts requests and operations. Where lines were sampled, a process's periodic summaries are exact: each takes the place
 * of all that was counted of the process since the one before. What comes after the last summary is estimated.
 */
export class UnitTally {
  readonly provenance: Provenance = { summarized: 0, seen: 0, estimated: 0 }
  readonly hops = new Hops()
  private readonly total: Numbers = new Map()
  /** By process. */
  private readonly pending = new Map<string, Pending>()
  /** The routes in them. */
  private waiting = 0
  private units = 0

  /** @returns the unit that the line is the end of. */
  add(record: LogRecord, source: string, origin?: string): Unit | undefined {
    if (record.message === 'Request summary' || record.message === 'Operation summary') {
      this.addSummary(record, processOf(record, source), serviceOf(record, origin))
      return undefined
    }
    const unit = unitOf(record, origin)
    if (unit === undefined) return undefined
    this.addUnit(unit, processOf(record, source))
    if (unit.kind === 'request') this.hops.add(record, unit)
    return unit
  }

  /** All routes, once every line was added. */
  routes(): readonly RouteNumbers[] {
    for (const [process, pending] of this.pending) this.settle(process, pending)
    return [...this.total.values()].sort((a, b) => b.durations.count - a.durations.count)
  }

  private addUnit(unit: Unit, process: string): void {
    const { durationMs, failed, weight } = unit
    let pending = this.pending.get(process)
    if (pending === undefined) {
      pending = { numbers: new Map(), seen: 0, estimated: 0, lastUsed: 0 }
      this.pending.set(process, pending)
    }
    const { numbers } = pending
    const before = numbers.size
    const into = find(numbers, labelsOf(unit))
    into.durations.add(durationMs, weight)
    if (failed) into.failed += weight
    pending.seen++
    pending.estimated += weight - 1
    pending.lastUsed = ++this.units
    this.waiting += numbers.size - before
    if (this.waiting > MOST_PENDING) this.settleOldest()
  }

  /** No summary will come that covers this. */
  private settle(process: string, { numbers, seen, estimated }: Pending): void {
    for (const { durations, failed, ...labels } of numbers.values()) {
      const into = find(this.total, labels)
      into.durations.merge(durations)
      into.failed += failed
    }
    this.provenance.seen += seen
    this.provenance.estimated += estimated
    this.forget(process)
  }

  /** The half that was not heard of for the longest time, which is over in all likelihood. */
  private settleOldest(): void {
    const oldest = [...this.pending].sort(([, a], [, b]) => a.lastUsed - b.lastUsed)
    for (const [process, pending] of oldest) {
      if (this.waiting <= MOST_PENDING / 2) return
      this.settle(process, pending)
    }
  }

  private forget(process: string): void {
    this.waiting -= this.pending.get(process)?.numbers.size ?? 0
    this.pending.delete(process)
  }

  private addSummary(record: LogRecord, process: string, service: string): void {
    const number = (name: string) => (typeof record[name] === 'number' ? record[name] : 0)
    const count = number('count')
    const isRequest = record.message === 'Request summary'
    const kind = isRequest ? 'request' : 'operation'
    const method = isRequest ? label(String(record.method ?? '')) : ''
    const route = label(String((isRequest ? record.route : record.operation) ?? 'unmatched'))
    const into = find(this.total, { kind, service, method, route })
    into.durations.addSummary({
      count,
      sum: number('duration_ms_sum'),
      min: number('duration_ms_min'),
      p50: number('duration_ms_p50'),
      p95: number('duration_ms_p95'),
      p99: number('duration_ms_p99'),
      max: number('duration_ms_max'),
      sketch: record.duration_ms_sketch,
    })
    if (record.status_class === '5xx' || record.outcome === 'failed') into.failed += count
    this.provenance.summarized += count
    this.forget(process)
  }
}

function labelsOf({ kind, service, method, route }: Unit): Labels {
  return { kind, service, method, route }
}

function find(numbers: Numbers, labels: Labels): RouteNumbers {
  const { kind, service, method, route } = labels
  const key = `${kind}\n${service}\n${method} ${route}`
  let found = numbers.get(key)
  if (found !== undefined) return found
  if (numbers.size >= MOST_ROUTES && (service !== '' || route !== 'other'))
    return find(numbers, { kind, service: '', method: '', route: 'other' })
  found = { ...labels, durations: new Durations(), failed: 0 }
  numbers.set(key, found)
  return found
}

function processOf({ service, boot_id, pod }: LogRecord, source: string): string {
  return `${source}\n${service ?? ''}\n${boot_id ?? pod ?? ''}`
}
