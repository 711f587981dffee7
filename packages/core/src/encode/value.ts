import { types } from 'node:util'
import { DEFAULT_CENSOR } from '../redact/censor.js'
import type { Detect } from '../redact/detect/detect.js'
import { type ErrorRules, errorRules } from '../redact/error-rules.js'
import { type PathState, step } from '../redact/paths.js'
import { ALLOWED, type Redactor } from '../redact/redactor.js'
import { BoundedText } from './bounded-text.js'
import { type ErrorProperties, errorObject, errorProperties, isError } from './error.js'
import { readField, setField } from './field.js'
import { KeyFlag, type KeyInfo, type KeyTable, LOOK_BEYOND } from './key-table.js'
import { LineState } from './line-state.js'
import { numberText } from './number.js'
import { firstOf, grouped, isPairList, nameIn } from './pairs.js'
import { LONG_TEXT, quote } from './string.js'
import { webObject } from './web-object.js'

/** How deep values are followed; below it stands a marker. Deeper data is for a data store. */
const DEEPEST = 10

/** No card's number has fewer digits. */
const LEAST_CARD = 13

/** About 5,000 digits: longer than any key of RSA. */
const MOST_BITS = 16_384

const UNREADABLE = '"[unreadable]"'

/**
 * A value becomes JSON text, redacted while it is walked: there is no second pass and no copy, and what is secret is
 * never encoded at all. Nothing throws: what cannot be read becomes a marker in its own place.
 *
 * What JSON cannot say: `undefined` and functions are left out as `JSON.stringify` does; NaN and the infinities are
 * `null`, so that a store that has mapped the field as a number keeps the line; a BigInt is a number while it is a safe
 * one, else text; a Map with text keys is an object, else a list of pairs; a Set is a list; binary data is its size.
 *
 * Longer than a file should be, and one all the same: every kind of value may hold every other, and all of them share the
 * bounds of the one walk.
 */
export class ValueEncoder {
  /** The line that is being written. */
  state = new LineState()
  /** Whether every text has to be searched. */
  readonly detects: boolean
  private readonly mostNodes: number
  private readonly longestText: number
  private readonly mostWeight: number
  private detect: Detect | undefined
  /** What is secret of an error that no path leads to. */
  private readonly errorRules: ErrorRules | undefined

  constructor(
    private readonly keys: KeyTable,
    private readonly redactor: Redactor | undefined,
    maxLineBytes: number,
    readonly errors: ErrorProperties,
  ) {
    this.detect = redactor?.detect
    this.errorRules = redactor === undefined ? undefined : errorRules(undefined, (key) => redactor.keyRule(key))
    this.detects = redactor?.detect !== undefined
    // An entry takes at least two bytes of the line, so that more of them than this could not fit.
    this.mostNodes = Math.ceil(maxLineBytes / 2)
    // Longer than any line, so that the budget's cut, not this one, decides what is seen; and what a cut could leave of a
    // half secret is cut off again by it (see `bounded`).
    this.longestText = maxLineBytes * 4
    this.mostWeight = maxLineBytes * 16
  }

  /** Encodes something in a state of its own: another line may be being written, whose values have asked for this one. */
  nested<T>(encode: () => T): T {
    const outer = this.state
    // With no line under way there is nothing to set aside (bench `interpolation`).
    if (outer.busy) this.state = new LineState()
    else outer.reset()
    this.state.busy = true
    try {
      return encode()
    } finally {
      if (outer.busy && this.state !== outer) this.state = outer
      else outer.busy = false
    }
  }

  /** A string's JSON text, after the detectors have seen it. */
  text(value: string, detect = this.detect): string {
    // Weighed, so that many of them together stay bounded too.
    if (value.length > LONG_TEXT) return quote(this.bounded(value, detect))
    return quote(detect === undefined ? value : detect(value))
  }

  /** A value's JSON text; `undefined` when it has none and is left out. */
  value(value: unknown, depth: number, path?: PathState): string | undefined {
    switch (typeof value) {
      case 'string':
        return this.text(value)
      case 'number':
        return value - value !== 0 ? 'null' : this.detect === undefined ? numberText(value) : this.number(value)
      case 'boolean':
        return value ? 'true' : 'false'
      case 'object':
        return value === null ? 'null' : this.object(value, depth, path)
      case 'bigint':
        return this.bigint(value)
      case 'symbol':
        return this.text(value.toString())
      default:
        return undefined
    }
  }

