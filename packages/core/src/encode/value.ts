import { types } from 'node:util'
import type { PathState } from '../redact/paths.js'
import { step } from '../redact/paths.js'
import type { Redactor } from '../redact/redactor.js'
import { errorCause, errorFacts, innerErrors, isError } from './error.js'
import { KeyFlag, type KeyInfo, type KeyTable } from './key-table.js'
import { quote } from './string.js'

/** How deep values are followed; below it stands a marker. Deeper data is for a data store. */
const DEEPEST = 10

const UNREADABLE = '"[unreadable]"'
const hasOwn = Object.prototype.hasOwnProperty

/**
 * A value becomes JSON text, redacted while it is walked: there is no second pass and no copy, and what is secret is
 * never encoded at all. Nothing throws: what cannot be read becomes a marker in its own place.
 *
 * What JSON cannot say: `undefined` and functions are left out as `JSON.stringify` does; NaN and the infinities are
 * `null`, so that a store that has mapped the field as a number keeps the line; a BigInt is a number while it is a safe
 * one, else text; a Map with text keys is an object, else a list of pairs; a Set is a list; binary data is its size.
 */
export class ValueEncoder {
  private readonly ancestors: object[] = []
  private nodes = 0
  private weight = 0
  /** True when something of this line was left out because it could not have fitted. */
  overflowed = false

  private readonly mostNodes: number
  private readonly longestText: number
  private readonly mostWeight: number
  private readonly detect: ((text: string) => string) | undefined

  constructor(
    private readonly keys: KeyTable,
    private readonly redactor: Redactor | undefined,
    maxLineBytes: number,
  ) {
    this.detect = redactor?.detect
    // An entry takes at least three bytes of the line, so that more of them than this could not fit.
    this.mostNodes = Math.ceil(maxLineBytes / 3)
    // Longer than any line, so that the budget's cut, not this one, decides what is seen; and what a cut could leave of a
    // half secret is cut off again by it (see `bounded`).
    this.longestText = maxLineBytes * 4
    this.mostWeight = maxLineBytes * 16
  }

  /** Before each line. */
  reset(): void {
    this.nodes = 0
    this.weight = 0
    this.overflowed = false
    // Left behind only where a getter or a proxy threw.
    if (this.ancestors.length > 0) this.ancestors.length = 0
  }

  /** A string's JSON text, after the detectors have seen it. */
  text(value: string): string {
    if (value.length > 1024) return quote(this.bounded(value))
    return quote(this.detect === undefined ? value : this.detect(value))
  }

  /** Any value but a string. `undefined` when it has no JSON text and is to be left out. */
  value(value: unknown, depth: number, path?: PathState): string | undefined {
    switch (typeof value) {
      case 'string':
        return this.text(value)
      case 'number':
        return value - value === 0 ? `${value}` : 'null'
      case 'boolean':
        return value ? 'true' : 'false'
      case 'object':
        return value === null ? 'null' : this.object(value, depth, path)
      case 'bigint':
        return Number.isSafeInteger(Number(value)) ? `${value}` : `"${value}"`
      case 'symbol':
        return this.text(value.toString())
      default:
        return undefined
    }
  }

  /** A string too long to be written whole: cut before it is looked at, so that 50 MB cost no more than 64 kB. */
  private bounded(value: string): string {
    const { detect } = this
    const most = this.weight > this.mostWeight ? 64 : this.longestText
    this.weight += Math.min(value.length, most)
    if (value.length <= most) return detect === undefined ? value : detect(value)
    this.overflowed = true
    const start = value.slice(0, most)
    if (detect === undefined) return start
    // A secret cut in two is not recognised, so whatever runs into the cut goes too.
    const lastSpace = start.search(/\s\S*$/)
    return detect(lastSpace < most - 8192 ? start.slice(0, Math.max(0, most - 8192)) : start.slice(0, lastSpace))
  }

  private object(value: object, depth: number, path: PathState | undefined): string {
    if (depth > DEEPEST) return Array.isArray(value) ? '"[Array]"' : '"[Object]"'
    if (this.ancestors.includes(value)) return '"[Circular]"'
    this.ancestors.push(value)
    try {
      if (Array.isArray(value)) return this.list(value, value.length, depth, path)
      const prototype = Object.getPrototypeOf(value)
      if (prototype === Object.prototype || prototype === null) return this.entries(value, depth, path)
      return this.instance(value, depth, path)
    } catch {
      return UNREADABLE
    } finally {
      this.ancestors.pop()
    }
  }

