import type { FieldFormat } from '../format/field-format.js'
import { flatten, quote } from './string.js'
import { type CachedString, StringCache } from './string-cache.js'

/** What makes a key special. Bits, so that the walk makes one comparison (`flags === 0`) for the usual key. */
export const KeyFlag = {
  /** A redaction rule names it: its value is never written. */
  secret: 1,
  /** The logger itself writes it (`timestamp`, `level`, …): a field of that name goes under `field_<name>`. */
  reserved: 2,
  /** An id of the request (`request_id`, …): the context's wins where it has one. */
  correlation: 4,
  /** A logger or a context of this root has bound a field of this name. */
  bound: 8,
  /** `error`: an Error there is spread over the line. */
  error: 16,
  /** A redaction path begins with it. */
  path: 32,
  /** `toJSON`: where it is a function, its result replaces the object. */
  toJson: 64,
  /** `value`: secret where a `name` or `key` beside it is a secret's name (`{ name: 'Cookie', value: … }`). */
  pairValue: 128,
  /** Holds text in which names stand beside values, like a URL or a header: searched for secrets without any detector. */
  structured: 256,
  /** The line's format does more with it than rename it. */
  formatted: 512,
  /** A path: searched like a URL where it has a query. */
  query: 1024,
} as const

/** Everything about a key that is the same at every call. */
export interface KeyInfo extends CachedString {
  /** The key; its start and end, when it is too long to be one. */
  readonly name: string
  flags: number
  /** The redaction rule that makes it secret. */
  readonly rule: string | undefined
  readonly format: FieldFormat | undefined
  /** `,"key":` as a field of the line, under the name that the line's format gives it. */
  readonly top: string
  /** `,"key":"`, when a text follows. */
  readonly topText: string
  /** `","key":`, when the text before it still lacks its closing quote. */
  readonly closing: string
  /** `","key":"`, when both is so. */
  readonly closingText: string
  /** `,"key":` inside a value. */
  readonly next: string
  /** `,"key":"` inside a value, when a text follows. */
  readonly nextText: string
  /** `","key":` inside a value, when the text before it still lacks its closing quote. */
  readonly nextClosing: string
  /** `","key":"` inside a value, when both is so. */
  readonly nextClosingText: string
  /** `{"key":` inside a value, as its first. */
  readonly first: string
  /** `{"key":"` inside a value, as its first, when a text follows. */
  readonly firstText: string
  /** Inline cache: the key that followed this one last time. */
  follower: KeyInfo | undefined
}

/** Computes what is kept of a key. */
export interface KeyRules {
  flags(key: string): number
  rule(key: string): string | undefined
  /** The key's name on the line, in the line's format. */
  rename(key: string): string
  /** How the line's format writes the field. */
  format(key: string): FieldFormat | undefined
  /** The key as it may be shown: detectors censor a key that holds a secret itself. */
  shown(key: string): string
  /** Called when a key was cut. */
  onCut(): void
}

/** Far above the number of field names of any service; a table keyed by data (user ids) must not grow for ever. */
const MOST_KEYS = 4096
/** A longer key is data, and would be kept alive by the table. */
const LONGEST_KEPT_KEY = 100
/** A longer key is cut. Two keys that are then equal become one when the line is truncated. */
export const LONGEST_KEY = 1024
/** The end of a cut key is kept too: redaction rules look at the last words of a name. */
const KEPT_END = 200
/**
 * Before a text is cut, detectors read so many characters beyond the cut, so that a secret across the cut is hidden and not
 * halved.
 */
export const LOOK_BEYOND = 2048

/**
 * Keys, encoded once. One null-prototype object, bounded: looking a key up is a fraction of quoting it (bench `fields`).
 */
export class KeyTable {
  private readonly known: Record<string, KeyInfo | undefined> = Object.create(null)
  /** Strings under these keys, and messages, that need no escape. */
  readonly strings = new StringCache()
  /** How many names have been bound so far. A compiled event is planned again when the number changes. */
  boundNames = 0
  /** Stands before the first key of every object. */
  readonly start: KeyInfo
  private size = 0

  constructor(private readonly rules: KeyRules) {
    this.start = this.add('')
  }

  get(key: string): KeyInfo {
    return this.known[key] ?? this.add(key)
  }

  /** The same for a key that follows another one, when it is not that one's `follower`. */
  behind(previous: KeyInfo, key: string): KeyInfo {
    const found = this.known[key]
    // One that is not kept must not be kept here.
    if (found !== undefined) previous.follower = found
    return found ?? this.add(key)
  }

  /** Notes that some logger or context of this root has bound a field of this name. */
  bind(key: string): void {
    const info = this.get(key)
    if ((info.flags & KeyFlag.bound) !== 0) return
    info.flags |= KeyFlag.bound
    this.boundNames++
  }

  /** For a key that `known` does not have. */
  add(key: string): KeyInfo {
    if (key.length > LONGEST_KEY) return this.addCut(key)
    const kept = this.size < MOST_KEYS && key.length <= LONGEST_KEPT_KEY
    const rule = this.rules.rule(key)
    // A key that is not kept cannot remember that it was bound, so it counts as bound.
    const flags = this.rules.flags(key) | (rule === undefined ? 0 : KeyFlag.secret) | (kept ? 0 : KeyFlag.bound)
    const shown = this.rules.shown(key)
    const text = quote(shown)
    const top = `,${shown === key ? quote(this.rules.rename(key)) : text}:`
    const info: KeyInfo = {
      name: key,
      flags,
      rule,
      format: this.rules.format(key),
      top: flatten(top),
      topText: flatten(`${top}"`),
      closing: flatten(`"${top}`),
      closingText: flatten(`"${top}"`),
      next: flatten(`,${text}:`),
      nextText: flatten(`,${text}:"`),
      nextClosing: flatten(`",${text}:`),
      nextClosingText: flatten(`",${text}:"`),
      first: flatten(`{${text}:`),
      firstText: flatten(`{${text}:"`),
      follower: undefined,
      plain: '',
      candidate: '',
    }
    if (kept) {
      this.known[key] = info
      this.size++
    }
    return info
  }

  private addCut(key: string): KeyInfo {
    const { rules } = this
    rules.onCut()
    const keptStart = LONGEST_KEY - KEPT_END - 1
    const start = rules.shown(key.slice(0, keptStart + LOOK_BEYOND)).slice(0, keptStart)
    const end = rules.shown(key.slice(-(KEPT_END + LOOK_BEYOND))).slice(-KEPT_END)
    return this.add(`${start}…${end}`)
  }
}
