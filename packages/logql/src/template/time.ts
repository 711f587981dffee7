/** A point in time, as Go's `time.Time`. */
export class GoTime {
  /** Nanoseconds since the epoch. */
  readonly nanoseconds: bigint
  /** The zone it is written in: its offset from UTC in seconds, and its abbreviation. */
  readonly zone: Zone

  constructor(nanoseconds: bigint, zone: Zone = utc) {
    this.nanoseconds = nanoseconds
    this.zone = zone
  }

  /** As Go prints a time: `2026-12-01 12:20:46.499 +0000 UTC`. */
  toString(): string {
    return formatTime(this, '2006-01-02 15:04:05.999999999 -0700 MST')
  }
}

export type Zone = { readonly offset: number; readonly name: string }

export const utc: Zone = { offset: 0, name: 'UTC' }

const months = 'January February March April May June July August September October November December'.split(' ')
const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')

/** The parts of Go's reference time, the longest first. */
const layoutPart =
  /January|Jan|Monday|Mon|MST|2006|Z07:00:00|Z070000|Z07:00|Z0700|Z07|-07:00:00|-070000|-07:00|-0700|-07|002|__2|_2|01|02|03|04|05|06|15|PM|pm|[.,](?:0+|9+)(?!\d)|1|2|3|4|5/g

type Fields = {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly weekday: number
  readonly yearDay: number
  readonly fraction: string
  readonly zone: Zone
}

/** Returns the calendar's fields of a time in its zone. */
export function fieldsOf({ nanoseconds, zone }: GoTime): Fields {
  const shifted = nanoseconds + BigInt(zone.offset) * 1_000_000_000n
  const fraction = ((shifted % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n
  const date = new Date(Number((shifted - fraction) / 1_000_000n))
  const year = date.getUTCFullYear()
  return {
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: date.getUTCDay(),
    yearDay: Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / 86_400_000) + 1,
    fraction: String(fraction).padStart(9, '0'),
    zone,
  }
}

/** Writes a time by a layout, as Go's `Time.Format`. */
export function formatTime(time: GoTime, layout: string): string {
  const fields = fieldsOf(time)
  return layout.replace(layoutPart, (part) => formatPart(part, fields))
}

function formatPart(part: string, fields: Fields): string {
  const { year, month, day, hour, minute, second, weekday, yearDay, fraction, zone } = fields
  const two = (value: number) => String(value).padStart(2, '0')
  const hour12 = hour % 12 || 12
  switch (part) {
    case 'January':
      return months[month - 1] ?? ''
    case 'Jan':
      return (months[month - 1] ?? '').slice(0, 3)
    case 'Monday':
      return days[weekday] ?? ''
    case 'Mon':
      return (days[weekday] ?? '').slice(0, 3)
    case 'MST':
      return zone.name
    case '2006':
      return String(year).padStart(4, '0')
    case '06':
      return two(year % 100)
    case '01':
      return two(month)
    case '1':
      return String(month)
    case '02':
      return two(day)
    case '_2':
      return String(day).padStart(2)
    case '2':
      return String(day)
    case '002':
      return String(yearDay).padStart(3, '0')
    case '__2':
      return String(yearDay).padStart(3)
    case '15':
      return two(hour)
    case '03':
      return two(hour12)
    case '3':
      return String(hour12)
    case '04':
      return two(minute)
    case '4':
      return String(minute)
    case '05':
      return two(second)
    case '5':
      return String(second)
    case 'PM':
      return hour < 12 ? 'AM' : 'PM'
    case 'pm':
      return hour < 12 ? 'am' : 'pm'
    default:
      return /^[.,]/.test(part) ? formatFraction(part, fraction) : formatZone(part, zone.offset)
  }
}

/** `.000` has as many digits, `.999` leaves out zeros at the end, and the point with them. */
function formatFraction(part: string, fraction: string): string {
  const digits = fraction.slice(0, part.length - 1)
  if (part[1] === '0') return part[0] + digits
  const short = digits.replace(/0+$/, '')
  return short === '' ? '' : part[0] + short
}

function formatZone(part: string, offset: number): string {
  if (part.startsWith('Z') && offset === 0) return 'Z'
  const size = Math.abs(offset)
  const [hours, minutes, seconds] = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60].map((value) =>
    String(value).padStart(2, '0'),
  )
  const sign = offset < 0 ? '-' : '+'
  switch (part.replace(/^[Z-]/, '')) {
    case '07':
      return `${sign}${hours}`
    case '0700':
      return `${sign}${hours}${minutes}`
    case '070000':
      return `${sign}${hours}${minutes}${seconds}`
    case '07:00':
      return `${sign}${hours}:${minutes}`
    default:
      return `${sign}${hours}:${minutes}:${seconds}`
  }
}

