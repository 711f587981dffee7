import { oneLine } from './printable.js'

/** Before each time, or in a row of its own when the day changes. */
export type DateForm = 'row' | 'heading'

export interface TimeOptions {
  readonly date?: DateForm
  readonly today?: string
  readonly local?: boolean | undefined
}

const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/i

/** The times of records, one after the other, as text. */
export class TimeText {
  private day: string | undefined

  constructor(private readonly options: TimeOptions) {
    this.day = options.today
  }

  /** A record's time, and the date where it is to stand above. What is no time is shown as it is. */
  of(timestamp: unknown): { readonly text: string; readonly date: string } {
    const { date, today } = this.options
    const parts = this.partsOf(timestamp)
    if (parts === undefined) return { text: oneLine(timestamp), date: '' }
    const { day, time } = parts
    if (date === 'row' && day !== today) return { text: `${day} ${time}`, date: '' }
    const isNew = date === 'heading' && day !== this.day
    this.day = day
    return { text: time, date: isNew ? day : '' }
  }

  private partsOf(timestamp: unknown): { readonly day: string; readonly time: string } | undefined {
    if (typeof timestamp !== 'string') return undefined
    const isOurs = timestamp.length === 24 && timestamp.charCodeAt(23) === 90
    const parts = ISO.exec(timestamp)
    if (parts === null) return undefined
    if (this.options.local === true) return localParts(timestamp)
    if (isOurs) return { day: timestamp.slice(0, 10), time: timestamp.slice(11) }
    const time = Date.parse(timestamp)
    if (Number.isNaN(time)) return undefined
    const utc = new Date(time).toISOString()
    return { day: utc.slice(0, 10), time: utc.slice(11) }
  }
}

function localParts(timestamp: string): { readonly day: string; readonly time: string } | undefined {
  const date = new Date(timestamp)
  if (Number.isNaN(date.getTime())) return undefined
  const two = (number: number) => String(number).padStart(2, '0')
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  return {
    day: `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
    time: `${clock}.${String(date.getMilliseconds()).padStart(3, '0')}`,
  }
}
