/** A record's time in milliseconds since the epoch; `undefined` when its timestamp is none. */
export function timeOf(timestamp: unknown): number | undefined {
  if (typeof timestamp !== 'string') return undefined
  const time = Date.parse(timestamp)
  return Number.isNaN(time) ? undefined : time
}

/** The zone of times that name none: UTC, as the lines' timestamps have it, or the one of this machine. */
export type Zone = 'utc' | 'local'

/** What `parseMoment` accepts, for messages. */
export const MOMENTS = '2024-01-22T10:15, 2024-01-22, 10:15, 90s, 15m, 2h30m, 1d'

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

const SPAN = /^(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/
const CLOCK = /^(\d\d?):(\d\d)(?::(\d\d))?$/
const DATE = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?)?$/i

/**
 * A moment as people type it, in milliseconds since the epoch: a time (`2024-01-22T10:15`), a day (`2024-01-22`), the last
 * time that a clock showed `10:15`, or how long ago (`90s`, `15m`, `2h30m`, `1d`). `undefined` for anything else.
 *
 * @param zone Of times and days that name none.
 */
export function parseMoment(text: string, now: number, zone: Zone = 'utc'): number | undefined {
  const trimmed = text.trim()
  if (SPAN.test(trimmed)) return now - spanOf(trimmed)
  const clock = CLOCK.exec(trimmed)
  if (clock !== null)
    return lastTime(
      clock.slice(1).map((part) => Number(part ?? 0)),
      now,
      zone,
    )
  const date = DATE.exec(trimmed)
  if (date === null) return undefined
  const [, day, time = '00:00', offset = zone === 'utc' ? 'Z' : ''] = date
  const moment = Date.parse(`${day}T${time}${offset.toUpperCase()}`)
  return Number.isNaN(moment) ? undefined : moment
}

function spanOf(text: string): number {
  let sum = 0
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(ms|[smhdw])/gy))
    sum += Number(amount) * (UNITS[unit ?? ''] ?? 0)
  return sum
}

/** The last time, today or yesterday, that a clock showed so many hours, minutes and seconds. */
function lastTime(
  [hours = 0, minutes = 0, seconds = 0]: readonly number[],
  now: number,
  zone: Zone,
): number | undefined {
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined
  const date = new Date(now)
  const set = () =>
    zone === 'utc' ? date.setUTCHours(hours, minutes, seconds, 0) : date.setHours(hours, minutes, seconds, 0)
  if (set() <= now) return date.getTime()
  if (zone === 'utc') date.setUTCDate(date.getUTCDate() - 1)
  else date.setDate(date.getDate() - 1)
  return set()
}