/** Reads a text by a layout, as Go's `time.Parse`; undefined where it does not fit. Zones are UTC or have an offset in the text. */
export function parseTime(layout: string, text: string, zoneOf: (wall: number) => Zone): GoTime | undefined {
  const parts: string[] = []
  let [source, from] = ['', 0]
  for (const match of layout.matchAll(layoutPart)) {
    source += escapeRegExp(layout.slice(from, match.index)) + (partPattern(match[0]) ?? '(?!)')
    parts.push(match[0])
    from = match.index + match[0].length
    // Go reads a fraction behind the seconds, also where the layout has none.
    if (/^0?5$/.test(match[0]) && !/^[.,][09]/.test(layout.slice(from))) {
      source += '([.,]\\d+)?'
      parts.push('.0')
    }
  }
  const found = new RegExp(`^${source}${escapeRegExp(layout.slice(from))}$`, 'i').exec(text)
  return found ? assemble(parts, found.slice(1), zoneOf) : undefined
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

function partPattern(part: string): string | undefined {
  if (/^[.,]/.test(part)) return part[1] === '0' ? `(\\.\\d{${part.length - 1}})` : '(\\.\\d+)?'
  if (/^Z/.test(part)) return '(Z|[+-]\\d{2}:?\\d{2})'
  if (/^-07/.test(part)) return '([+-]\\d{2}:?\\d{2})'
  if (part === '2006') return '(\\d{4})'
  if (part === 'January') return `(${months.join('|')})`
  if (part === 'Jan') return `(${months.map((month) => month.slice(0, 3)).join('|')})`
  if (part === 'Monday') return `(${days.join('|')})`
  if (part === 'Mon') return `(${days.map((day) => day.slice(0, 3)).join('|')})`
  if (part === 'MST') return '(UTC|GMT)'
  if (/^(?:PM|pm)$/.test(part)) return '(AM|PM)'
  if (/^(?:_2|1|2|3|4|5)$/.test(part)) return '\\s?(\\d{1,2})'
  return /^\d\d$/.test(part) ? (part === '15' || part === '06' ? '(\\d{2})' : '(\\d{2})') : undefined
}

function assemble(
  parts: readonly string[],
  texts: readonly (string | undefined)[],
  zoneOf: (wall: number) => Zone,
): GoTime | undefined {
  const textOf = (...names: string[]) => texts[parts.findIndex((part) => names.includes(part))]
  const numberOf = (fallback: number, ...names: string[]) => Number(textOf(...names) ?? fallback)
  const named = textOf('January', 'Jan')?.slice(0, 3).toLowerCase()
  const month = named ? months.findIndex((name) => name.toLowerCase().startsWith(named)) + 1 : numberOf(1, '01', '1')
  const short = textOf('06')
  const year = short ? Number(short) + (Number(short) >= 69 ? 1900 : 2000) : numberOf(0, '2006')
  const half = textOf('PM', 'pm')?.toLowerCase()
  const twelve = textOf('03', '3')
  let hour = twelve === undefined ? numberOf(0, '15') : Number(twelve) % 12
  if (half === 'pm' && hour < 12) hour += 12
  const [day, minute, second] = [numberOf(1, '02', '2', '_2'), numberOf(0, '04', '4'), numberOf(0, '05', '5')]
  const wall = Date.UTC(year, month - 1, day, hour, minute, second)
  if (new Date(wall).getUTCDate() !== day || month > 12 || hour > 23 || minute > 59 || second > 59) return undefined
  const written = texts[parts.findIndex((part) => /^[Z-]/.test(part))]
  const zone = written === undefined ? zoneOf(wall) : zoneOfText(written)
  const fraction = (texts[parts.findIndex((part) => /^[.,]/.test(part))] ?? '').slice(1).padEnd(9, '0').slice(0, 9)
  return new GoTime(BigInt(wall - zone.offset * 1000) * 1_000_000n + BigInt(fraction || '0'), zone)
}

function zoneOfText(text: string): Zone {
  if (/^z$/i.test(text)) return utc
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(text) ?? []
  const offset = (Number(hours) * 3600 + Number(minutes) * 60) * (sign === '-' ? -1 : 1)
  return offset === 0 ? utc : { offset, name: '' }
}

/** Returns the zone of a name (`Europe/Berlin`) at a wall clock's time; UTC where the name is unknown, as Loki's function has it. */
export function zoneAt(name: string, wall: number): Zone {
  try {
    const guess = offsetOf(name, wall)
    const offset = offsetOf(name, wall - guess * 1000)
    const [, zone] = /\s(\S+)$/.exec(
      new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'short' }).format(wall - offset * 1000),
    ) ?? [undefined, name]
    return offset === 0 && /^(?:utc|)$/i.test(name) ? utc : { offset, name: zone ?? name }
  } catch {
    return utc
  }
}

function offsetOf(name: string, time: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: name === '' ? 'UTC' : name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(time)
  const value = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  const wall = Date.UTC(
    value('year'),
    value('month') - 1,
    value('day'),
    value('hour'),
    value('minute'),
    value('second'),
  )
  return (wall - Math.floor(time / 1000) * 1000) / 1000
}
