import { type LevelName, parseLevel } from '../levels/level.js'
import { cloudwatch } from './cloudwatch.js'
import { datadog } from './datadog.js'
import { ecs } from './ecs.js'
import { gcp } from './gcp.js'
import { otel } from './otel.js'
import { splunk } from './splunk.js'

type Fields = Readonly<Record<string, unknown>>
type Names = Readonly<Record<string, string>>
type Parse = (stored: unknown) => unknown

/** What reading needs of a format's table. */
interface FormatTable {
  readonly names: Names
  readonly levels?: Readonly<Partial<Record<LevelName, string | number>>>
  readonly levelFields?: Readonly<Record<string, unknown>>
  readonly constants?: Readonly<Record<string, unknown>>
  readonly origin?: { readonly name: string; readonly names: Names }
  readonly group?: { readonly name: string; readonly names: Names }
  readonly within?: { readonly name: string; readonly outside: readonly string[] }
}

/**
 * How each converted value is read, by our name for the field: the inverses of the formats' `values`. A test writes every
 * format and reads it, so that none can be missing.
 */
const PARSE: Readonly<Record<string, Readonly<Record<string, Parse>>>> = {
  ecs: { response_time_ms: fromNanoseconds },
  datadog: { response_time_ms: fromNanoseconds, span_id: fromDecimal },
  gcp: { response_time_ms: fromSeconds, request_bytes: toNumber, response_bytes: toNumber, trace_id: lastSegment },
}

/** The formats that rename fields. Lines of pino, ours among them, are not read by a table: what reads pino's reads them. */
const TABLES: Readonly<Record<string, FormatTable>> = {
  ecs: ecs({ env: {}, service: '' }),
  otel: otel(),
  gcp: gcp({ env: {}, service: '' }),
  datadog: datadog(),
  splunk: splunk({ env: {}, service: '' }),
  cloudwatch: cloudwatch(),
}

let readers: readonly FormatReader[] | undefined

/**
 * A line of one of the stores' formats with our own names and units, whatever the store did to it: `{ http: { response: … } }`
 * is read like `http.response`. Derived from the tables that the logger writes by.
 *
 * @returns `undefined` for a line of none of these formats.
 */
export function readFormat(line: Fields): Fields | undefined {
  readers ??= Object.entries(TABLES).map(([name, table]) => new FormatReader(table, PARSE[name] ?? {}))
  for (const reader of readers) {
    const record = reader.read(line)
    if (record !== undefined) return record
  }
  return undefined
}

/** One format's table, turned round. */
class FormatReader {
  private readonly ours: ReadonlyMap<string, string>
  private readonly levels: ReadonlyMap<unknown, string>
  /** Fields that follow from others, or are the same on every line. */
  private readonly implied: ReadonlySet<string>
  /** The first parts of names with dots: a store may have made objects of them. */
  private readonly prefixes: ReadonlySet<string>

  constructor(
    private readonly table: FormatTable,
    private readonly parse: Readonly<Record<string, Parse>>,
  ) {
    const { names, levels = {}, levelFields = {}, constants = {} } = table
    this.ours = inverse(names)
    // Where two levels share a word (gcp's DEBUG), it means the more severe one.
    this.levels = new Map(Object.entries(levels).map(([level, word]) => [word, level.toUpperCase()]))
    this.implied = new Set([...Object.keys(levelFields), ...Object.keys(constants)])
    this.prefixes = new Set(
      [...Object.values(names), ...Object.keys(constants)].filter((name) => name.includes('.')).map(firstPart),
    )
  }

  read(line: Fields): Fields | undefined {
    if (!this.mayRead(line)) return undefined
    const { within } = this.table
    const inner = within === undefined ? undefined : line[within.name]
    if (within !== undefined && !isObject(inner)) return undefined
    const outer = this.flat(line)
    const fields = isObject(inner) ? this.flat(inner) : outer
    const place = (name: string) => (within === undefined || within.outside.includes(name) ? outer : fields)
    const stored = (name: string) => place(name)[this.table.names[name] ?? name]
    const [timestamp, level, message] = [isoTime(stored('timestamp')), this.levelOf(stored('level')), stored('message')]
    if (timestamp === undefined || level === undefined || message === undefined) return undefined
    const record: Record<string, unknown> = { timestamp, level }
    if (this.table.origin !== undefined) this.takeObject(record, outer, this.table.origin)
    this.takeAll(record, outer)
    if (fields !== outer) this.takeAll(record, fields)
    record.message = message
    return record
  }

