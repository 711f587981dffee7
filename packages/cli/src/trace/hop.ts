import { isUnderstood, type LogRecord } from '../record/record.js'
import { severityOf } from '../record/severity.js'
import type { TracedLine } from './trace-search.js'

/** One service's part of a request: what it logged under one span, or a call that it made. */
export interface Hop {
  readonly service: string
  /** `GET /users/:id`, an operation's name, or a call's target. */
  readonly name: string
  readonly kind: 'service' | 'call'
  /** Milliseconds since the epoch. */
  readonly start: number
  readonly end: number
  /** As the lines have it, to the microsecond; `undefined` where no line says, and the lines' times have to do. */
  readonly durationMs: number | undefined
  readonly status: number | undefined
  readonly failed: boolean
  /** What went wrong, in its own words. */
  readonly failure: string | undefined
  /** It began, and no line says that it ended. */
  readonly isOpen: boolean
  /** At least one line says when it was written and how severe it is; of others, nobody can say whether they failed. */
  readonly isUnderstood: boolean
  readonly lines: readonly TracedLine[]
  readonly spanId: string | undefined
  readonly parentSpanId: string | undefined
  /** Ids of requests and traces, for hops without spans. */
  readonly requestId: string | undefined
}

const ERROR = 50
/** Longer texts are shown in the lines, not in the tree. */
const LONGEST_TEXT = 500
const CALL = /^Outgoing request\b/

/** Lines become hops: one for each span of each service, and one for each call that has no span of its own. */
export function hopsOf(lines: readonly TracedLine[]): readonly Hop[] {
  const groups = new Map<string, TracedLine[]>()
  for (const line of lines) {
    const { service, span_id, request_id } = line.record
    const key = JSON.stringify([service ?? line.origin, span_id ?? ['of', request_id]])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [line])
    else group.push(line)
  }
  return [...groups.values()].flatMap(splitCalls)
}

/** A call that was not sent with a span of its own stands among the lines of the hop that made it. */
function splitCalls(lines: readonly TracedLine[]): readonly Hop[] {
  const calls = lines.filter(({ record }) => isCall(record))
  if (calls.length === 0) return [hopOf(lines)]
  if (calls.length === lines.length) return calls.map((line) => callOf(line, true))
  return [hopOf(lines.filter(({ record }) => !isCall(record))), ...calls.map((line) => callOf(line, false))]
}

export function isCall({ message, duration_ms }: LogRecord): boolean {
  return typeof duration_ms === 'number' && CALL.test(shortened(message))
}

function hopOf(lines: readonly TracedLine[]): Hop {
  const ending = lines.findLast(({ record }) => endOf(record) !== undefined)
  const durationMs = ending === undefined ? undefined : endOf(ending.record)
  // Lines come in the order of time.
  const first = lines[0]?.time ?? 0
  const last = lines.at(-1)?.time ?? 0
  const end = ending?.time ?? last
  const status = numberIn(lines, 'status_code')
  const failing = lines.filter(({ record }) => (severityOf(record.level) ?? 0) >= ERROR)
  // The line of an error says more than the one that ends the hop with its status.
  const said =
    failing.findLast(({ record }) => record.error !== undefined) ?? failing.findLast((line) => line !== ending)
  const aborted = lines.find(({ record }) => record.aborted === true)
  const began = lines.some(({ record }) => /\bstarted$/.test(shortened(record.message)))
  return {
    ...idsOf(lines),
    name: nameOf(lines),
    kind: 'service',
    start: durationMs === undefined ? first : Math.min(first, end - durationMs),
    end: Math.max(end, last),
    durationMs,
    status,
    failed: (status ?? 0) >= 500 || failing.length > 0 || aborted !== undefined,
    failure: said === undefined ? abortOf(aborted?.record) : failureOf(said.record),
    isOpen: began && ending === undefined,
    isUnderstood: lines.some(({ record }) => isUnderstood(record)),
    lines,
  }
}

function callOf(line: TracedLine, hasOwnSpan: boolean): Hop {
  const { record, time } = line
  const { host, path, method, duration_ms, status_code } = record
  const ids = idsOf([line])
  const failure = record.error === undefined ? undefined : failureOf(record)
  const status = typeof status_code === 'number' ? status_code : undefined
  return {
    ...ids,
    spanId: hasOwnSpan ? ids.spanId : undefined,
    parentSpanId: hasOwnSpan ? ids.parentSpanId : ids.spanId,
    name: shortened(`${method ?? ''} ${host ?? ''}${path ?? ''}`.trim()),
    kind: 'call',
    start: time - Number(duration_ms),
    end: time,
    durationMs: Number(duration_ms),
    status,
    failed: failure !== undefined || (status ?? 0) >= 500,
    failure,
    isOpen: false,
    isUnderstood: isUnderstood(record),
    lines: [line],
  }
}

/** What a line that ends a unit of work says of its duration. */
function endOf({ message, response_time_ms, duration_ms }: LogRecord): number | undefined {
  if (typeof response_time_ms === 'number') return response_time_ms
  const isEnd = /^(?:Operation|Request|Job|Task)\b.*\b(?:completed|failed|aborted)$/i.test(shortened(message))
  return isEnd && typeof duration_ms === 'number' ? duration_ms : undefined
}

function nameOf(lines: readonly TracedLine[]): string {
  const text = (name: string) => {
    const line = lines.findLast(({ record }) => typeof record[name] === 'string')
    return line === undefined ? undefined : shortened(line.record[name])
  }
  const path = text('route') ?? text('path')
  if (path !== undefined) return `${text('method') ?? ''} ${path}`.trim()
  return text('operation') ?? shortened(lines[0]?.record.message ?? '')
}

function idsOf(lines: readonly TracedLine[]) {
  const text = (name: string) => {
    const line = lines.find(({ record }) => typeof record[name] === 'string')
    return line === undefined ? undefined : shortened(line.record[name])
  }
  return {
    service: text('service') ?? lines[0]?.origin ?? lines[0]?.source.name ?? '',
    spanId: text('span_id'),
    parentSpanId: text('parent_span_id'),
    requestId: text('request_id'),
  }
}

function numberIn(lines: readonly TracedLine[], name: string): number | undefined {
  const value = lines.findLast(({ record }) => typeof record[name] === 'number')?.record[name]
  return typeof value === 'number' ? value : undefined
}

export function failureOf({ error, error_type, message }: LogRecord): string {
  const text = typeof error === 'string' ? error : String(message ?? '')
  return shortened(error_type === undefined ? text : `${error_type}: ${text}`)
}

function abortOf(record: LogRecord | undefined): string | undefined {
  if (record === undefined) return undefined
  return shortened(record.aborted_by === undefined ? 'aborted' : `aborted by the ${record.aborted_by}`)
}

export function shortened(value: unknown): string {
  return String(value).slice(0, LONGEST_TEXT)
}
