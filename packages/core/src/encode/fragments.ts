import type { CallFields } from './call-fields.js'
import { type Fields, readSafely } from './fields.js'
import { type EncodedField, Fragment } from './fragment.js'
import { KeyFlag, type KeyTable } from './key-table.js'
import type { Layout } from './layout.js'
import { quote, stringify } from './string.js'
import type { ValueEncoder } from './value.js'

/** What a bound field's key may be, and still be written as it is. */
const SIMPLE_FLAGS = KeyFlag.bound | KeyFlag.correlation
/** More or longer fields than this take the way that bounds them. */
const MOST_SIMPLE = 32
const LONGEST_SIMPLE = 256

/** What bound fields are encoded with. */
export interface FragmentsParts {
  readonly keys: KeyTable
  readonly values: ValueEncoder
  readonly call: CallFields
  readonly layout: Layout
  /** Whether every text has to be looked into. */
  readonly detects: boolean
  /** Encodes something without disturbing the record whose values have asked for it. */
  nested<T>(encode: () => T): T
}

/** Makes the fields that are written on many lines: a root's own, a child's bindings, a context. */
export class Fragments {
  constructor(private readonly parts: FragmentsParts) {}

  /**
   * A child's bindings. Flat ones are copied and encoded when the first line needs them; what could change until then is
   * encoded now.
   */
  of(fields: Fields, parent?: Fragment): Fragment {
    const copy = flatCopy(fields)
    return new Fragment(copy, copy === undefined ? this.encodeFields(fields) : undefined, this, parent)
  }

  /** A context, whose fields nobody changes any more, so that flat ones need no copy (bench `operation`). */
  ofContext(fields: Fields): Fragment {
    const isLater = isFlat(fields)
    return new Fragment(isLater ? fields : undefined, isLater ? undefined : this.encodeFields(fields), this, undefined)
  }

  /** Fields that only the logger itself may bind (`service`, `logger`, `sample_rate`). */
  reserved(fields: Fields, parent?: Fragment): Fragment {
    const { keys, values, nested } = this.parts
    const encoded = nested(() => {
      const texts = Object.entries(fields).map(([key, value]) => [key, values.value(value, 1)] as const)
      return this.bound(
        texts.flatMap(([key, text]) => (text === undefined ? [] : [[key, keys.get(key).top + text] as const])),
      )
    })
    return new Fragment(undefined, encoded, this, parent)
  }

  /**
   * The fields that every line of a root has: what says where it is from, what its format wants, what its options say.
   *
   * @param place `version`, `pod` and the like.
   */
  base(service: string, place: Fields, fields: Fields): Fragment {
    const { constants, grouped, apart } = this.parts.layout.place({ service, ...place })
    const { service: ownService, ...others } = apart
    const own = ownService === undefined ? {} : { service: ownService }
    const first = this.reserved({ ...constants, ...own, ...grouped })
    return this.of(fields, this.of(others, first))
  }

  encodeFields(fields: Fields): readonly EncodedField[] {
    return this.parts.nested(() => this.encodedSimply(fields) ?? this.encodedAny(fields))
  }

  /** Texts that nothing has a say in, as a request's context has them; `undefined` where one is more (bench `context`). */
  private encodedSimply(fields: Fields): readonly EncodedField[] | undefined {
    const { keys, detects } = this.parts
    if (detects) return undefined
    const encoded: EncodedField[] = []
    for (const key of readableKeys(fields)) {
      const { name, flags, top } = keys.get(key)
      const value = readSafely(fields, key)
      const isText = typeof value === 'string' && value.length <= LONGEST_SIMPLE
      // A key that was cut may be another one's name now.
      const isSimple = isText && name === key && (flags & ~SIMPLE_FLAGS) === 0 && encoded.length < MOST_SIMPLE
      if (!isSimple) return undefined
      encoded.push({ name, text: top + quote(value) })
    }
    for (const { name } of encoded) keys.bind(name)
    return encoded
  }

  private encodedAny(fields: Fields): readonly EncodedField[] {
    const { keys, call } = this.parts
    const encoded = new Map<string, string>()
    // Of more than that, every line is cut and says so.
    for (const key of readableKeys(fields).slice(0, call.most)) {
      for (const { name, text } of call.entry(fields, keys.get(key), readSafely(fields, key))) {
        // A field that was moved out of the way of another gives way to one that bears the name itself.
        if (!encoded.has(name) || name === key) encoded.set(name, text)
      }
    }
    return this.bound([...encoded])
  }

  private bound(encoded: readonly (readonly [string, string])[]): readonly EncodedField[] {
    const { keys, values } = this.parts
    return encoded.map(([name, text]) => {
      keys.bind(name)
      // Two keys that were cut to one are told apart no more.
      return { name, text: values.overflowed ? once(text) : text }
    })
  }
}

/** An encoded field in which no key stands twice. */
function once(text: string): string {
  return `,${stringify(JSON.parse(`{${text.slice(1)}}`)).slice(1, -1)}`
}

/** A copy of fields that are all primitive, so that nothing in it can change; `undefined` when they are not. */
function flatCopy(fields: Fields): Fields | undefined {
  try {
    return isFlat(fields) ? { ...fields } : undefined
  } catch {
    // A getter or a proxy that throws: read entry by entry, with a marker in each place.
    return undefined
  }
}

function isFlat(fields: Fields): boolean {
  for (const key in fields) {
    const value = fields[key]
    if ((typeof value === 'object' && value !== null) || typeof value === 'function') return false
  }
  return true
}

/** The own keys of an object that may be a proxy whose traps throw. */
function readableKeys(fields: Fields): string[] {
  try {
    return Object.keys(fields)
  } catch {
    return []
  }
}
