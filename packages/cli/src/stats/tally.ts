import type { Line } from '../input/lines.js'
import { isUnderstood, type LogRecord } from '../record/record.js'
import { severityOf } from '../record/severity.js'
import { timeOf } from '../record/time.js'
import { Counter } from './counter.js'
import { Ranking } from './ranking.js'
import { Timeline } from './timeline.js'
import { label, type Unit } from './unit.js'
import { UnitTally } from './unit-tally.js'

const SLOWEST = 10
const MOST_ERROR_TYPES = 1000
const ERROR = 50

/** A slow request, so that it can be traced. */
export interface SlowRequest {
  readonly durationMs: number
  readonly name: string
  readonly service: string
  readonly requestId: string
  readonly timestamp: string
}

/** A kind of error, with the words of the first. */
export interface ErrorType {
  readonly type: string
  count: number
  readonly example: string
}

/** Everything that `stats` counts, line by line. */
export class Tally {
  lines = 0
  bytes = 0
  /** Lines that are no JSON object. */
  unreadable = 0
  /** JSON objects that do not say when and how severe: of no format that is known here. */
  notUnderstood = 0
  from: number | undefined
  to: number | undefined
  readonly units = new UnitTally()
  readonly slowest = new Ranking<SlowRequest>(SLOWEST)
  readonly byService = new Counter()
  readonly byLevel = new Counter()
  readonly requests = new Timeline()
  private readonly errorTypes = new Map<string, ErrorType>()

  add(line: Line): void {
    this.lines++
    this.bytes += line.bytes
    const { record } = line
    if (record === undefined) {
      this.unreadable++
      this.byService.add(line.origin ?? NOT_JSON, line.bytes)
      this.byLevel.add(NOT_JSON, line.bytes)
      return
    }
    this.byService.add(textOf(record.service) ?? line.origin ?? 'no service', line.bytes)
    this.byLevel.add(textOf(record.level) ?? 'no level', line.bytes)
    if (!isUnderstood(record)) this.notUnderstood++
    const time = this.noteTime(record.timestamp)
    const unit = this.units.add(record, line.source.name, line.origin)
    if (unit !== undefined) {
      if (time !== undefined) this.requests.add(time, unit.weight)
      this.slowest.add(unit.durationMs, () => slowRequest(record, unit))
    }
    if (record.error_type !== undefined || (severityOf(record.level) ?? 0) >= ERROR) this.addError(record)
  }

  errors(): readonly ErrorType[] {
    return [...this.errorTypes.values()].sort((a, b) => b.count - a.count)
  }

  private noteTime(timestamp: unknown): number | undefined {
    const time = timeOf(timestamp)
    if (time === undefined) return undefined
    if (this.from === undefined || time < this.from) this.from = time
    if (this.to === undefined || time > this.to) this.to = time
    return time
  }

  private addError(record: LogRecord): void {
    const message = textOf(record.error) ?? textOf(record.message) ?? ''
    const type = textOf(record.error_type) ?? textOf(record.message) ?? 'unknown'
    const known = this.errorTypes.get(type)
    if (known !== undefined) known.count++
    else if (this.errorTypes.size < MOST_ERROR_TYPES) this.errorTypes.set(type, { type, count: 1, example: message })
  }
}

const NOT_JSON = 'not JSON'

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  return label(typeof value === 'string' ? value : JSON.stringify(value))
}

function slowRequest(record: LogRecord, { durationMs, service, method, route }: Unit): SlowRequest {
  return {
    durationMs,
    name: `${method} ${route}`.trim(),
    service,
    requestId: textOf(record.request_id) ?? '',
    timestamp: textOf(record.timestamp) ?? '',
  }
}
