import { AUDIT, LEVEL_NAMES, LEVELS, type LevelName } from '../levels/level.js'
import type { Format } from './format.js'
import { type EncodedField, type Fragment, join, type Naming, type Texts } from './fragment.js'
import { type GroupShape, isOfDigits, type Shape } from './shape.js'
import { flatten, quote } from './string.js'
import { tailsOf } from './tail.js'
import { timestamp } from './timestamp.js'

/**
 * A format, made ready once: which pieces a line is put together from and in which order, and which names are taken. It
 * costs no order of flat fields anything, and an object for them a piece a line (bench `formats`).
 */
export class Layout {
  /** What a finished line ends with. */
  readonly end: string
  /** What follows a message where no bound field stands behind it. */
  readonly unbound: Texts
  /** The object that holds the fields, when they are not the line's own. */
  readonly within: string | undefined
  /** Whether the fields are the line's own; where they stand in an object of theirs, `rest` knows how. */
  readonly isFlat: boolean
  /** Whether the bound fields stand before the message, as ours do; else behind it, and of flat ones behind the call's. */
  readonly isBoundFirst: boolean
  /** What stands between the time and the bindings, by level number / 10; `AUDIT` is the last. */
  readonly afterTime: readonly string[]
  /** `,"message":"` */
  readonly messageOpening: string
  private readonly names: Readonly<Record<string, string>>
  private readonly opening: string
  private readonly afterMs: string
  private readonly taken: ReadonlySet<string>
  private readonly outside: ReadonlySet<string>
  private readonly opener: string
  /** What stands between the time and the text of the message, by level number / 10. */
  private readonly openMessages: readonly string[]
  private readonly isOpenedBehindMessage: boolean
  /** Whether level and message stand within the object that holds the fields. */
  private readonly isMessageWithin: boolean

  constructor(readonly format: Format) {
    const { timestamp: time = 'iso', within } = format
    this.names = Object.assign(Object.create(null), format.names)
    const quoted = time === 'iso' ? '"' : ''
    this.opening = `{${quote(this.name('timestamp'))}:${quoted}`
    this.afterMs = quoted
    this.outside = new Set(within?.outside)
    this.within = within?.name
    this.isMessageWithin = within !== undefined && !this.outside.has('message')
    this.isFlat = within === undefined
    this.isBoundFirst = this.isFlat && format.messageFirst !== true
    this.end = within === undefined ? '}\n' : '}}\n'
    this.unbound = this.boundLast('')
    this.opener = within === undefined ? '' : `,${quote(within.name)}:{`
    this.isOpenedBehindMessage = within !== undefined && !this.isMessageWithin
    this.afterTime = this.levelTexts()
    this.messageOpening = flatten(`,${quote(this.name('message'))}:"`)
    this.openMessages = this.afterTime.map((text) => flatten(text + this.messageOpening))
    this.taken = this.takenNames()
  }

  /** The store's name for a field of ours. */
  name(ours: string): string {
    return this.names[ours] ?? ours
  }

  /** The start of a line of this millisecond. */
  open(ms: number): string {
    const { timestamp: time } = this.format
    if (time === 'epoch_ms') return this.opening + ms
    if (time === 'epoch_s') return `${this.opening}${seconds(ms)}`
    return this.opening + timestamp(ms) + this.afterMs
  }

  /** Whether a field of this name would stand where something else stands. */
  isTaken(key: string): boolean {
    return this.taken.has(key) && this.names[key] !== key
  }

  isOutside(key: string): boolean {
    return this.outside.has(key)
  }

  /** Whether the format has a say in how a field of this name is written. */
  isShaped(key: string): boolean {
    const { values = {}, aliases = {} } = this.format
    const isNamed = Object.hasOwn(values, key) || Object.hasOwn(aliases, key) || this.isGrouped(key)
    return isNamed || this.isText(key) || this.isObject(key)
  }

  /** Whether the format has an object that a field of this name may stand in. */
  isGrouped(key: string): boolean {
    const { group } = this.format
    return group !== undefined && Object.hasOwn(group.names, key)
  }

  /** How a field is written that the format has a say in. */
  shape(key: string): Shape | undefined {
    const { values, aliases, group } = this.format
    if (!this.isShaped(key)) return undefined
    const isElse = this.isText(key) || this.isObject(key) || this.isOutside(key) || own(aliases, key) !== undefined
    return {
      isSimple: !isElse,
      convert: own(values, key),
      group: group !== undefined && this.isGrouped(key) ? grouped(group, key) : undefined,
    }
  }

  /** Whether the object for some fields of a call is for the call of these. */
  groups(fields: Readonly<Record<string, unknown>>): boolean {
    try {
      return this.format.group?.when(fields) === true
    } catch {
      // A getter, or a proxy that does not say what it has.
      return false
    }
  }

  /** Whether the store has a field of this name as text. */
  isText(key: string): boolean {
    return this.format.texts?.includes(key) ?? false
  }

  /** Whether the store has as an object what a field of this name is written under. */
  isObject(key: string): boolean {
    return this.format.objects?.includes(this.name(key)) ?? false
  }

  /** What says where a line is from: in an object of its own where the format has one, else apart. */
  place(fields: Readonly<Record<string, unknown>>): {
    readonly constants: Readonly<Record<string, unknown>>
    readonly grouped: Readonly<Record<string, unknown>>
    readonly apart: Readonly<Record<string, unknown>>
  } {
    const { constants = {}, place } = this.format
    if (place === undefined) return { constants, grouped: {}, apart: fields }
    const [within, apart] = [true, false].map((isWithin) =>
      Object.entries(fields).filter(([name]) => Object.hasOwn(place.names, name) === isWithin),
    )
    const renamed = within?.map(([name, value]) => [place.names[name], value])
    return {
      constants,
      grouped: { [place.name]: Object.fromEntries(renamed ?? []) },
      apart: Object.fromEntries(apart ?? []),
    }
  }