  /** A number while every reader keeps it exact, else text; what would take longer to write than to read, a marker. */
  private bigint(value: bigint): string {
    if (Number.isSafeInteger(Number(value))) return this.number(value)
    return BigInt.asIntN(MOST_BITS, value) === value ? this.text(`${value}`) : '"[BigInt]"'
  }

  /** A number that may be a card's: it is text then. */
  private number(value: number | bigint): string {
    const text = `${value}`
    // A number that is not exact is no card's.
    const isShort = text.length < LEAST_CARD || !Number.isSafeInteger(Number(value))
    const shown = isShort || this.detect === undefined ? text : this.detect(text)
    return shown === text ? text : quote(shown)
  }

  /**
   * A string too long to be written whole: cut before it is looked at, so that 50 MB cost no more than 64 kB. Detectors look
   * beyond the cut, so that a secret on it is hidden and not halved.
   */
  private bounded(value: string, detect: Detect | undefined): string {
    const { state } = this
    const most = state.weight > this.mostWeight ? 64 : this.longestText
    state.weight += Math.min(value.length, most)
    if (value.length <= most) return detect === undefined ? value : detect(value)
    // What is longer than any line is sure to be cut again, and listed then; what a detector leaves of it may not be.
    if (most < this.longestText || detect !== undefined) this.state.overflowed = true
    return detect === undefined ? value.slice(0, most) : detect(value.slice(0, most + LOOK_BEYOND), most)
  }

  private object(value: object, depth: number, path: PathState | undefined): string {
    const { state } = this
    const { ancestors, entered } = state
    for (let i = 0; i < entered; i++) if (ancestors[i] === value) return '"[Circular]"'
    ancestors[entered] = value
    state.entered = entered + 1
    try {
      if (depth > DEEPEST) return Array.isArray(value) ? '"[Array]"' : '"[Object]"'
      if (Array.isArray(value)) return this.list(value, value.length, depth, path)
      const prototype = Object.getPrototypeOf(value)
      if (prototype === Object.prototype || prototype === null) return this.entries(value, depth, path)
      return this.instance(value, depth, path)
    } catch {
      return UNREADABLE
    } finally {
      ancestors[entered] = NOTHING
      state.entered = entered
    }
  }

  private entries(value: object, depth: number, path: PathState | undefined): string {
    const source = value as Record<string, unknown>
    const { state } = this
    const { strings } = this.keys
    const plain = this.detect === undefined
    let out = ''
    // Whether the text last written lacks its closing quote: the next key brings it, as on the line itself (bench `nested`).
    let isOpen = false
    let info = this.keys.start
    for (const key in source) {
      // biome-ignore lint/suspicious/noPrototypeBuiltins: `Object.hasOwn` is unknown to V8's compiler (bench `nested`)
      if (!Object.prototype.hasOwnProperty.call(source, key)) continue
      if (++state.nodes > this.mostNodes) {
        this.state.overflowed = true
        out += `${out === '' ? '{' : isOpen ? '",' : ','}"…":"[more]"`
        isOpen = false
        break
      }
      const guess = info.follower
      info = guess !== undefined && guess.name === key ? guess : this.keys.behind(info, key)
      let given: unknown
      try {
        given = source[key]
      } catch {
        given = '[unreadable]'
      }
      const next = path === undefined ? undefined : step(path, info.name)
      const isWatched = next !== undefined || (info.flags & NESTED_FLAGS) !== 0
      if (!isWatched && plain && typeof given === 'string' && (info.plain === given || strings.look(info, given))) {
        out += (out === '' ? info.firstText : isOpen ? info.nextClosingText : info.nextText) + given
        isOpen = true
        continue
      }
      const child = isWatched ? this.watched(given, info, depth, next, source) : this.value(given, depth + 1)
      if (child === TO_JSON) return this.toJson(value, (source as { toJSON: () => unknown }).toJSON, depth, path)
      if (child === undefined) continue
      out += (out === '' ? info.first : isOpen ? info.nextClosing : info.next) + child
      isOpen = false
    }
    return out === '' ? '{}' : isOpen ? `${out}"}` : `${out}}`
  }

