import { AUDIT } from '../levels/level.js'
import type { Classification, Conceal } from '../redact/conceal.js'
import { step } from '../redact/paths.js'
import type { Redactor } from '../redact/redactor.js'
import { fit } from './budget.js'
import { type EventHost, EventRecord, type EventWriter, type TypedEvent } from './event.js'
import { FieldEncoder, readSafely } from './field.js'
import type { Format } from './format.js'
import { type EncodedField, Fragment, join } from './fragment.js'
import { KeyFlag, KeyTable } from './key-table.js'
import { Layout } from './layout.js'
import { isPairValue } from './pairs.js'
import { flatten, isPlainText, quote } from './string.js'
import { ValueEncoder } from './value.js'

export type Fields = Readonly<Record<string, unknown>>

/** The logger writes these itself; a field of such a name is kept under `field_<name>`. */
const RESERVED = ['timestamp', 'level', 'message', 'service', 'logger', 'sample_rate', 'truncated', 'boot_id', 'seq']
/** The ids of the thread: the context's stand on the line; a differing field is kept under `field_<name>`. */
const CORRELATION = ['request_id', 'trace_id', 'span_id', 'parent_span_id']

/** Never cut by the line budget: short, bounded, and what one searches by. */
const UNCUT = [...RESERVED.filter((name) => name !== 'message'), ...CORRELATION, 'log_type']

/** Room for `,"boot_id":"…","seq":…}` and the newline, which come after the budget is measured. */
const TAIL_BYTES = 80

/** Where a fragment keeps the heads that have the message's opening, among its heads by level. */
const WITH_MESSAGE = 8

const NONE: ReadonlySet<string> = new Set()
const hasOwn = Object.prototype.hasOwnProperty

export interface LineOptions {
  readonly format: Format
  readonly redactor: Redactor | undefined
  /** The most a line takes, newline included. */
  readonly maxLineBytes: number
  /** What stands in the place of a value that an event's schema classifies. */
  readonly conceal: Conceal
  /** Told of each value that was so hidden. */
  readonly onConcealed: (classification: Classification) => void
  /** Told of each line that was cut. */
  readonly onTruncated: () => void
}

/**
 * A record becomes one line of JSON: head, context, message, fields, in one walk and one string. The line comes without
 * its closing brace, so that the sequence number can be the last thing written (`LineEncoder` does not know when, or
 * whether, a held line will be).
 */
export class LineEncoder {
  private readonly keys: KeyTable
  private openedAt = Number.NaN
  private opened = ''
  private readonly detects: boolean
  private readonly paths: Redactor['paths']
  /** The redaction rule that names the message itself. */
  private readonly messageRule: string | undefined
  private readonly values: ValueEncoder
  private readonly layout: Layout
  private readonly fields: FieldEncoder
  private readonly afterTime: readonly string[]
  private readonly messageKey: string
  private readonly messageOpening: string
  private readonly maxBytes: number
  /** A line of this many UTF-16 units fits whatever they are: none takes more than three bytes. */
  private readonly safeLength: number
  /** A body this long is far over any budget, and walking on would only cost time. */
  private readonly longestBody: number
  private readonly uncut: ReadonlySet<string>
  private readonly truncatedName: string
  private readonly onTruncated: () => void
  /** How each event writes its fields for this root. */
  private readonly writers = new WeakMap<TypedEvent, EventWriter>()
  private lastEvent: TypedEvent | undefined
  private lastWriter: EventWriter | undefined

  constructor(private readonly options: LineOptions) {
    const { format, redactor, maxLineBytes } = options
    const layout = new Layout(format)
    const name = (ours: string) => layout.name(ours)
    this.layout = layout
    this.keys = new KeyTable({
      flags: (key) => flagsOf(key, layout, redactor),
      rule: (key) => redactor?.keyRule(key),
      rename: name,
      shown: (key) => redactor?.shownKey(key) ?? key,
    })
    this.values = new ValueEncoder(this.keys, redactor, maxLineBytes)
    this.fields = new FieldEncoder(this.keys, this.values, redactor, layout)
    this.afterTime = layout.afterTime
    this.messageKey = `,${quote(name('message'))}:`
    this.messageOpening = flatten(`${this.messageKey}"`)
    const tailNames = name('boot_id').length + name('seq').length - 'boot_idseq'.length
    this.maxBytes = maxLineBytes - TAIL_BYTES - tailNames
    this.safeLength = Math.floor(this.maxBytes / 3)
    this.longestBody = maxLineBytes * 8
    this.uncut = new Set([...UNCUT.map(name), ...layout.ownNames])
    this.truncatedName = name('truncated')
    this.detects = redactor?.detect !== undefined
    this.paths = redactor?.paths
    this.messageRule = redactor?.paths?.exact.message?.rule ?? redactor?.keyRule('message')
    this.onTruncated = options.onTruncated
  }

