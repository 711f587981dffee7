const formats = new Map<string, Intl.DateTimeFormat>()

function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`
  let made = formats.get(key)
  if (made === undefined) {
    made = new Intl.DateTimeFormat('en-GB', { ...options, ...(zone === 'local' ? {} : { timeZone: zone }) })
    formats.set(key, made)
  }
  return made
}

const TIME = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
const DAY = { year: 'numeric', month: '2-digit', day: '2-digit' } as const

/** `10:15:23.120` */
export function clock(ms: number, zone: string): string {
  return format(zone, { ...TIME, fractionalSecondDigits: 3 }).format(ms)
}

/** `2024-01-22` */
export function day(ms: number, zone: string): string {
  const parts = format(zone, DAY).formatToParts(ms)
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}`
}

/** `2024-01-22 10:15:23` */
export function moment(ms: number, zone: string): string {
  return `${day(ms, zone)} ${format(zone, TIME).format(ms)}`
}

/** Times under an axis, as exactly as they lie apart. */
export function axisTimes(seconds: readonly number[], apart: number, zone: string): string[] {
  return seconds.map((time, i) => {
    const ms = time * 1000
    const isNewDay = i === 0 || day(ms, zone) !== day((seconds[i - 1] ?? 0) * 1000, zone)
    if (apart >= 86_400) return day(ms, zone)
    const text = apart < 1 ? clock(ms, zone) : clock(ms, zone).slice(0, apart < 60 ? 8 : 5)
    return isNewDay ? `${text}\n${day(ms, zone)}` : text
  })
}

/** `1,234` */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** `1.5 GB` */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let [size, unit] = [value, 0]
  for (; size >= 1000 && unit < units.length - 1; unit++) size /= 1000
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`
}

/** `1,234 lines`, `1 line` */
export function many(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`
}
