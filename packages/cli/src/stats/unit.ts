import { numberOf } from '../record/exact-number.js'
import type { LogRecord } from '../record/record.js'
import { severityOf } from '../record/severity.js'

/** One finished request or operation, as its last line tells. */
export interface Unit {
  readonly kind: 'request' | 'operation'
  readonly service: string
  readonly method: string
  /** The route, or the path with what looks like an id taken out; an operation's name. */
  readonly route: string
  readonly durationMs: number
  readonly failed: boolean
  /** How many units it stands for: one over its `sample_rate`. */
  readonly weight: number
}

/**
 * The unit of work that a line is the end of, if it is one.
 *
 * @param origin Stands for the service, where the record names none.
 */
export function unitOf(record: LogRecord, origin?: string): Unit | undefined {
  const { operation, message } = record
  const [response_time_ms, duration_ms] = [numberOf(record.response_time_ms), numberOf(record.duration_ms)]
  if (response_time_ms !== undefined) {
    const { method, route, path, status_code } = record
    const failed = typeof status_code === 'number' && status_code >= 500
    const where = typeof route === 'string' ? label(route) : typeof path === 'string' ? template(path) : 'unmatched'
    const known = typeof method === 'string' ? label(method) : ''
    return {
      kind: 'request',
      service: serviceOf(record, origin),
      method: known,
      route: where,
      durationMs: response_time_ms,
      failed,
      weight: weightOf(record),
    }
  }
  if (duration_ms === undefined || typeof operation !== 'string') return undefined
  if (message !== 'Operation completed' && message !== 'Operation failed') return undefined
  const failed = message === 'Operation failed' || (severityOf(record.level) ?? 0) >= 50
  return {
    kind: 'operation',
    service: serviceOf(record, origin),
    method: '',
    route: label(operation),
    durationMs: duration_ms,
    failed,
    weight: weightOf(record),
  }
}

/** Longer names are nobody's, and would be kept as long as the command runs. */
const LONGEST_LABEL = 200

/** A name to count under. */
export function label(text: string): string {
  return text.length > LONGEST_LABEL ? `${text.slice(0, LONGEST_LABEL)}…` : text
}

export function serviceOf({ service }: LogRecord, origin: string | undefined): string {
  return label(typeof service === 'string' ? service : (origin ?? ''))
}

function weightOf({ sample_rate }: LogRecord): number {
  return typeof sample_rate === 'number' && sample_rate > 0 && sample_rate <= 1 ? 1 / sample_rate : 1
}

/** Numbers, UUIDs, and long words of hexadecimal digits or with digits among letters. */
const ID = /^(?:\d+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,}|(?=.*\d)[\w-]{20,})$/i

const LONGEST_PART = 64

/** `/users/42/orders` is one of `/users/:id/orders`: where the router did not say its route, paths would be without number. */
export function template(path: string): string {
  return label(path)
    .split('/')
    .map((part) => (part.length > LONGEST_PART || ID.test(part) ? ':id' : part))
    .join('/')
}