  private entries(value: object, depth: number, path: PathState | undefined): string {
    const { known } = this.keys
    const source = value as Record<string, unknown>
    let out = ''
    for (const key in source) {
      if (!hasOwn.call(source, key)) continue
      if (++this.nodes > this.mostNodes) {
        this.overflowed = true
        out += `${out === '' ? '{' : ','}"…":"[more]"`
        break
      }
      const info = known[key] ?? this.keys.add(key)
      const child = this.entry(source, key, info, depth, path)
      if (child === TO_JSON) return this.toJson(value, (source as { toJSON: () => unknown }).toJSON, depth, path)
      if (child !== undefined) out += (out === '' ? info.first : info.next) + child
    }
    return out === '' ? '{}' : `${out}}`
  }

  private entry(
    source: Record<string, unknown>,
    key: string,
    info: KeyInfo,
    depth: number,
    path: PathState | undefined,
  ): string | undefined {
    let value: unknown
    try {
      value = source[key]
    } catch {
      return UNREADABLE
    }
    if (path !== undefined || (info.flags & NESTED_FLAGS) !== 0) return this.watched(value, info, depth, path, source)
    return typeof value === 'string' ? this.text(value) : this.value(value, depth + 1)
  }

  /** An entry that redaction, or `toJSON`, may have a say in. */
  watched(
    value: unknown,
    info: KeyInfo,
    depth: number,
    path: PathState | undefined,
    owner: Record<string, unknown> | undefined,
  ): string | undefined {
    const { redactor } = this
    const { flags, name } = info
    if ((flags & KeyFlag.toJson) !== 0 && typeof value === 'function' && owner !== undefined) return TO_JSON
    if (redactor !== undefined) {
      if (info.rule !== undefined) return redactor.censor(value, info.rule, name)
      if ((flags & KeyFlag.pairValue) !== 0 && owner !== undefined) {
        const rule = pairRule(owner, redactor)
        if (rule !== undefined) return redactor.censor(value, rule, name)
      }
      const next = path === undefined ? undefined : step(path, name)
      if (next !== undefined) return this.onPath(value, next, name, depth + 1)
    }
    return this.value(value, depth + 1)
  }

  /** A value that a redaction path has led to, or may lead on from. */
  onPath(value: unknown, state: PathState, key: string, depth: number): string | undefined {
    if (state.rule !== undefined && this.redactor !== undefined) return this.redactor.censor(value, state.rule, key)
    return this.value(value, depth, state)
  }

  private list(values: ArrayLike<unknown>, length: number, depth: number, path: PathState | undefined): string {
    const { redactor } = this
    let out = '['
    for (let i = 0; i < length; i++) {
      if (++this.nodes > this.mostNodes) {
        this.overflowed = true
        return `${out}${i === 0 ? '' : ','}"[${length - i} more]"]`
      }
      if (i > 0) out += ','
      const value = this.element(values, i)
      const previous = i % 2 === 1 ? this.element(values, i - 1) : undefined
      const rule = typeof previous === 'string' ? redactor?.nameRule(previous) : undefined
      if (rule !== undefined) out += redactor?.censor(value, rule, String(previous)) ?? 'null'
      else {
        const next = path === undefined ? undefined : step(path, String(i))
        out +=
          (next === undefined ? this.value(value, depth + 1) : this.onPath(value, next, String(i), depth + 1)) ?? 'null'
      }
    }
    return `${out}]`
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
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'null' : `"${value.toISOString()}"`
    if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return this.binary(value, depth, path)
    const { toJSON } = value as { toJSON?: unknown }
    if (typeof toJSON === 'function') return this.toJson(value, toJSON as () => unknown, depth, path)
    if (types.isMap(value)) return this.pairs([...(value as Map<unknown, unknown>)], depth, path)
    if (types.isSet(value)) return this.list([...(value as Set<unknown>)], (value as Set<unknown>).size, depth, path)
    if (isPairList(value)) return this.pairs([...value], depth, path)
    if (types.isRegExp(value)) return this.text(String(value))
    if (types.isPromise(value)) return '"[Promise]"'
    if (types.isBoxedPrimitive(value)) return this.value(value.valueOf(), depth) ?? 'null'
    return this.entries(value, depth, path)
  }

