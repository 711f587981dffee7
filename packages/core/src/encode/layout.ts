import { AUDIT, LEVEL_NAMES, LEVELS, type LevelName } from '../levels/level.js'
import type { Format } from './format.js'
import type { Texts } from './fragment.js'
import { flatten, quote } from './string.js'
import { timestamp } from './timestamp.js'

/** The logger writes these itself; a field of such a name is kept under `field_<name>`. */
export const RESERVED = [
  ...['timestamp', 'level', 'message', 'service', 'logger', 'sample_rate', 'truncated', 'boot_id', 'seq'],
] as const

/** What a `KeyFlag.shaped` field is asked about: see `Format`'s properties of the same names. */
export type Shapes = Pick<Format, 'values' | 'aliases' | 'errors'> & {
  readonly texts: ReadonlySet<string>
  readonly objects: ReadonlySet<string>
}

/**
 * A format, made ready once: which pieces a line is put together from and in which order, and which names are taken. It
 * costs the default order nothing, and another one a piece or two a line (bench `formats`).
 */
export class Layout {
  /** What a finished line ends with. */
  readonly end: string
  readonly shapes: Shapes
  /** The object that holds the fields, when they are not the line's own. */
  readonly within: string | undefined
  /** False where pieces stand in another order than ours, which `arrange` knows. */
  readonly isUsual: boolean
  /** What stands between the time and the bindings, by level number / 10; `AUDIT` is the last. */
  readonly afterTime: readonly string[]
  private readonly names: Readonly<Record<string, string>>
  private readonly opening: string
  private readonly afterMs: string
  private readonly taken: ReadonlySet<string>
  private readonly outside: ReadonlySet<string>
  private readonly opener: string
  /** Whether level and message stand within the object that holds the fields. */
  private readonly isMessageWithin: boolean

  constructor(private readonly format: Format) {
    const { timestamp: time = 'iso', within } = format
    this.names = Object.assign(Object.create(null), format.names)
    const quoted = time === 'iso' ? '"' : ''
    this.opening = `{${quote(this.name('timestamp'))}:${quoted}`
    this.afterMs = quoted
    this.outside = new Set(within?.outside)
    this.within = within?.name
    this.isMessageWithin = within !== undefined && !this.outside.has('message')
    this.isUsual = within === undefined && format.messageFirst !== true
    this.end = within === undefined ? '}\n' : '}}\n'
    this.opener = within === undefined ? '' : `,${quote(within.name)}:{`
    this.afterTime = this.levelTexts()
    this.taken = this.takenNames()
    this.shapes = {
      ...(format.values === undefined ? {} : { values: format.values }),
      ...(format.aliases === undefined ? {} : { aliases: format.aliases }),
      ...(format.errors === undefined ? {} : { errors: format.errors }),
      texts: new Set(format.texts),
      objects: new Set(format.objects),
    }
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
    const { values, aliases, texts, objects, errors } = this.shapes as Shapes
    return (
      (values !== undefined && Object.hasOwn(values, key)) ||
      (aliases !== undefined && Object.hasOwn(aliases, key)) ||
      (errors === 'object' && key === 'error') ||
      texts.has(key) ||
      objects.has(key)
    )
  }

  /** Names that only stand for themselves, and are never cut. */
  get ownNames(): readonly string[] {
    const { constants = {}, levelFields = {}, place } = this.format
    return [...Object.keys(constants), ...Object.keys(levelFields), ...(place === undefined ? [] : [place.name])]
  }

  /**
   * The pieces of a line in another order than ours.
   *
   * @param opened The start, with the time.
   * @param index The level's number / 10.
   * @param said The message's field.
   * @param outside The call's fields that stand outside the object that holds the others.
   */
  arrange(
    opened: string,
    index: number,
    said: string,
    own: Texts,
    around: Texts,
    outside: string,
    body: string,
  ): string {
    const level = this.afterTime[index] ?? ''
    if (this.within === undefined) return opened + level + said + own.text + around.text + body
    const before = opened + own.outside + around.outside + outside
    if (this.isMessageWithin) return before + level + said + own.text + around.text + body
    const audit = index === AUDIT / 10 ? AUDIT_TYPE : ''
    return before + level + said + this.opener + withoutComma(audit + own.text, around.text + body)
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
    texts[AUDIT / 10] = one('info') + (this.within === undefined || this.isMessageWithin ? AUDIT_TYPE : '')
    return texts.map((text) => flatten(this.isMessageWithin ? this.opener + text.slice(1) : text))
  }

  /** The names that stand where a call's fields do. */
  private takenNames(): ReadonlySet<string> {
    const { format, outside } = this
    const theirs = Object.entries(format.names).flatMap(([ours, name]) => (outside.has(ours) ? [] : [name]))
    const own = this.ownNames.filter((name) => !outside.has(name))
    const isLevelOutside = this.within !== undefined && !this.isMessageWithin
    const levels = isLevelOutside ? Object.keys(format.levelFields ?? {}) : []
    const names = [...theirs, ...own, ...(format.taken ?? [])]
    return new Set(names.filter((name) => !levels.includes(name)))
  }
}

const AUDIT_TYPE = ',"log_type":"audit"'

/** Fields behind an opening brace: the first has no comma. */
function withoutComma(first: string, rest: string): string {
  return first === '' ? rest.slice(1) : first.slice(1) + rest
}

/** `1705918523.120`: as decimal text, since a division would give digits that the clock did not. */
function seconds(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return '0.000'
  const digits = String(Math.floor(ms)).padStart(4, '0')
  return `${digits.slice(0, -3)}.${digits.slice(-3)}`
}
