import type { Redactor } from '../redact/redactor.js'
import type { Classification, Conceal } from '../redact/schema-censor.js'
import { isError } from './error.js'
import { type EventHost, EventRecord, type EventWriter, type TypedEvent } from './event.js'
import type { FieldEncoder } from './field.js'
import { FAILURE, isCorrelation } from './field-names.js'
import { type Fields, readSafely } from './fields.js'
import { type Composed, compose, type EncodedField, type Fragment, freeName, type Naming } from './fragment.js'
import { KeyFlag, type KeyInfo, type KeyTable } from './key-table.js'
import type { Layout } from './layout.js'
import { hasOwn } from './own.js'
import { hasQuery } from './query.js'
import { converted, isScalar } from './shape.js'
import type { Tail } from './tail.js'
import type { ValueEncoder } from './value.js'

const NO_FIELDS: Fields = {}

/** Flags of a key whose value redaction looks at, and nothing more. */
const REDACTION = KeyFlag.secret | KeyFlag.path | KeyFlag.structured | KeyFlag.query

/** What the fields of calls are written with. */
export interface CallFieldsParts {
  readonly keys: KeyTable
  readonly values: ValueEncoder
  readonly fields: FieldEncoder
  readonly layout: Layout
  readonly naming: Naming
  readonly redactor: Redactor | undefined
  readonly maxLineBytes: number
  /** What stands in the place of a value that an event's schema classifies. */
  readonly conceal: Conceal
  /** Told of each value that was so hidden. */
  readonly onConcealed: (classification: Classification) => void
}

/** What the fields of the present call have left behind, beside their text. */
export interface CallState {
  readonly taken: string[] | undefined
  readonly outside: string
}

/** The fields of a call become text, one after the other, in the one walk that there is. */
export class CallFields {
  /** The call's fields that stand outside the object that holds the others, where the format has one. */
  outside = ''
  /** The names that the rarer fields of the present call stand under. */
  private taken: string[] | undefined
  private readonly detects: boolean
  /** More fields than this could not fit, and walking on would only cost time. */
  readonly most: number
  /** How each event writes its fields for this root. */
  private readonly writers = new WeakMap<TypedEvent, EventWriter>()
  private lastEvent: TypedEvent | undefined
  private lastWriter: EventWriter | undefined
  private readonly keys: KeyTable
  private readonly values: ValueEncoder
  private readonly fields: FieldEncoder
  private readonly layout: Layout
  private readonly naming: Naming

  constructor(private readonly parts: CallFieldsParts) {
    this.keys = parts.keys
    this.values = parts.values
    this.fields = parts.fields
    this.layout = parts.layout
    this.naming = parts.naming
    this.detects = parts.redactor?.detect !== undefined
    // Each takes at least six bytes: `,"a":1`.
    this.most = Math.ceil(parts.maxLineBytes / 6) + 1
  }

  /** Before each call. */
  reset(): void {
    this.taken = undefined
    this.outside = ''
  }

  /** For a record that is encoded while another one is. */
  suspend(): CallState {
    const { taken, outside } = this
    return { taken, outside }
  }

  resume({ taken, outside }: CallState): void {
    this.taken = taken
    this.outside = outside
  }

