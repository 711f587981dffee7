import { type Bindings, compose, joinFields } from '../encode/bindings.js'
import type { EncodedField, Fields } from '../encode/field.js'
import type { KeyTable } from '../encode/key-table.js'
import { flatten, quote } from '../encode/string.js'
import { AUDIT, LEVEL_NAMES, LEVELS, type LevelName } from '../levels/level.js'
import type { StoreFormat } from './format.js'

/** How a line ends behind the fields of its call. */
interface Suffix {
  /** Behind a whole field. */
  readonly text: string
  /** Behind a text that lacks its closing quote. */
  readonly quoted: string
}

/** What a line has behind the text of its message, apart from the call's fields. */
export interface BoundText {
  /** Bound fields between the message and the call's fields. */
  readonly middle: string
  /** The same behind a message that lacks its closing quote. */
  readonly closing: string
  /** Bound fields behind the call's, without and with the end of the line. */
  readonly open: Suffix
  readonly ended: Suffix
  /** Bound fields between the time and the level. */
  readonly outside: string
}

const AUDIT_TYPE = ',"log_type":"audit"'

/**
 * A format, compiled once for a root logger: the pieces that a line is made of, their order, and the names that are taken.
 * Bound fields stand before the message, behind it, or behind the call's fields; none of these orders costs another one
 * anything (bench `formats`).
 */
export class CompiledFormat {
  /** The end of a line, newline included. */
  readonly end: string
  /** Whether the bound fields stand before the message. */
  readonly isBoundFirst: boolean
  /** What follows the message where the bound fields stand before it. */
  readonly unbound: BoundText
  /** The object that holds the fields, when they are not the line's own. */
  readonly within: string | undefined
  /** The level's text, by level number / 10; `AUDIT` is the last. */
  readonly levels: readonly string[]
  /** The level's text with the opening of the message behind it. */
  readonly levelsWithMessage: readonly string[]
  /** The time's key, with the brace before it. */
  readonly opening: string
  /** Whether the time is text. */
  readonly isIso: boolean
  /** `,"message":"` */
  readonly messageOpening: string
  /** Names of constants, which are never cut. */
  readonly ownNames: readonly string[]
  private readonly names: Readonly<Record<string, string>>
  private readonly taken: ReadonlySet<string>
  private readonly outside: ReadonlySet<string>

  constructor(readonly format: StoreFormat) {
    const { within, constants = {}, levelFields = {}, origin } = format
    this.names = Object.assign(Object.create(null), format.names)
    this.within = within?.name
    this.outside = new Set(within?.outside)
    this.isIso = (format.timestamp ?? 'iso') === 'iso'
    this.isBoundFirst = within === undefined && format.messageFirst !== true
    this.end = within === undefined ? '}\n' : '}}\n'
    this.opening = `{${quote(this.name('timestamp'))}:`
    this.ownNames = [
      ...Object.keys(constants),
      ...Object.keys(levelFields),
      ...(origin === undefined ? [] : [origin.name]),
    ]
    this.unbound = this.boundTextOf('', '')
    this.messageOpening = flatten(`,${quote(this.name('message'))}:"`)
    this.levels = this.levelTexts()
    this.levelsWithMessage = this.levels.map((text) => flatten(text + this.messageOpening))
    this.taken = this.takenNames()
  }

  /** The store's name for a field of ours. */
  name(ours: string): string {
    return this.names[ours] ?? ours
  }

  /** The start of a line of this millisecond, where its time is a number. */
  open(ms: number): string {
    return this.opening + (this.format.timestamp === 'epoch_ms' ? ms : seconds(ms))
  }

  /** Whether a field of this name would stand where something else stands. */
  isTaken(key: string): boolean {
    return this.taken.has(key) && this.names[key] !== key
  }

  isOutside(key: string): boolean {
    return this.outside.has(key)
  }

  /** Whether the object for some fields of a call is for the call of these. */
  groups(fields: Fields): boolean {
    try {
      return this.format.group?.when(fields) === true
    } catch {
      // A getter or a proxy that throws.
      return false
    }
  }