  /**
   * An entry that redaction or `toJSON` may replace.
   *
   * @param next Where the paths lead with its key.
   */
  watched(
    value: unknown,
    info: KeyInfo,
    depth: number,
    next: PathState | undefined,
    owner: Record<string, unknown> | undefined,
  ): string | undefined {
    const { redactor } = this
    const { flags, name } = info
    if ((flags & KeyFlag.toJson) !== 0 && typeof value === 'function' && owner !== undefined) return TO_JSON
    if (redactor !== undefined) {
      const isPairValue = (flags & KeyFlag.pairValue) !== 0 && owner !== undefined
      if (isPairValue && isBytes(owner, value)) return this.text(`[binary: ${value.length} bytes]`)
      const rule = info.rule ?? (isPairValue ? redactor.ruleBeside(owner, name) : undefined)
      const isAllowed = rule === ALLOWED || next?.isAllowed === true
      if (isAllowed && next?.rule === undefined) return this.allowed(value, depth + 1, next)
      if (rule !== undefined && !isAllowed) return this.censored(value, rule, name, depth + 1)
      if (isSearched(flags, value) && next?.rule === undefined) {
        if (typeof value === 'string') return this.text(value, redactor.structured)
        const walked = typeof value === 'object' && value !== null ? redactor.structuredObject(value, name) : undefined
        if (walked !== undefined) return this.structuredObject(walked, redactor.structured, depth + 1, next)
      }
      if (next !== undefined) return this.onPath(value, next, name, depth + 1)
    }
    return this.value(value, depth + 1)
  }

  /** A value that the user allows: no detector reads its own text, and what is in it is walked as anything. */
  private allowed(value: unknown, depth: number, path: PathState | undefined): string | undefined {
    if (typeof value === 'object' && value !== null) return this.value(value, depth, path)
    const { detect } = this
    this.detect = undefined
    const text = this.value(value, depth)
    this.detect = detect
    return text
  }

  /** A list of URLs or of header lines, the parts of a URL, a query: its texts are searched as one alone is. */
  private structuredObject(value: object, structured: Detect, depth: number, path: PathState | undefined): string {
    const { detect } = this
    this.detect = structured
    try {
      return this.object(value, depth, path)
    } finally {
      this.detect = detect
    }
  }

  /** What redaction puts in a value's place. A censor of the user's may return anything, which is redacted like anything. */
  censored(value: unknown, rule: string, key: string, depth: number): string | undefined {
    const replacement = this.redactor?.censor(value, rule, key)
    const constant = this.redactor?.constant
    return replacement === constant?.text ? constant?.json : this.value(replacement, depth)
  }

  /** The same for a text that stays one. */
  censoredText(text: string, rule: string, key: string): string {
    const replacement = this.redactor?.censor(text, rule, key)
    return typeof replacement === 'string' ? replacement : replacement === undefined ? '' : DEFAULT_CENSOR
  }

  /** A value that a redaction path has led to, or may lead on from. */
  onPath(value: unknown, state: PathState, key: string, depth: number): string | undefined {
    return state.rule === undefined ? this.value(value, depth, state) : this.censored(value, state.rule, key, depth)
  }

  private list(values: ArrayLike<unknown>, length: number, depth: number, path: PathState | undefined): string {
    const { state } = this
    let out = '['
    let previous: unknown
    for (let i = 0; i < length; i++) {
      if (++state.nodes > this.mostNodes) {
        this.state.overflowed = true
        return `${out}${i === 0 ? '' : ','}"[${length - i} more]"]`
      }
      if (i > 0) out += ','
      const value = this.element(values, i)
      out += this.item(value, i, previous, depth, path) ?? 'null'
      previous = value
    }
    return `${out}]`
  }

  /** An element, which the one before it may name: `['Authorization', '…']` in raw headers, `['--password', '…']` in flags. */
  private item(
    value: unknown,
    index: number,
    previous: unknown,
    depth: number,
    path: PathState | undefined,
  ): string | undefined {
    const { redactor } = this
    if (redactor !== undefined && index > 0) {
      const name = nameIn(previous)
      const names = name !== undefined && (index % 2 === 1 || name.startsWith('-'))
      const rule = names ? redactor.nameRule(name) : undefined
      if (rule !== undefined) return this.censored(value, rule, name ?? '', depth + 1)
    }
    const next = path === undefined ? undefined : step(path, String(index))
    // `--token=…`
    if (redactor !== undefined && next === undefined && typeof value === 'string' && value.startsWith('--')) {
      return this.text(value, redactor.structured)
    }
    return next === undefined ? this.value(value, depth + 1) : this.onPath(value, next, String(index), depth + 1)
  }

  private element(values: ArrayLike<unknown>, index: number): unknown {
    try {
      return values[index]
    } catch {
      return '[unreadable]'
    }
  }