  /** Names that only stand for themselves, and are never cut. */
  get ownNames(): readonly string[] {
    const { constants = {}, levelFields = {}, place } = this.format
    return [...Object.keys(constants), ...Object.keys(levelFields), ...(place === undefined ? [] : [place.name])]
  }

  /** What a line begins with in another order than ours, up to the text of its message. */
  lead(opened: string, index: number, outside: string): string {
    return opened + outside + this.openMessages[index]
  }

  /**
   * What a line has behind the text of its message where its fields stand in an object of theirs.
   *
   * @param isPlain The text lacks its closing quote.
   * @param body The call's fields and the end.
   */
  rest(texts: Texts, isPlain: boolean, body: string, end: string): string {
    if (body !== end) return (isPlain ? texts.closing : texts.text) + (texts.isEmpty ? body.slice(1) : body)
    if (isPlain) return end === '' ? texts.closed : texts.ended
    // What a finished line ends with begins with a comma: there must be something before it.
    return texts.text + (texts.isEmpty ? FILLER : '') + end
  }

  /** The bound fields of a line, kept for the loggers that last wrote in a context. */
  bound(bindings: Fragment, context: Fragment | undefined, naming: Naming): Texts {
    const owner = context ?? bindings
    const { arranged } = owner
    if (arranged !== undefined && arranged.bindings === bindings) return arranged.texts
    const texts = this.split(context === undefined ? bindings.fields() : context.fieldsBeside(bindings, naming))
    owner.arranged = { bindings, texts }
    return texts
  }

  /** Bound fields that do not stand before the message, by the place that they stand at. */
  split(fields: readonly EncodedField[], isAudit = false): Texts {
    const inner = (isAudit ? AUDIT_TYPE : '') + join(fields.filter(({ name }) => !this.outside.has(name)))
    if (this.isFlat) return this.boundLast(inner)
    const isEmpty = this.isOpenedBehindMessage && inner === ''
    const text = this.isOpenedBehindMessage ? this.opener + inner.slice(1) : inner
    const outside = join(fields.filter(({ name }) => this.outside.has(name)))
    const closing = flatten(`"${text}`)
    const closed = isEmpty ? flatten(closing + FILLER) : closing
    const ended = flatten(closed + this.end)
    return {
      text: flatten(text),
      closing,
      closed,
      ended,
      tails: this.unbound.tails,
      outside: flatten(outside),
      isEmpty,
    }
  }

  /** Bound fields behind the call's. */
  private boundLast(inner: string): Texts {
    const tails = tailsOf(inner, this.end)
    const { open, ended } = tails
    return { text: '', closing: '"', closed: open.quoted, ended: ended.quoted, tails, outside: '', isEmpty: false }
  }

  private levelTexts(): readonly string[] {
    const { levels = {}, levelFields = {} } = this.format
    const one = (level: LevelName) => {
      const main = `,${quote(this.name('level'))}:${JSON.stringify(levels[level] ?? level.toUpperCase())}`
      const more = Object.entries(levelFields).map(([name, of]) => `,${quote(name)}:${JSON.stringify(of[level])}`)
      return main + more.join('')
    }
    const texts: string[] = ['']
    for (const level of LEVEL_NAMES) texts[LEVELS[level] / 10] = one(level)
    texts[AUDIT / 10] = one('info') + (this.isBoundFirst ? AUDIT_TYPE : '')
    return texts.map((text) => flatten(this.isMessageWithin ? this.opener + text.slice(1) : text))
  }

  /** The names that stand where a call's fields do. */
  private takenNames(): ReadonlySet<string> {
    const { format, outside } = this
    const theirs = Object.entries(format.names).flatMap(([ours, name]) => (outside.has(ours) ? [] : [name]))
    const own = this.ownNames.filter((name) => !outside.has(name))
    const isLevelOutside = this.within !== undefined && !this.isMessageWithin
    const levels = isLevelOutside ? Object.keys(format.levelFields ?? {}) : []
    const group = format.group === undefined ? [] : [format.group.name]
    const names = [...theirs, ...own, ...group, ...(format.taken ?? [])]
    return new Set(names.filter((name) => !levels.includes(name)))
  }
}

const FILLER = '"log_type":"application"'
const AUDIT_TYPE = ',"log_type":"audit"'

function grouped(group: NonNullable<Format['group']>, key: string): GroupShape {
  const start = `${quote(own(group.names, key) ?? key)}:`
  const opened = `,${quote(group.name)}:{${start}`
  const convert = own(group.values, key)
  return {
    next: flatten(`,${start}`),
    nextText: flatten(`,${start}"`),
    closing: flatten(`",${start}`),
    closingText: flatten(`",${start}"`),
    first: flatten(opened),
    firstText: flatten(`${opened}"`),
    convert,
    isDigits: isOfDigits(convert),
  }
}

function own<T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined
}

/** `1705918523.120`: as decimal text, since a division would give digits that the clock did not. */
function seconds(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return '0.000'
  const digits = String(Math.floor(ms)).padStart(4, '0')
  return `${digits.slice(0, -3)}.${digits.slice(-3)}`
}
