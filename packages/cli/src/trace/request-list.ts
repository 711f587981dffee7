import type { LogRecord } from '../record/record.js'
import { severityOf } from '../record/severity.js'
import { timeOf } from '../record/time.js'
import { failureOf, isCall, shortened } from './hop.js'

/** A request to choose from. */
export interface ListedRequest {
  readonly id: string
  /** When it was last heard of, in milliseconds since the epoch. */
  readonly time: number
  /** Of the service that took longest, which is the outermost one. */
  readonly service: string
  /** `POST /orders/:id`. */
  readonly name: string
  readonly status: number | undefined
  readonly durationMs: number | undefined
  readonly failed: boolean
  /** What went wrong first, in its own words. */
  readonly failure: string | undefined
}

type Entry = { -readonly [Name in keyof ListedRequest]: ListedRequest[Name] }

const ERROR = 50

/** Gathers the requests that failed, or those that took longest, out of any number of lines. Memory is bounded by how many are asked for. */
export class RequestList {
  /** How many requests failed, as far as they were told apart. */
  total = 0
  private entries = new Map<string, Entry>()

  /**
   * @param order The failed ones, newest first; or all, slowest first.
   * @param limit How many are listed.
   */
  constructor(
    private readonly order: 'newest' | 'slowest',
    private readonly limit: number,
  ) {}

  add(record: LogRecord): void {
    const id = idOf(record)
    if (id === undefined || isCall(record)) return
    const known = this.entries.get(id)
    const entry = known ?? newEntry(id)
    update(entry, record)
    if (known !== undefined || !this.counts(entry)) return
    this.total++
    this.entries.set(id, entry)
    if (this.entries.size > 2 * this.limit + 1000) this.prune()
  }

  requests(): readonly ListedRequest[] {
    return this.sorted().slice(0, this.limit)
  }

  private counts({ failed, durationMs }: Entry): boolean {
    return this.order === 'newest' ? failed : durationMs !== undefined
  }

  private sorted(): readonly Entry[] {
    const entries = [...this.entries.values()]
    return this.order === 'newest'
      ? entries.sort((a, b) => b.time - a.time)
      : entries.sort((a, b) => (b.durationMs ?? 0) - (a.durationMs ?? 0))
  }

  private prune(): void {
    this.entries = new Map(
      this.sorted()
        .slice(0, this.limit + 500)
        .map((entry) => [entry.id, entry]),
    )
  }
}

function newEntry(id: string): Entry {
  return {
    id,
    time: Number.NEGATIVE_INFINITY,
    service: '',
    name: '',
    status: undefined,
    durationMs: undefined,
    failed: false,
    failure: undefined,
  }
}

function idOf({ request_id, trace_id }: LogRecord): string | undefined {
  const id = request_id ?? trace_id
  return typeof id === 'string' && id !== '' ? id : undefined
}

function update(entry: Entry, record: LogRecord): void {
  const { service, status_code: status, aborted, level, error } = record
  entry.time = Math.max(entry.time, timeOf(record.timestamp) ?? Number.NEGATIVE_INFINITY)
  const isFailing = (severityOf(level) ?? 0) >= ERROR
  entry.failed ||= isFailing || aborted === true || (typeof status === 'number' && status >= 500)
  if (entry.failure === undefined && (error !== undefined || (isFailing && status === undefined)))
    entry.failure = failureOf(record)
  const duration = durationOf(record)
  const isOuter = duration === undefined ? entry.durationMs === undefined : duration >= (entry.durationMs ?? 0)
  if (!isOuter) return
  entry.durationMs = duration ?? entry.durationMs
  if (typeof service === 'string') entry.service = shortened(service)
  entry.name = nameOf(record) ?? entry.name
  if (typeof status === 'number') entry.status = status
}

function durationOf({ response_time_ms, duration_ms, message }: LogRecord): number | undefined {
  if (typeof response_time_ms === 'number') return response_time_ms
  const isEnd = typeof message === 'string' && /^Operation\b.*\b(?:completed|failed|aborted)$/.test(message)
  return isEnd && typeof duration_ms === 'number' ? duration_ms : undefined
}

function nameOf({ method, route, path, operation }: LogRecord): string | undefined {
  const place = route ?? path
  if (typeof place === 'string') return shortened(typeof method === 'string' ? `${method} ${place}` : place)
  return typeof operation === 'string' ? shortened(operation) : undefined
}
