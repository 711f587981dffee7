import { type PlainText, PlainTexts } from './plain-texts.js'
import type { Shape } from './shape.js'
import { flatten, quote } from './string.js'

/** What makes a key more than a key. Bits, so that the walk asks one question (`flags === 0`) for the usual one. */
export const KeyFlag = {
  /** Redaction names it: its value is never written. */
  secret: 1,
  /** The logger itself writes it (`timestamp`, `level`, …): a field of that name goes under `field_<name>`. */
  reserved: 2,
  /** An id of the request's thread (`request_id`, …): the context's wins where it has one. */
  correlation: 4,
  /** Something else may stand on the line under this name: what a logger or a context has bound, or an error's details. */
  bound: 8,
  /** `error`, under which an Error is spread over the line. */
  error: 16,
  /** A redaction path begins with it. */
  path: 32,
  /** `toJSON`: the object that has it asks to be asked. */
  toJson: 64,
  /** `value`, which is a secret where a `name` or `key` beside it says so (`{ name: 'Cookie', value: … }`). */
  pairValue: 128,
  /** Holds text in which names stand beside values, like a URL or a header: it is looked into without any detector on. */
  structured: 256,
  /** The line's format has it in a form or at a place of its own. */
  shaped: 512,
  /** A path, which may have a query behind it: it is looked into where it has. */
  query: 1024,
} as const

/** Everything about a key that is the same at every call. */
export interface KeyInfo extends PlainText {
  /** The key; its start and end, when it is too long to be one. */
  readonly name: string
  flags: number
  /** The redaction rule that makes it secret. */
  readonly rule: string | undefined
  readonly shape: Shape | undefined
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
  /** The key that last stood behind this one: calls are alike, and asking for its name is less than looking it up. */
  follower: KeyInfo | undefined
}

/** What the parts of the encoder know of a key. */
export interface KeyRules {
  flags(key: string): number
  rule(key: string): string | undefined
  /** The key's name on the line, in the line's format. */
  rename(key: string): string
  /** What the line's format makes of a field of this name. */
  shape(key: string): Shape | undefined
  /** The key as it may be shown: one that is data may be a secret itself. */
  shown(key: string): string
  /** Told that a key was cut. */
  onCut(): void
}

/** Far above the number of field names of any service; a table keyed by data (user ids) must not grow for ever. */
const MOST_KEYS = 4096
/** A longer key is data, and would be kept alive by the table. */
const LONGEST_KEPT_KEY = 100
/** A longer key is cut before it costs anything. Two that are then alike become one when the line is made to fit. */
export const LONGEST_KEY = 1024
/** The end of a cut key is kept too: by its last words redaction knows it. */
const KEPT_END = 200
/** Detectors look so much further than what is kept, so that a secret on the cut is hidden and not halved. */
const LOOK_BEYOND = 2048

/**
 * Keys, encoded once. One null-prototype object, bounded: looking a key up is a fraction of quoting it (bench `fields`).
 */
export class KeyTable {
  private readonly known: Record<string, KeyInfo | undefined> = Object.create(null)
  /** How many names have been bound so far, for what has to know whether more are. */
  boundNames = 0
  /** Tells which texts under these keys, and which messages, need no escape. */
  readonly texts = new PlainTexts()
  /** What the first key of every object is behind. */
  readonly start: KeyInfo
  private size = 0

  constructor(private readonly rules: KeyRules) {
    this.start = this.add('')
  }

  get(key: string): KeyInfo {
    return this.known[key] ?? this.add(key)
  }

  /** The same for a key that stands behind another one, when that one's `follower` is not it. */
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
      shape: this.rules.shape(key),
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