  /**
   * One line, without its closing brace.
   *
   * @param level A level's number, or `AUDIT`.
   * @param ms The time of the call.
   */
  line(
    level: number,
    ms: number,
    bindings: Fragment,
    context: Fragment | undefined,
    message: string,
    fields: object | undefined,
  ): string {
    const { values } = this
    values.reset()
    this.shadowed = undefined
    this.displaced = NONE
    const index = level / 10
    if (this.messageRule !== undefined) message = values.censoredText(message, this.messageRule, 'message')
    if (!this.layout.isUsual) return this.arranged(level, ms, bindings, context, message, fields as Fields | undefined)
    let head = bindings.heads[index] ?? this.makeHeads(index, bindings)
    let around = ''
    const isOpen = !this.detects && isPlainText(message)
    context?.encode()
    // After the fragments are encoded, since that is what marks their keys as bound.
    const body =
      fields === undefined ? (isOpen ? '"' : '') : this.body(fields as Fields, level, bindings, context, isOpen)
    if (ms !== this.openedAt) this.open(ms)
    let line: string
    if (isOpen && context === undefined && this.shadowed === undefined) {
      line = this.opened + bindings.heads[index + WITH_MESSAGE] + message + body
    } else {
      const beside = context?.beside(bindings, isCorrelation)
      if (this.shadowed !== undefined) {
        head = this.afterTime[index] + join(this.unshadowed(bindings, context, this.shadowed))
        around = ''
      } else if (beside !== undefined) {
        if (beside.bindings !== undefined) head = this.afterTime[index] + beside.bindings
        around = beside.context
      }
      const said = isOpen ? this.messageOpening + message : this.messageKey + values.text(message)
      line = this.opened + head + around + said + body
    }
    return line.length <= this.safeLength && !values.overflowed ? line : this.fitted(line)
  }

  /** The start of every line of this millisecond. */
  private open(ms: number): void {
    this.opened = flatten(this.layout.open(ms))
    this.openedAt = ms
  }

  /** A line in the order of a format that has one of its own. */
  private arranged(
    level: number,
    ms: number,
    bindings: Fragment,
    context: Fragment | undefined,
    message: string,
    fields: Fields | undefined,
  ): string {
    const { layout, values } = this
    bindings.encode()
    context?.encode()
    this.outside = ''
    const body = fields === undefined ? '' : this.body(fields, level, bindings, context, false)
    if (ms !== this.openedAt) this.open(ms)
    const isAudit = level === AUDIT
    const texts =
      this.shadowed === undefined && !isAudit
        ? layout.bound(bindings, context, isCorrelation)
        : layout.split(this.unshadowed(bindings, context, this.shadowed), isAudit)
    const isPlain = !this.detects && isPlainText(message)
    const said = isPlain ? message : values.text(message)
    const line = layout.arrange(this.opened, level / 10, said, isPlain, texts, this.outside, body)
    return line.length <= this.safeLength && !values.overflowed ? line : this.fitted(line)
  }

  /** What stands between the time and the context, for a level; and the same with the message's opening behind it. */
  private makeHeads(index: number, bindings: Fragment): string {
    const head = flatten(this.afterTime[index] + bindings.text)
    bindings.heads[index] = head
    bindings.heads[index + WITH_MESSAGE] = flatten(head + this.messageOpening)
    return head
  }

  /**
   * Fields to be written on many lines: a child's bindings, a context. Flat ones are copied and encoded when the first line
   * needs them; what could change until then is encoded now.
   */
  fragment(fields: Fields, parent?: Fragment): Fragment {
    const copy = flatCopy(fields)
    return new Fragment(copy, copy === undefined ? this.encodeFields(fields) : undefined, this, parent)
  }

  encodeFields(fields: Fields): readonly EncodedField[] {
    const { values, keys } = this
    values.reset()
    const encoded = new Map<string, string>()
    for (const key of readableKeys(fields)) {
      for (const field of this.fields.entry(fields, key, readSafely(fields, key)).map((one) => this.unaudited(one))) {
        keys.bind(field.name)
        // A field that a reserved name was moved to gives way to one that bears the name itself.
        if (!encoded.has(field.name) || field.name === key) encoded.set(field.name, field.text)
      }
    }
    return [...encoded].map(([name, text]) => ({ name, text }))
  }