  /** Asked of every line: no more than a few look-ups. */
  private mayRead(line: Fields): boolean {
    const { names, within } = this.table
    if (line[names.timestamp ?? 'timestamp'] === undefined) return false
    if (within !== undefined) return line[within.name] !== undefined
    const level = names.level ?? 'level'
    if (line[level] === undefined && line[firstPart(level)] === undefined) return false
    // A format with our time, level and message is known by its other names only.
    if (names.timestamp !== undefined || names.level !== undefined || names.message !== undefined) return true
    const [ours, theirs] = [Object.keys(names), Object.values(names)]
    return theirs.some((name) => line[name] !== undefined) && !ours.some((name) => line[name] !== undefined)
  }

  private takeAll(record: Record<string, unknown>, fields: Fields): void {
    const { origin, group, within } = this.table
    for (const name in fields) {
      const value = fields[name]
      if (this.implied.has(name) || name === origin?.name || (name === within?.name && isObject(value))) continue
      if (name === group?.name && isObject(value)) this.takeObject(record, fields, group)
      else this.take(record, this.ours.get(name) ?? name, value)
    }
  }

  private takeObject(record: Record<string, unknown>, fields: Fields, object: { name: string; names: Names }): void {
    const inner = fields[object.name]
    if (!isObject(inner)) return
    const ours = inverse(object.names)
    for (const name in inner) this.take(record, ours.get(name) ?? name, inner[name])
  }

  private take(record: Record<string, unknown>, name: string, value: unknown): void {
    if (name === 'timestamp' || name === 'level' || name === 'message') return
    const parse = Object.hasOwn(this.parse, name) ? this.parse[name] : undefined
    define(record, name, parse === undefined ? value : parse(value))
  }

  private levelOf(stored: unknown): string | undefined {
    const known = this.levels.get(stored)
    if (known !== undefined) return known
    const level = typeof stored === 'string' ? parseLevel(stored) : undefined
    return level === undefined || level === 'silent' ? undefined : level.toUpperCase()
  }

  /** With the objects that stand for names with dots taken apart. */
  private flat(fields: Fields): Fields {
    const names = Object.keys(fields)
    if (!names.some((name) => this.prefixes.has(name) && isObject(fields[name]))) return fields
    const flat: Record<string, unknown> = {}
    for (const name of names) {
      const value = fields[name]
      if (this.prefixes.has(name) && isObject(value)) flatten(flat, name, value, 0)
      else define(flat, name, value)
    }
    return flat
  }
}

/** Names in a table are a few levels deep (`http.response.body.bytes`). */
const DEEPEST = 6

function flatten(into: Record<string, unknown>, prefix: string, object: Fields, depth: number): void {
  for (const name in object) {
    const value = object[name]
    if (isObject(value) && depth < DEEPEST) flatten(into, `${prefix}.${name}`, value, depth + 1)
    else define(into, `${prefix}.${name}`, value)
  }
}

function inverse(names: Names): ReadonlyMap<string, string> {
  return new Map(Object.entries(names).map(([ours, theirs]) => [theirs, ours]))
}

/** A field of any name: `__proto__` is one like others. */
function define(record: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(record, name, { value, enumerable: true, writable: true, configurable: true })
  else record[name] = value
}

function firstPart(name: string): string {
  const dot = name.indexOf('.')
  return dot === -1 ? name : name.slice(0, dot)
}

/** Text as it is; a number since the epoch, of seconds or milliseconds. */
function isoTime(time: unknown): string | undefined {
  if (typeof time === 'string') return Number.isNaN(Date.parse(time)) ? undefined : time
  if (typeof time !== 'number') return undefined
  const date = new Date(Math.abs(time) < 1e11 ? Math.round(time * 1000) : time)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

function fromNanoseconds(stored: unknown): unknown {
  return typeof stored === 'number' ? stored / 1e6 : stored
}

/** `0.012345s` */
function fromSeconds(stored: unknown): unknown {
  const text = typeof stored === 'string' ? /^(-?\d+(?:\.\d+)?)s$/.exec(stored)?.[1] : undefined
  return text === undefined ? stored : Math.round(Number(text) * 1e9) / 1e6
}

/** A span's id. Of a trace's id Datadog has only the last half, so that one stays as it is. */
function fromDecimal(stored: unknown): unknown {
  const isDecimal = typeof stored === 'string' && /^\d{1,20}$/.test(stored)
  return isDecimal ? BigInt(stored).toString(16).padStart(16, '0') : stored
}

function toNumber(stored: unknown): unknown {
  return typeof stored === 'string' && /^\d{1,15}$/.test(stored) ? Number(stored) : stored
}

/** `projects/shop/traces/4bf9…` */
function lastSegment(stored: unknown): unknown {
  return typeof stored === 'string' ? stored.slice(stored.lastIndexOf('/') + 1) : stored
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
