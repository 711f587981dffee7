import { cells } from './cells.js'
import { type FieldChoice, placesOf } from './field-choice.js'
import { type Palette, paletteFor } from './palette.js'
import { harmless, oneLine } from './printable.js'
import { type ErrorRendering, errorMessage, errorObjectRows, errorRows, isErrorObject } from './render-error.js'
import { type DateForm, TimeText } from './render-time.js'
import { addField } from './render-value.js'
import { Row } from './row.js'

/** How records are shown to a person. */
export interface RenderOptions extends FieldChoice {
  /** Whether the text has the escape sequences of a terminal. */
  readonly colors: boolean
  /** The width of the terminal, asked for each record: longer rows go on under their own indent. By default, a record is one row. */
  readonly columns?: (() => number | undefined) | undefined
  /** Shows the service before the message. By default, once `expect` was given a second one. */
  readonly service?: boolean
  /** Where the date is shown: before each time, or in a row of its own when it changes. By default, nowhere. */
  readonly date?: DateForm
  /** The day (`2024-01-22`) of which the date goes without saying. */
  readonly today?: string
  /** Shows `Request summary`, `Operation summary` and `Log stats` lines, which programs read. By default, as `all` says. */
  readonly summaries?: boolean | undefined
  /** Shows times in this machine's time zone. By default in UTC, with a `Z` behind. */
  readonly local?: boolean | undefined
  /** Finds the text of a line of source code, to be shown under the first frame that is the application's own. */
  readonly sourceLine?: ((file: string, line: number) => string | undefined) | undefined
}

type Fields = Readonly<Record<string, unknown>>

/** Longer names of services are not aligned with. */
const MOST_ALIGNED = 16
/** Ids that are no longer stand whole in their tag. */
const SHORT_ID = 12
/** As many characters of a longer one: enough to tell the requests on a screen apart. */
const TAG_CHARACTERS = 6

/**
 * Shows one JSON line after the other as people read them: time, level, module, message, the fields of the call, those of the
 * logger and the context, the ids as a short tag, and under it an error with its stack. What is no JSON object is passed
 * through, made harmless.
 */
export class Renderer {
  private readonly palette: Palette
  private readonly placeOf: ReturnType<typeof placesOf>
  private readonly time: TimeText
  private readonly summaries: boolean
  private readonly showsAll: boolean
  /** Whether the service is shown. */
  service: boolean
  private lastService: unknown
  private serviceCells = 0

  constructor(private readonly options: RenderOptions) {
    this.palette = paletteFor(options.colors)
    this.placeOf = placesOf(options)
    this.time = new TimeText(options)
    this.showsAll = options.all === true || options.fields !== undefined
    this.summaries = options.summaries ?? options.all ?? false
    this.service = options.service ?? false
  }

  /** Says which service a record is of that is shown later: from the second on, services are shown, in a column as wide as they need. */
  expect(service: unknown): void {
    if (service === undefined || service === this.lastService) return
    if (this.lastService !== undefined) this.service = true
    this.lastService = service
    const width = cells(oneLine(service))
    if (width <= MOST_ALIGNED) this.serviceCells = Math.max(this.serviceCells, width)
  }

  /** @param line With or without its newline; the result has one, or is empty where the line is not shown. */
  line(line: string): string {
    const record = parse(line)
    return record === undefined ? `${harmless(line.trimEnd())}\n` : this.record(record)
  }

  /** A record with the line's own field names, as `line` shows it. */
  record(record: Fields): string {
    if (!this.summaries && isSummary(record)) return ''
    const { palette, time } = this
    const { date, text } = time.of(record.timestamp)
    const columns = this.options.columns?.() ?? Number.POSITIVE_INFINITY
    const row = new Row(columns)
    row.head(`${palette.faint(text)} `, text.length + 1)
    const level = oneLine(record.level)
    row.head(`${palette.level(level)} `, Math.max(5, level.length) + 1)
    if (this.service && record.service !== undefined) this.addService(row, oneLine(record.service))
    row.indentHere()
    if (record.logger !== undefined) row.word(`${oneLine(record.logger)}:`, palette.name, '', palette.plain)
    const isSevere = level === 'WARN' || level === 'ERROR' || level === 'FATAL'
    row.prose(oneLine(errorMessage(record) ?? record.message), isSevere ? palette.strong : palette.plain)
    const errors = this.addFields(row, record, columns)
    const heading = date === '' ? '' : `${palette.faint(date)}\n`
    const rows = errors.length === 0 ? '' : `\n${errors.join('\n')}`
    return `${heading}${row}${rows}\n`
  }

