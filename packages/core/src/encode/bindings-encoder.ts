import type { CompiledFormat } from '../format/compiled-format.js'
import { Bindings, type FieldsEncoder } from './bindings.js'
import { type EncodedField, type Fields, readField, setField } from './field.js'
import type { FieldWriter } from './fields.js'
import { KeyFlag, type KeyTable } from './key-table.js'
import { quote, stringify } from './string.js'
import type { ValueEncoder } from './value.js'

/** The flags of a bound field's key that change nothing about how a bound field is written. */
const SIMPLE_FLAGS = KeyFlag.bound | KeyFlag.correlation
/** More or longer fields than this take the way that bounds them. */
const MOST_SIMPLE = 32
const LONGEST_SIMPLE = 256

/** Makes the fields that are written on many lines: a root's base, a child's bindings, a context. */
export class BindingsEncoder implements FieldsEncoder {
  constructor(
    readonly keys: KeyTable,
    private readonly values: ValueEncoder,
    private readonly writer: FieldWriter,
    private readonly format: CompiledFormat,
  ) {}

  /**
   * A child's bindings. Flat fields are copied, and encoded when the first line needs them. Fields whose values could change
   * until then are encoded now.
   */
  of(fields: Fields, parent?: Bindings): Bindings {
    const copy = flatCopy(fields)
    return new Bindings(copy, copy === undefined ? this.encodeFields(fields) : undefined, this, parent)
  }

  /** A context, whose fields nobody changes any more: flat ones need no copy (bench `operation`). */
  ofContext(fields: Fields): Bindings {
    const isLater = isFlat(fields)
    return new Bindings(isLater ? fields : undefined, isLater ? undefined : this.encodeFields(fields), this)
  }

  /** Fields that only the logger itself may bind (`service`, `logger`, `sample_rate`). */
  reserved(fields: Fields, parent?: Bindings): Bindings {
    const { keys, values } = this
    const encoded = values.nested(() => {
      const texts = Object.entries(fields).map(([key, value]) => [key, values.value(value, 1)] as const)
      return this.bound(
        texts.flatMap(([key, text]) => (text === undefined ? [] : [[key, keys.get(key).top + text] as const])),
      )
    })
    return new Bindings(undefined, encoded, this, parent)
  }

  /** A field of the logger's own whose value is JSON already, behind some bindings. */
  withJson(name: string, json: string, bindings: Bindings): Bindings {
    return new Bindings(undefined, [{ name, text: this.keys.get(name).top + json }], this, bindings)
  }

  /**
   * The fields that every line of a root has.
   *
   * @param origin `version`, `pod` and the like.
   * @param fields The option's.
   */
  base(service: string, origin: Fields, fields: Fields): Bindings {
    const { constants, grouped, apart } = this.format.origin({ service, ...origin })
    const { service: ownService, ...others } = apart
    const own = ownService === undefined ? {} : { service: ownService }
    const first = this.reserved({ ...constants, ...own, ...grouped })
    return this.of(fields, this.of(others, first))
  }

  /** The fields of some bindings, as they are written. */
  fields(bindings: Bindings): Record<string, unknown> {
    const fields: Record<string, unknown> = {}
    for (const { name, text } of bindings.fields()) {
      // The text has one field, whose key is the format's.
      const [value] = Object.values(JSON.parse(`{${text.slice(1)}}`) as Record<string, unknown>)
      setField(fields, name, value)
    }
    return fields
  }

  encodeFields(fields: Fields): readonly EncodedField[] {
    return this.values.nested(() => this.encodedSimply(fields) ?? this.encodedAny(fields))
  }

  /** Short texts under usual keys, as a request's context has them; `undefined` where one is not (bench `context`). */
  private encodedSimply(fields: Fields): readonly EncodedField[] | undefined {
    const { keys, values } = this
    if (values.detects) return undefined
    const encoded: EncodedField[] = []
    for (const key of readableKeys(fields)) {
      const { name, flags, top } = keys.get(key)
      const value = readField(fields, key)
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
    const { keys, writer } = this
    const encoded = new Map<string, string>()
    // More fields than that do not fit on a line, which is cut and lists so.
    for (const key of readableKeys(fields).slice(0, writer.most)) {
      for (const { name, text } of writer.special.entry(fields, keys.get(key), readField(fields, key))) {
        // A field that was renamed because of another gives way to one that has the name itself.
        if (!encoded.has(name) || name === key) encoded.set(name, text)
      }
    }
    return this.bound([...encoded])
  }

  private bound(encoded: readonly (readonly [string, string])[]): readonly EncodedField[] {
    const { keys, values } = this
    return encoded.map(([name, text]) => {
      keys.bind(name)
      // Two keys that were cut may have become the same key.
      return { name, text: values.state.overflowed ? withoutRepeatedKeys(text) : text }
    })
  }
}

function withoutRepeatedKeys(text: string): string {
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