  /** Whatever is neither an array nor a plain object. */
  private instance(value: object, depth: number, path: PathState | undefined): string {
    if (isError(value)) return this.error(value, depth, path)
    if (types.isDate(value)) return date(value)
    if (value instanceof BoundedText) return this.beginning(value)
    if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return this.binary(value, depth, path)
    // Its query has names, which its text hides from the walk.
    if (this.redactor !== undefined && value instanceof URL) return this.text(value.href, this.redactor.structured)
    const { toJSON } = value as { toJSON?: unknown }
    if (typeof toJSON === 'function') return this.toJson(value, toJSON as () => unknown, depth, path)
    if (types.isMap(value)) return this.map(value as Map<unknown, unknown>, depth, path)
    if (types.isSet(value)) return this.set(value as Set<unknown>, depth, path)
    if (isPairList(value)) return this.pairList(value, depth, path)
    const web = webObject(value)
    if (web !== undefined) return this.entries(web, depth, path)
    if (types.isRegExp(value)) return this.text(String(value))
    if (types.isPromise(value)) return '"[Promise]"'
    if (types.isBoxedPrimitive(value)) return this.value(value.valueOf(), depth + 1) ?? 'null'
    return this.entries(value, depth, path)
  }

  /** `Headers`, `FormData`, and `URLSearchParams`, which is a query wherever it stands. */
  private pairList(value: Iterable<[string, unknown]>, depth: number, path: PathState | undefined): string {
    const { detect, redactor } = this
    const query = value instanceof URLSearchParams ? redactor?.structuredObject(value, 'query') : undefined
    const pairs = query === undefined || query === value ? grouped(value, this.mostNodes) : Object.entries(query)
    if (query !== undefined) this.detect = redactor?.structured
    try {
      return this.pairs(pairs, depth, path)
    } finally {
      this.detect = detect
    }
  }

  /** Detectors look beyond the cut, so that a secret on it is hidden and not halved. */
  private beginning({ text, length }: BoundedText): string {
    const { detect } = this
    return quote(
      `${detect === undefined ? text.slice(0, length) : detect(text.slice(0, length + LOOK_BEYOND), length)}…`,
    )
  }

  private toJson(value: object, toJSON: () => unknown, depth: number, path: PathState | undefined): string {
    const replacement: unknown = toJSON.call(value)
    if (typeof replacement !== 'object' || replacement === null) return this.value(replacement, depth) ?? 'null'
    // An object whose toJSON gives itself, or something that again has one, is walked as it is and not asked again.
    if (replacement === value) return this.asked(replacement, depth, path)
    return this.object(replacement, depth + 1, path)
  }

  /** The entries of an object whose `toJSON` was called already. */
  private asked(value: object, depth: number, path: PathState | undefined): string {
    if (Array.isArray(value)) return this.list(value, value.length, depth, path)
    const keys = Object.keys(value).filter((key) => key !== 'toJSON')
    return this.pairs(
      keys.map((key) => [key, readField(value, key)]),
      depth,
      path,
    )
  }

  /** An object when every key is text, else a list of pairs. */
  private map(map: Map<unknown, unknown>, depth: number, path: PathState | undefined): string {
    const pairs = firstOf(mapEntries.call(map), this.mostNodes)
    if (pairs.every(([key]) => typeof key === 'string')) return this.pairs(pairs as [string, unknown][], depth, path)
    return this.list(pairs, map.size, depth, path)
  }

  private set(set: Set<unknown>, depth: number, path: PathState | undefined): string {
    return this.list(firstOf(setValues.call(set), this.mostNodes), set.size, depth, path)
  }

  /** Keys and values, each key once. */
  private pairs(pairs: readonly (readonly [string, unknown])[], depth: number, path: PathState | undefined): string {
    const { state } = this
    let out = ''
    let owner: Record<string, unknown> | undefined
    for (const [key, value] of pairs) {
      if (++state.nodes > this.mostNodes) {
        this.state.overflowed = true
        break
      }
      const info = this.keys.get(key)
      const isPairValue = (info.flags & KeyFlag.pairValue) !== 0
      if (isPairValue) owner ??= Object.fromEntries(pairs)
      const next = path === undefined ? undefined : step(path, info.name)
      const child = this.watched(value, info, depth, next, isPairValue ? owner : undefined)
      if (child !== undefined) out += (out === '' ? info.first : info.next) + child
    }
    return out === '' ? '{}' : `${out}}`
  }