  /** A bound field may come to stand on an audit line, which says `log_type` itself. */
  private unaudited(field: EncodedField): EncodedField {
    if (field.name !== 'log_type') return field
    const { top } = this.keys.get(field.name)
    return { name: 'field_log_type', text: this.keys.get('field_log_type').top + field.text.slice(top.length) }
  }

  /** A value's JSON text, redacted, for what is put into a message. */
  encode(value: unknown): string {
    this.values.reset()
    // Paths hold for it as for fields: the specifier that it stands for does not make it another thing.
    return this.values.value(value, 1, this.paths) ?? 'undefined'
  }

  /** The message of an Error that is logged without one. */
  errorMessage(error: Error): string {
    return this.fields.errorMessage(error)
  }

  /** Fields that only the logger itself may bind (`service`, `logger`, `sample_rate`). */
  reservedFragment(fields: Fields, parent?: Fragment): Fragment {
    this.values.reset()
    const encoded = Object.entries(fields).flatMap(([name, value]) => {
      const info = this.keys.get(name)
      this.keys.bind(name)
      const text = this.values.value(value, 1)
      return text === undefined ? [] : [{ name, text: info.top + text }]
    })
    return new Fragment(undefined, encoded, this, parent)
  }

  /**
   * The fields that every line of a root has: what says where it is from, what its format wants, what its options say.
   *
   * @param place `version`, `pod` and the like.
   */
  base(service: string, place: Fields, fields: Fields): Fragment {
    const { constants, grouped, apart } = this.layout.place({ service, ...place })
    const { service: ownService, ...others } = apart
    const own = ownService === undefined ? {} : { service: ownService }
    const first = this.reservedFragment({ ...constants, ...own, ...grouped })
    return this.fragment(fields, this.fragment(others, first))
  }

  /** What a line ends with, newline included. */
  get end(): string {
    return this.layout.end
  }

  /** The store's name for a field of ours. */
  name(ours: string): string {
    return this.layout.name(ours)
  }

  /** The call's fields that stand outside the object that holds the others, where the format has one. */
  private outside = ''

  /** Names of bound fields whose place a field of the present call takes. */
  private shadowed: Set<string> | undefined

  /** Names that fields of the present call have been given, since their own were taken. */
  private displaced: ReadonlySet<string> = NONE

  /** The fields of a call. */
  private body(
    fields: Fields,
    level: number,
    bindings: Fragment,
    context: Fragment | undefined,
    opened: boolean,
  ): string {
    if (fields instanceof EventRecord) return this.event(fields, level, bindings, context, opened)
    const { values } = this
    const { known } = this.keys
    const plain = !this.detects
    let body = ''
    // Whether the text last written lacks its closing quote: the next key brings it. A text costs two pieces of the line
    // that way, not four, and pieces are what a line costs (bench `fields`: 17 %).
    let isOpen = opened
    for (const key in fields) {
      if (!hasOwn.call(fields, key)) continue
      const info = known[key] ?? this.keys.add(key)
      let value: unknown
      try {
        value = fields[key]
      } catch {
        value = '[unreadable]'
      }
      if (info.flags !== 0) {
        if (isOpen) body += '"'
        isOpen = false
        for (const field of this.fields.entry(fields, key, value)) {
          const text = this.placed(field, fields, level, bindings, context)
          if (this.layout.isOutside(field.name)) this.outside += text
          else body += text
        }
      } else if (typeof value === 'string' && plain && isPlainText(value)) {
        body += (isOpen ? info.closingText : info.topText) + value
        isOpen = true
      } else {
        const text = typeof value === 'string' ? values.text(value) : values.value(value, 1)
        if (text === undefined) continue
        body += (isOpen ? info.closing : info.top) + text
        isOpen = false
      }
      if (body.length > this.longestBody) {
        values.overflowed = true
        break
      }
    }
    return isOpen ? `${body}"` : body
  }

  /** The fields of an event, by its schema. */
  private event(
    { event, fields }: EventRecord,
    level: number,
    bindings: Fragment,
    context: Fragment | undefined,
    opened: boolean,
  ): string {
    if (event !== this.lastEvent || this.lastWriter === undefined) {
      this.lastWriter = this.writers.get(event) ?? this.compile(event)
      this.lastEvent = event
    }
    return this.lastWriter.write(fields, opened, level, bindings, context)
  }