  /**
   * @param opened The text before it lacks its closing quote, which the first field brings.
   * @param tail What follows the last field.
   */
  write(fields: Fields, bindings: Fragment, context: Fragment | undefined, opened: boolean, tail: Tail): string {
    if (fields instanceof EventRecord) return this.event(fields, bindings, context, opened) + tail.text
    const { values } = this
    const { texts } = this.keys
    const plain = !this.detects
    let body = ''
    // Whether the text last written lacks its closing quote: the next key brings it. A text costs two pieces of the line
    // that way, not four, and pieces are what a line costs (bench `fields`: 17 %).
    let isOpen = opened
    // The object that the format has for some of the fields, and whether it has one in this call. Locals, since V8 keeps a
    // record of each young text that it finds on an old object (bench `formats`).
    let grouped: string | undefined
    let isGroupOpen = false
    let hasGroup: boolean | undefined
    let count = 0
    try {
      let info = this.keys.start
      for (const key in fields) {
        if (!hasOwn(fields, key)) continue
        if (++count > this.most) {
          values.overflowed = true
          break
        }
        const guess = info.follower
        info = guess !== undefined && guess.name === key ? guess : this.keys.behind(info, key)
        const value = readSafely(fields, key)
        let { flags } = info
        if ((flags & KeyFlag.query) !== 0 && !hasQuery(value)) flags ^= KeyFlag.query
        if (flags === KeyFlag.shaped && info.shape?.isSimple === true && isScalar(value)) {
          // Half of what a format has to do with a request's fields (bench `formats`).
          const { convert, group } = info.shape
          if (group !== undefined) hasGroup ??= this.layout.groups(fields)
          if (group !== undefined && hasGroup === true) {
            const given = group.convert === undefined ? value : converted(group.convert, value)
            if (
              typeof given === 'string' &&
              plain &&
              ((group.isDigits && typeof value === 'number') || info.plain === given || texts.look(info, given))
            ) {
              if (grouped === undefined) grouped = group.firstText + given
              else grouped += (isGroupOpen ? group.closingText : group.nextText) + given
              isGroupOpen = true
            } else {
              const text = values.value(given, 1)
              if (text === undefined) continue
              if (grouped === undefined) grouped = group.first + text
              else grouped += (isGroupOpen ? group.closing : group.next) + text
              isGroupOpen = false
            }
          } else {
            const text = values.value(converted(convert, value), 1)
            if (text === undefined) continue
            body += (isOpen ? info.closing : info.top) + text
            isOpen = false
          }
        } else if (flags !== 0 && (flags & ~REDACTION) === 0) {
          // Nothing else may stand under this name, so that it needs no list of fields (bench `three-paths`).
          const text = this.fields.redacted(info, value)
          if (text === undefined) continue
          body += (isOpen ? info.closing : info.top) + text
          isOpen = false
        } else if (flags !== 0) {
          if ((flags & KeyFlag.toJson) !== 0 && typeof value === 'function') {
            return this.asked(fields, value as () => unknown, bindings, context, opened, tail)
          }
          const group = info.shape?.group
          if (group !== undefined) hasGroup ??= this.layout.groups(fields)
          if (group !== undefined && hasGroup === true) {
            const text = this.inGroup(fields, info, value)
            if (text === undefined) continue
            if (grouped === undefined) grouped = group.first + text
            else grouped += (isGroupOpen ? group.closing : group.next) + text
            isGroupOpen = false
            continue
          }
          const isErrors = (flags & KeyFlag.error) !== 0 && isError(value)
          const error = isErrors ? this.fields.errorText(fields, value as Error, bindings, context, isOpen) : undefined
          if (isOpen && error === undefined) body += '"'
          isOpen = false
          body += error ?? this.rare(fields, info, value, bindings, context)
        } else if (typeof value === 'string' && plain && (info.plain === value || texts.look(info, value))) {
          body += (isOpen ? info.closingText : info.topText) + value
          isOpen = true
        } else {
          const text = typeof value === 'string' ? values.text(value) : values.value(value, 1)
          if (text === undefined) continue
          body += (isOpen ? info.closing : info.top) + text
          isOpen = false
        }
      }
    } catch {
      // A proxy that does not say what it has: what was read before stays.
      if (isOpen) body += '"'
      isOpen = false
      const text = `${this.keys.get(FAILURE).top}"unreadable"`
      body += this.placed({ name: FAILURE, text }, NO_FIELDS, bindings, context)
    }
    if (grouped !== undefined) {
      const text = (isOpen ? `${body}"` : body) + grouped
      return text + (isGroupOpen ? tail.quotedGrouped : tail.grouped)
    }
    return body + (isOpen ? tail.quoted : tail.text)
  }

  /** The fields of an event, by its schema. */
  private event(
    { event, fields }: EventRecord,
    bindings: Fragment,
    context: Fragment | undefined,
    opened: boolean,
  ): string {
    if (event !== this.lastEvent || this.lastWriter === undefined) {
      this.lastWriter = this.writers.get(event) ?? this.compile(event)
      this.lastEvent = event
    }
    return this.lastWriter.write(fields, opened, bindings, context)
  }

