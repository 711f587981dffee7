/** How often a file is rotated: at each start of a day or an hour of a time zone, or after so many milliseconds. */
export type Every = 'day' | 'hour' | number

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** The instants at which a file is rotated. */
export class Schedule {
  private readonly format: Intl.DateTimeFormat | undefined

  /**
   * @param timeZone A name of the IANA time zone database, or `UTC`.
   * @throws RangeError for a time zone that is none.
   */
  constructor(
    private readonly every: Every | undefined,
    timeZone = 'UTC',
  ) {
    if (timeZone === 'UTC') return
    const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const
    this.format = new Intl.DateTimeFormat('en-US-u-ca-iso8601-nu-latn', {
      timeZone,
      hourCycle: 'h23',
      second: 'numeric',
      ...fields,
    })
  }

  /** The first of them after a time, in milliseconds since 1970; `Infinity` without a schedule. */
  after(ms: number): number {
    const { every } = this
    if (every === undefined) return Number.POSITIVE_INFINITY
    if (typeof every === 'number') return (Math.floor(ms / every) + 1) * every
    const length = every === 'day' ? DAY_MS : HOUR_MS
    const local = (Math.floor((ms + this.offset(ms)) / length) + 1) * length
    // The offset of the boundary may be another one: the clocks change between now and then.
    const guess = local - this.offset(ms)
    const boundary = every === 'day' ? local - this.offset(guess) : guess
    return boundary > ms ? boundary : boundary + length
  }

  /** What the zone's clocks show more than UTC's, in milliseconds. */
  private offset(ms: number): number {
    if (this.format === undefined) return 0
    const parts: Record<string, number> = {}
    for (const { type, value } of this.format.formatToParts(ms)) parts[type] = Number(value)
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000
  }
}