  private compile(event: TypedEvent): EventWriter {
    const { redactor, maxLineBytes, conceal, onConcealed } = this.options
    const host: EventHost = {
      keys: this.keys,
      redactor,
      mostItems: Math.ceil(maxLineBytes / 3) + 1,
      rename: (name) => this.layout.name(name),
      walk: (fields, level, bindings, context) => this.body(fields, level, bindings, context, false),
      text: (value) => this.values.text(value),
      value: (value) => this.values.value(value, 1),
      conceal,
      concealed: onConcealed,
    }
    const writer = event.compile(host as never) as EventWriter
    this.writers.set(event, writer)
    return writer
  }

  /** A field's text, or nothing where the thread's own id says the same; notes which weaker field it takes the place of. */
  private placed(
    { name, text }: EncodedField,
    owner: Fields,
    level: number,
    bindings: Fragment,
    context: Fragment | undefined,
  ): string {
    const info = this.keys.get(name)
    if ((info.flags & KeyFlag.bound) === 0) return text
    const standing = context?.get(name) ?? bindings.get(name)
    const isId = (info.flags & KeyFlag.correlation) !== 0
    if (isId && standing === text) return ''
    // Names of bindings' ids that have given way to the context's stand there too.
    const moved = context?.beside(bindings, isCorrelation).moved ?? []
    const isMoved = (one: string) => moved.some((field) => field.name === one)
    let free = name
    if ((isId && standing !== undefined) || (level === AUDIT && name === 'log_type') || isMoved(name)) {
      do free = `field_${free}`
      while (hasOwn.call(owner, free) || isMoved(free) || this.displaced.has(free))
      if (this.displaced === NONE) this.displaced = new Set()
      ;(this.displaced as Set<string>).add(free)
    }
    if ((free === name ? standing : (context?.get(free) ?? bindings.get(free))) !== undefined) {
      this.shadowed ??= new Set()
      this.shadowed.add(free)
    }
    return free === name ? text : this.keys.get(free).top + text.slice(info.top.length)
  }

  /** Bindings and context without the fields whose place the call's own take: rare, and composed anew for this line. */
  private unshadowed(bindings: Fragment, context: Fragment | undefined, shadowed = NONE): readonly EncodedField[] {
    const fields = context === undefined ? bindings.fields() : context.fieldsBeside(bindings, isCorrelation)
    return fields.filter(({ name }) => !shadowed.has(name))
  }

  private fitted(line: string): string {
    const { overflowed } = this.values
    if (!overflowed && Buffer.byteLength(line) <= this.maxBytes) return line
    this.onTruncated()
    const braces = this.layout.end.trimEnd()
    const options = { kept: this.uncut, truncatedName: this.truncatedName, within: this.layout.within }
    return fit(line + braces, this.maxBytes, options, overflowed).slice(0, -braces.length)
  }
}

function isCorrelation(name: string): boolean {
  return CORRELATION.includes(name)
}

function flagsOf(key: string, layout: Layout, redactor: Redactor | undefined): number {
  let flags = 0
  if (RESERVED.includes(key) || layout.isTaken(key)) flags |= KeyFlag.reserved
  if (layout.isShaped(key) || layout.isOutside(key)) flags |= KeyFlag.shaped
  if (CORRELATION.includes(key)) flags |= KeyFlag.correlation
  if (key === 'error') flags |= KeyFlag.error
  if (key === 'toJSON') flags |= KeyFlag.toJson
  // A call's field may meet an audit line's own, or an id of the bindings that has given way to the context's.
  if (key === 'log_type' || (key.startsWith('field_') && isCorrelation(key.replace(/^(field_)+/, ''))))
    flags |= KeyFlag.bound
  if (redactor !== undefined && isPairValue(key)) flags |= KeyFlag.pairValue
  if (redactor?.isStructured(key) === true) flags |= KeyFlag.structured
  if (redactor?.paths !== undefined && step(redactor.paths, key) !== undefined) flags |= KeyFlag.path
  return flags
}

/** A copy of fields that are all primitive, so that nothing in it can change; `undefined` when they are not. */
function flatCopy(fields: Fields): Fields | undefined {
  try {
    for (const key in fields) {
      const value = fields[key]
      if ((typeof value === 'object' && value !== null) || typeof value === 'function') return undefined
    }
    return { ...fields }
  } catch {
    // A getter or a proxy that throws: read entry by entry, with a marker in each place.
    return undefined
  }
}

/** The own keys of an object that may be a proxy whose traps throw. */
function readableKeys(fields: Fields): string[] {
  try {
    return Object.keys(fields)
  } catch {
    return []
  }
}
