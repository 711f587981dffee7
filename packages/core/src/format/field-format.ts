import type { Convert, FieldGroup, StoreFormat } from './format.js'

/** How a format writes one field that it does not only rename. */
export interface FieldFormat {
  readonly convert: Convert | undefined
  /** The field's place in the object that the format has for some fields of a call. */
  readonly group: GroupedField | undefined
  /** Our name for the field that this name means too. */
  readonly alias: string | undefined
  /** Whether the store has the field as text. */
  readonly isText: boolean
  /** Whether the store has the field as an object. */
  readonly isObject: boolean
  /** Whether the field stands outside the object that holds the others. */
  readonly isOutside: boolean
  /** Whether a scalar is only converted or grouped. */
  readonly isSimple: boolean
}

interface GroupedField {
  readonly convert: Convert | undefined
  /** The field's key with a comma before it. */
  readonly next: string
  /** The same as the first key of the object. */
  readonly first: string
}

/** How the format writes a field of this name; `undefined` where it only renames it. */
export function fieldFormat(format: StoreFormat, key: string): FieldFormat | undefined {
  const { aliases, group, objects, texts, values, within } = format
  const convert = own(values, key)
  const alias = own(aliases, key)
  const grouped = group === undefined ? undefined : groupedField(group, key)
  const isText = texts?.includes(key) ?? false
  const isObject = objects?.includes(own(format.names, key) ?? key) ?? false
  const isOutside = within?.outside.includes(key) ?? false
  const isRenamedOnly = convert === undefined && alias === undefined && grouped === undefined
  if (isRenamedOnly && !isText && !isObject && !isOutside) return undefined
  const isSimple = alias === undefined && !isText && !isObject && !isOutside
  return { convert, group: grouped, alias, isText, isObject, isOutside, isSimple }
}

function groupedField(group: FieldGroup, key: string): GroupedField | undefined {
  const name = own(group.names, key)
  if (name === undefined) return undefined
  const start = `${JSON.stringify(name)}:`
  return { convert: own(group.values, key), next: `,${start}`, first: `,${JSON.stringify(group.name)}:{${start}` }
}

/** A value in the store's unit. What cannot be converted stays as it is. */
export function converted(convert: Convert | undefined, value: unknown): unknown {
  if (convert === undefined || !isScalar(value)) return value
  try {
    return convert(value)
  } catch {
    return value
  }
}

export function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function own<T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined
}