  private toJson(value: object, toJSON: () => unknown, depth: number, path: PathState | undefined): string {
    const replacement: unknown = toJSON.call(value)
    if (typeof replacement !== 'object' || replacement === null) return this.value(replacement, depth) ?? 'null'
    // An object whose toJSON gives itself, or something that again has one, is walked as it is and not asked again.
    if (replacement === value) return this.asked(replacement, depth, path)
    return this.object(replacement, depth + 1, path)
  }

  /** The entries of an object whose `toJSON` has had its say. */
  private asked(value: object, depth: number, path: PathState | undefined): string {
    if (Array.isArray(value)) return this.list(value, value.length, depth, path)
    return this.pairs(
      Object.keys(value)
        .filter((key) => key !== 'toJSON')
        .map((key) => [key, (value as Record<string, unknown>)[key]]),
      depth,
      path,
    )
  }

  /** What is a list of keys and values: an object when every key is text, else a list of pairs. */
  private pairs(pairs: readonly (readonly unknown[])[], depth: number, path: PathState | undefined): string {
    if (!pairs.every(([key]) => typeof key === 'string')) return this.list(pairs, pairs.length, depth, path)
    let out = ''
    const written = new Set<string>()
    for (const pair of pairs) {
      const key = pair[0] as string
      if (written.has(key)) continue
      written.add(key)
      if (++this.nodes > this.mostNodes) {
        this.overflowed = true
        break
      }
      const info = this.keys.get(key)
      const child = this.watched(valuesOf(pairs, pair), info, depth, path, undefined)
      if (child !== undefined) out += (out === '' ? info.first : info.next) + child
    }
    return out === '' ? '{}' : `${out}}`
  }

  private binary(value: ArrayBufferView | ArrayBufferLike, depth: number, path: PathState | undefined): string {
    if (ArrayBuffer.isView(value) && !(value instanceof Uint8Array) && !(value instanceof DataView)) {
      const numbers = value as unknown as ArrayLike<unknown>
      return this.list(numbers, numbers.length, depth, path)
    }
    return `"[binary: ${value.byteLength} bytes]"`
  }

  private error(error: Error, depth: number, path: PathState | undefined): string {
    const { type, message, stack, code } = errorFacts(error)
    const fields: Record<string, unknown> = { type, message, stack }
    if (code !== undefined) fields.code = code
    const cause = errorCause(error)
    if (cause !== undefined) fields.cause = cause
    const inner = innerErrors(error)
    if (inner.length > 0) fields.errors = inner
    // The stack begins with the message, so that whoever hides the one hides the other.
    const hidden = path === undefined ? undefined : step(path, 'message')?.rule
    if (hidden !== undefined) delete fields.stack
    return this.entries(fields, depth, path)
  }
}

const NESTED_FLAGS = KeyFlag.secret | KeyFlag.toJson | KeyFlag.pairValue
/** Stands for "this object has a `toJSON`"; no value's JSON text is this. */
const TO_JSON = '\u0000toJSON'

/** `Headers`, `URLSearchParams`, `FormData`: told by their tag, since naming the global `Headers` would load all of fetch. */
function isPairList(value: object): value is Iterable<[string, unknown]> {
  const tag = (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag]
  return (tag === 'Headers' || tag === 'URLSearchParams' || tag === 'FormData') && Symbol.iterator in value
}

/** A repeated key (`Set-Cookie` in Headers, `a=1&a=2`) has all its values. */
function valuesOf(pairs: readonly (readonly unknown[])[], pair: readonly unknown[]): unknown {
  const all = pairs.filter(([key]) => key === pair[0])
  return all.length === 1 ? pair[1] : all.map(([, value]) => value)
}

/** The rule that makes the `value` of `{ name: 'Cookie', value: … }` secret. */
function pairRule(owner: Record<string, unknown>, redactor: Redactor): string | undefined {
  for (const key of ['name', 'key', 'header']) {
    const name = Object.getOwnPropertyDescriptor(owner, key)?.value
    const rule = typeof name === 'string' ? redactor.nameRule(name) : undefined
    if (rule !== undefined) return rule
  }
  return undefined
}