  private compile(event: TypedEvent): EventWriter {
    const { redactor, maxLineBytes, conceal, onConcealed } = this.parts
    const host: EventHost = {
      keys: this.keys,
      redactor,
      mostItems: Math.ceil(maxLineBytes / 2) + 1,
      rename: (name) => this.layout.name(name),
      walk: (fields, bindings, context) => this.write(fields, bindings, context, false, this.layout.unbound.tails.open),
      text: (value, key) => this.values.watched(value, key, 0, undefined, undefined),
      value: (value) => this.values.value(value, 1),
      conceal,
      concealed: onConcealed,
    }
    const writer = event.compile(host as never) as EventWriter
    this.writers.set(event, writer)
    return writer
  }

  /** The fields that an object with a `toJSON` would rather show. */
  private asked(
    fields: Fields,
    toJSON: () => unknown,
    bindings: Fragment,
    context: Fragment | undefined,
    opened: boolean,
    tail: Tail,
  ): string {
    const shown: unknown = toJSON.call(fields)
    const isBag = typeof shown === 'object' && shown !== null && !Array.isArray(shown)
    // Its own `toJSON` is not asked again.
    const bag = isBag ? { ...shown, toJSON: undefined } : { args: [shown] }
    this.reset()
    return this.write(bag, bindings, context, opened, tail)
  }

  /** The text of one of the rarer fields: reserved, secret, on a path, bound elsewhere, an Error under `error`. */
  private rare(
    owner: Fields,
    info: KeyInfo,
    value: unknown,
    bindings: Fragment,
    context: Fragment | undefined,
  ): string {
    let body = ''
    for (const field of this.entry(owner, info, value)) {
      const text = this.placed(field, owner, bindings, context)
      if (this.layout.isOutside(field.name)) this.outside += text
      else body += text
    }
    return body
  }

  /** One of those in the object that the format has for some fields. */
  private inGroup(owner: Fields, info: KeyInfo, value: unknown): string | undefined {
    // What a logger or the context has under this name is said by the call, if elsewhere.
    this.taken ??= []
    this.taken.push(info.name)
    return this.fields.inGroup(owner, info, value)
  }

  /** One field, or several for an Error; none for what is left out. Never throws. */
  entry(owner: Fields, { name, flags, top }: KeyInfo, value: unknown): EncodedField[] {
    try {
      return this.fields.entry(owner, name, value)
    } catch {
      // A proxy's trap threw where something beside the field was asked for.
      if ((flags & KeyFlag.reserved) === 0) return [{ name, text: `${top}"[unreadable]"` }]
      const free = `field_${name}`
      return [{ name: free, text: `${this.keys.get(free).top}"[unreadable]"` }]
    }
  }

  /**
   * A field's text under a name that nothing of this call stands under yet, or nothing where the thread's own id says the
   * same.
   */
  private placed(field: EncodedField, owner: Fields, bindings: Fragment, context: Fragment | undefined): string {
    const { name, text } = field
    const standing = isCorrelation(name) ? (context?.get(name) ?? bindings.get(name)) : undefined
    if (standing === text) return ''
    this.taken ??= []
    const { taken } = this
    if (standing === undefined && !taken.includes(name)) {
      taken.push(name)
      return text
    }
    const free = freeName(name, (one) => taken.includes(one) || hasOwn(owner, one))
    if (free === undefined) {
      this.values.overflowed = true
      return ''
    }
    taken.push(free)
    return this.naming.renamed(field, free).text
  }

  /** Bindings and context where a field of the call is in their way; `undefined` where none is. */
  composed(bindings: Fragment, context: Fragment | undefined): Composed | undefined {
    const { taken } = this
    if (taken === undefined) return undefined
    for (const name of taken) {
      const isInTheWay = bindings.has(name) || context?.has(name) === true || name.startsWith('field_')
      if (isInTheWay) return compose(bindings, context, taken, this.naming)
    }
    return undefined
  }
}
