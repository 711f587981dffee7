import { LogQLError } from './error.js'
import type { InstantOptions, RangeOptions } from './run.js'
import { parseQueryDuration } from './units.js'

const hour = 3_600_000_000_000n

/**
 * Reads the parameters of `/loki/api/v1/query`: `time`, in nanoseconds, seconds or RFC 3339.
 *
 * @param now  the default of `time`, in nanoseconds since the epoch.
 * @throws LogQLError of the kind `parameter`.
 */
export function instantParameters(search: URLSearchParams, now: bigint): InstantOptions {
  limitOf(search)
  directionOf(search)
  return { time: timeOf(search, 'time', '') ?? now }
}

/**
 * Reads the parameters of `/loki/api/v1/query_range`: `start`, `end`, `since`, `step`, `interval`, `limit`, `direction`.
 *
 * @param now  the default of `end`; `start` is by default an hour, or `since`, before.
 * @throws LogQLError of the kind `parameter`.
 */
export function rangeParameters(search: URLSearchParams, now: bigint): RangeOptions {
  const { start, end } = timeRange(search, now)
  const direction = directionOf(search)
  const step = stepOf(search, 'step')
  const interval = stepOf(search, 'interval')
  if (end <= start && end !== start) throw parameter('end timestamp must not be before or equal to start time')
  if (step !== undefined && step <= 0n)
    throw parameter('zero or negative query resolution step widths are not accepted. Try a positive integer')
  if (interval !== undefined && interval < 0n) throw parameter('interval must be >= 0')
  return { start, end, limit: limitOf(search), direction, step, interval }
}

/** Reads `start`, `end` and `since`, as every endpoint of a range has them. */
export function timeRange(search: URLSearchParams, now: bigint): { readonly start: bigint; readonly end: bigint } {
  const end = timeOf(search, 'end', "could not parse 'end' parameter: ") ?? now
  const written = search.get('since')
  const since = written ? parseQueryDuration(written) : hour
  if (since === undefined)
    throw parameter(`could not parse 'since' parameter: not a valid duration string: "${written}"`)
  const start = timeOf(search, 'start', "could not parse 'start' parameter: ") ?? (end < now ? end : now) - since
  return { start, end }
}

function parameter(message: string): LogQLError {
  return new LogQLError('parameter', message)
}

function limitOf(search: URLSearchParams): number {
  const text = search.get('limit')
  if (!text) return 100
  if (!/^[+-]?\d+$/.test(text)) throw parameter(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`)
  const limit = Number(text)
  if (limit <= 0) throw parameter('limit must be a positive value')
  return limit
}

function directionOf(search: URLSearchParams): 'forward' | 'backward' {
  const text = search.get('direction') || 'backward'
  const direction = text.toLowerCase()
  if (direction !== 'forward' && direction !== 'backward') throw parameter(`invalid direction '${text}'`)
  return direction
}

/** Reads a number of seconds, or a duration. */
function stepOf(search: URLSearchParams, name: string): bigint | undefined {
  const text = search.get(name)
  if (!text) return undefined
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return BigInt(Math.round(Number(text) * 1e9))
  const duration = /^(?:\d+(?:ms|[smhdwy]))+$/.test(text) ? parseQueryDuration(text) : undefined
  if (duration === undefined) throw parameter(`cannot parse ${JSON.stringify(text)} to a valid duration`)
  return duration
}

function timeOf(search: URLSearchParams, name: string, prefix: string): bigint | undefined {
  const text = search.get(name)
  if (!text) return undefined
  if (text.includes('.')) {
    // Seconds with a fraction, of which Loki keeps milliseconds.
    const seconds = Number(text)
    if (Number.isFinite(seconds)) return BigInt(Math.round(seconds * 1000)) * 1_000_000n
  }
  if (/^[+-]?\d+$/.test(text)) return text.length <= 10 ? BigInt(text) * 1_000_000_000n : BigInt(text)
  const time = parseRfc3339(text)
  if (time === undefined) throw parameter(`${prefix}strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
  return time
}

function parseRfc3339(text: string): bigint | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)$/.exec(text)
  if (!match) return undefined
  const milliseconds = Date.parse(`${match[1]}${match[3]}`)
  if (Number.isNaN(milliseconds)) return undefined
  return BigInt(milliseconds) * 1_000_000n + BigInt((match[2] ?? '').padEnd(9, '0'))
}