  private addService(row: Row, service: string): void {
    const width = cells(service)
    const filling = ' '.repeat(Math.max(0, this.serviceCells - width))
    row.head(`${this.palette.name(service)}${filling} `, width + filling.length + 1)
  }

  /** The call's own fields, which stand behind the message; then those of the logger and the context; then the ids. */
  private addFields(row: Row, record: Fields, columns: number): readonly string[] {
    const bound: string[] = []
    const errors: string[] = []
    const hidden: string[] = []
    let hasError = false
    let isOwn = false
    const hasTarget = this.addTarget(row, record)
    for (const name in record) {
      const place = this.placeOf(name)
      if (place === 'field') {
        if (hasTarget && isPartOfTarget(name, record)) continue
        if (name === 'service' && this.service) continue
        if (isErrorObject(record[name])) errors.push(name)
        else if (isOwn) addField(row, name, record[name], this.palette)
        else bound.push(name)
      } else if (place === 'error') hasError = true
      else if (place === 'head') isOwn ||= name === 'message'
      else if (place === 'nowhere') hidden.push(name)
    }
    for (const name of bound) addField(row, name, record[name], this.palette)
    this.addTag(row, record)
    if (!hasError && errors.length === 0) return []
    const { palette, options } = this
    const rendering: ErrorRendering = { palette, columns, sourceLine: options.sourceLine }
    const rows = hasError ? [...errorRows(without(record, hidden), rendering)] : []
    for (const name of errors) rows.push(...errorObjectRows(name, record[name] as Fields, rendering))
    return rows
  }

  /** What was asked for, as everybody writes it: `POST /orders`, `GET api.internal/users`. */
  private addTarget(row: Row, record: Fields): boolean {
    const { method, host, path = record.route } = record
    if (this.showsAll || typeof method !== 'string' || typeof path !== 'string') return false
    if (TARGET.some((name) => this.placeOf(name) !== 'field')) return false
    const { plain } = this.palette
    row.word(`${oneLine(method)} `, plain, `${typeof host === 'string' ? oneLine(host) : ''}${oneLine(path)}`, plain)
    return true
  }

  /** `‹req a1b2c3›`: of the request, else of the trace, else of the span. */
  private addTag(row: Row, record: Fields): void {
    const { faint } = this.palette
    for (const [name, word] of TAGS) {
      const id = record[name]
      if (typeof id !== 'string' || id === '' || this.placeOf(name) !== 'id') continue
      row.word('', faint, `‹${word} ${oneLine(shortId(id))}›`, faint)
      return
    }
  }
}

/** Whether a record counts what ran, for programs to read. */
export function isSummary({ message }: Fields): boolean {
  return SUMMARIES.has(message)
}

const SUMMARIES = new Set<unknown>(['Request summary', 'Operation summary', 'Log stats'])

const TARGET = ['method', 'host', 'path', 'route']

/** Whether a field is said by `POST /orders`: a route without parameters is, too. */
function isPartOfTarget(name: string, { host, route, path }: Fields): boolean {
  if (name === 'host') return typeof host === 'string'
  return name === 'method' || name === 'path' || (name === 'route' && route === (path ?? route))
}

const TAGS = [
  ['request_id', 'req'],
  ['trace_id', 'trace'],
  ['span_id', 'span'],
] as const

/**
 * A few characters of an id: the first of a random UUID, else the last, since most other ids (UUIDs of version 7, ULIDs) begin
 * with the time and differ at their end.
 */
export function shortId(id: string): string {
  const own = id.replace(/^req(?:uest)?[-_]/i, '')
  if (own.length <= SHORT_ID) return own
  return /^[\da-f]{8}-[\da-f]{4}-4/i.test(own) ? own.slice(0, TAG_CHARACTERS) : own.slice(-TAG_CHARACTERS)
}

function without(record: Fields, names: readonly string[]): Fields {
  if (!names.some((name) => ERROR_PARTS.has(name))) return record
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)))
}

const ERROR_PARTS = new Set(['error', 'error_type', 'error_code', 'error_details', 'traceback'])

function parse(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
  } catch {
    return undefined
  }
}