  /** Where a line is from: in an object of its own where the format has one, else apart. */
  origin(fields: Fields): { readonly constants: Fields; readonly grouped: Fields; readonly apart: Fields } {
    const { constants = {}, origin } = this.format
    if (origin === undefined) return { constants, grouped: {}, apart: fields }
    const grouped: Record<string, unknown> = {}
    const apart: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(fields)) {
      const theirs = Object.hasOwn(origin.names, name) ? origin.names[name] : undefined
      if (theirs === undefined) apart[name] = value
      else grouped[theirs] = value
    }
    return { constants, grouped: { [origin.name]: grouped }, apart }
  }

  /** The bound fields of a line that do not stand before the message. Kept for the loggers that last wrote in a context. */
  boundText(bindings: Bindings, context: Bindings | undefined, keys: KeyTable): BoundText {
    const owner = context ?? bindings
    const { placed } = owner
    if (placed !== undefined && placed.bindings === bindings) return placed.text as BoundText
    const composed = context === undefined ? undefined : compose(bindings, context, [], keys)
    const text = this.place(composed === undefined ? bindings.fields() : [...composed.bindings, ...composed.context])
    owner.placed = { bindings, text }
    return text
  }

  /** These fields, bound to a line behind its message. */
  place(fields: readonly EncodedField[], isAudit = false): BoundText {
    const inner = (isAudit ? AUDIT_TYPE : '') + joinFields(fields.filter(({ name }) => !this.outside.has(name)))
    return this.boundTextOf(inner, joinFields(fields.filter(({ name }) => this.outside.has(name))))
  }

  private boundTextOf(inner: string, outside: string): BoundText {
    const { within } = this
    const last = within === undefined ? inner : ''
    const isMessageWithin = !this.outside.has('message')
    const middle = within === undefined ? '' : isMessageWithin ? inner : `,${quote(within)}:{${inner.slice(1)}`
    return {
      middle: flatten(middle),
      closing: flatten(`"${middle}`),
      open: suffix(last),
      ended: suffix(last + this.end),
      outside: flatten(outside),
    }
  }

  private levelTexts(): readonly string[] {
    const { levels = {}, levelFields = {} } = this.format
    const one = (level: LevelName) => {
      const main = `,${quote(this.name('level'))}:${JSON.stringify(levels[level] ?? level.toUpperCase())}`
      const more = Object.entries(levelFields).map(([name, of]) => `,${quote(name)}:${JSON.stringify(of[level])}`)
      return main + more.join('')
    }
    const isWithin = this.within !== undefined && !this.outside.has('message')
    const texts: string[] = ['']
    for (const level of LEVEL_NAMES) texts[LEVELS[level] / 10] = one(level)
    texts[AUDIT / 10] = one('info') + (this.isBoundFirst ? AUDIT_TYPE : '')
    return texts.map((text) => flatten(isWithin ? `,${quote(this.within ?? '')}:{${text.slice(1)}` : text))
  }

  /** The names that stand where a call's fields do. */
  private takenNames(): ReadonlySet<string> {
    const { format, outside } = this
    const theirs = Object.entries(format.names).flatMap(([ours, name]) => (outside.has(ours) ? [] : [name]))
    const own = this.ownNames.filter((name) => !outside.has(name))
    const levels = outside.has('level') ? Object.keys(format.levelFields ?? {}) : []
    const group = format.group === undefined ? [] : [format.group.name]
    const names = [...theirs, ...own, ...group, ...(format.taken ?? [])]
    return new Set(names.filter((name) => !levels.includes(name)))
  }
}

function suffix(text: string): Suffix {
  return { text: flatten(text), quoted: flatten(`"${text}`) }
}

/** `1705918523.120`: as decimal text, since a division would give digits that the clock did not. */
function seconds(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return '0.000'
  const digits = String(Math.floor(ms)).padStart(4, '0')
  return `${digits.slice(0, -3)}.${digits.slice(-3)}`
}