  private binary(value: ArrayBufferView | ArrayBufferLike, depth: number, path: PathState | undefined): string {
    if (ArrayBuffer.isView(value) && !(value instanceof Uint8Array) && !(value instanceof DataView)) {
      const numbers = value as unknown as ArrayLike<unknown>
      return this.list(numbers, numbers.length, depth, path)
    }
    return quote(`[binary: ${value.byteLength} bytes]`)
  }

  private error(error: Error, depth: number, path: PathState | undefined): string {
    const { redactor } = this
    const rules = path === undefined ? this.errorRules : errorRules(path, (key) => redactor?.keyRule(key))
    // The stack begins with the type and the message, so that whoever hides one of them hides it there.
    const fields = errorObject(error, rules?.message !== undefined || rules?.type !== undefined)
    // An error's `name` stands under `type`.
    const isTypeNamed = this.keys.get('type').rule !== undefined || (path && step(path, 'type')?.rule) !== undefined
    if (rules?.type !== undefined && !isTypeNamed) fields.type = redactor?.censor(fields.type, rules.type, 'type')
    const facts = this.entries(fields, depth, path)
    const own = errorProperties(error, this.errors)
    if (own === undefined) return facts
    const beside: Record<string, unknown> = {}
    const details: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(own)) setField(ERROR_KEYS.has(key) ? details : beside, key, value)
    if (Object.keys(details).length > 0) {
      if (Object.hasOwn(beside, 'details')) details.details = beside.details
      beside.details = details
    }
    const more = this.properties(beside, depth, path).slice(1, -1)
    return more === '' ? facts : `${facts.slice(0, -1)},${more}}`
  }

  /**
   * An error's own properties, bounded: an error of an HTTP client holds sockets and agents. What is over the bounds is
   * replaced, and the rest of the line is not.
   */
  properties(properties: Record<string, unknown>, depth: number, path: PathState | undefined): string {
    const { state } = this
    const { nodes, overflowed } = state
    let out = ''
    let left = MOST_PROPERTY_UNITS
    for (const [key, value] of Object.entries(properties)) {
      const info = this.keys.get(key)
      const next = path === undefined ? undefined : step(path, info.name)
      state.nodes = Math.max(nodes, this.mostNodes - MOST_PROPERTY_NODES)
      let child = this.watched(value, info, Math.max(depth, DEEPEST - PROPERTY_DEPTH), next, properties)
      if (child === undefined || child === TO_JSON) continue
      if (child.length > left) child = '"[truncated]"'
      left -= child.length
      out += (out === '' ? info.first : info.next) + child
    }
    state.nodes = nodes
    state.overflowed = overflowed
    return out === '' ? '{}' : `${out}}`
  }
}

/** The names of an error's facts where it is an object. */
const ERROR_KEYS = new Set(['type', 'message', 'stack', 'code', 'cause', 'errors', 'error', 'suppressed'])
/** The bounds of an error's own properties: UTF-16 units of their JSON, entries of each, levels of objects within. */
const MOST_PROPERTY_UNITS = 4096
const MOST_PROPERTY_NODES = 256
const PROPERTY_DEPTH = 4

/** Whether a value under a key of these flags is searched for names that stand beside values. */
function isSearched(flags: number, value: unknown): boolean {
  return (flags & KeyFlag.structured) !== 0 || ((flags & KeyFlag.query) !== 0 && hasQuery(value))
}

/**
 * Whether a path has a query, or may have one in it. By `indexOf`, which V8 compiles better than `includes` (bench `six`).
 */
export function hasQuery(path: unknown): boolean {
  return typeof path === 'string' ? path.indexOf('?') !== -1 : typeof path === 'object'
}

const NESTED_FLAGS = KeyFlag.secret | KeyFlag.toJson | KeyFlag.pairValue | KeyFlag.structured | KeyFlag.query
/** What `Buffer#toJSON` gives: bytes, of which only the number is shown. */
function isBytes(owner: Record<string, unknown>, value: unknown): value is unknown[] {
  return owner.type === 'Buffer' && Array.isArray(value)
}

/** Stands where the walk has left an object, which it must not keep alive. */
const NOTHING = {}
/** Stands for "this object has a `toJSON`"; no value's JSON text is this. */
const TO_JSON = '\u0000toJSON'

const mapEntries = Map.prototype.entries
const setValues = Set.prototype.values
const toISOString = Date.prototype.toISOString
const getTime = Date.prototype.getTime

/** By the methods of the language, since a subclass's own could return anything. */
function date(value: Date): string {
  return Number.isNaN(getTime.call(value)) ? 'null' : `"${toISOString.call(value)}"`
}
