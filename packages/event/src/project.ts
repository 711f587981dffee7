import { type Classification, type EventHost, errorFacts, isError } from 'throughline/internal'
import { type ListShape, type Node, type ObjectShape, Scalar } from './node.js'

type Fields = Record<string, unknown>

export const UNREADABLE = '[unreadable]'

/** Stands where a value is not what its place takes and cannot be made so. */
const MISMATCH = '[not of the type that the event lists]'

/**
 * Copies from a value what a schema lists, each property read once, with what is classified hidden already: what comes out
 * is plain data, and nothing that the schema does not list is in it. Never throws.
 */
export class Projection {
  /** Where a value was not what its place takes. */
  readonly mismatches: string[] = []
  /** What was hidden, to be counted when the copy is what is written. */
  readonly concealed: Classification[] = []
  private readonly path: string[] = []

  private left: number

  constructor(private readonly host: EventHost) {
    this.left = host.mostItems
  }

  /**
   * The fields of an object; those that are absent or `undefined` are left out.
   *
   * @param known Values of the object that were read already.
   */
  fields(shape: ObjectShape, source: unknown, known: Fields = {}): Fields {
    const result: Fields = {}
    const read = (key: string) => (Object.hasOwn(known, key) ? known[key] : readProperty(source, key))
    for (const { key, node } of shape.fields) {
      const value = this.field(key, node, read(key))
      if (value !== undefined) result[key] = value
    }
    const { variants } = shape
    const chosen = variants?.shapes.get(read(variants.key))
    if (chosen !== undefined) Object.assign(result, this.fields(chosen, source, known))
    else if (variants !== undefined) this.within(variants.key, () => this.mismatch())
    return result
  }

  /** The value of one field. */
  field(key: string, node: Node, value: unknown): unknown {
    return this.within(key, () => this.value(node, value))
  }

  value(node: Node, value: unknown): unknown {
    const { classification } = node
    if (value === undefined || typeof value === 'function') return undefined
    if (value === null) return (node.scalars & Scalar.null) === 0 ? this.nothing() : null
    if (classification !== undefined) {
      this.concealed.push(classification)
      return this.host.conceal(hiddenValue(value), classification)
    }
    if (typeof value === 'object') return this.object(node, value)
    return this.scalar(node.scalars, value)
  }

  private object(node: Node, value: object): unknown {
    try {
      if (node.list !== undefined && isList(value)) return this.list(node.list, itemsOf(value, this.left))
      if (node.object !== undefined && !isList(value)) {
        return this.fields(node.object, value instanceof Map ? Object.fromEntries(value) : value)
      }
      if (node.scalars === 0) return this.mismatch()
      const scalar = scalarOf(value)
      return typeof scalar === 'object' || scalar === undefined ? this.mismatch() : this.scalar(node.scalars, scalar)
    } catch {
      return UNREADABLE
    }
  }

  private list(shape: ListShape, values: readonly unknown[]): unknown[] {
    const { first, rest } = shape
    const listed = rest === undefined ? values.slice(0, first.length) : values
    const result: unknown[] = []
    for (const [i, value] of listed.entries()) {
      // More than could stand on a line: the walk will say so of what it is given.
      if (this.left-- <= 0) break
      const node = first[i] ?? rest
      result.push(node === undefined ? null : (this.within(String(i), () => this.value(node, value)) ?? null))
    }
    return result
  }

  /** A scalar of another kind is turned into one that the place takes where nothing is lost by it. */
  private scalar(taken: number, value: unknown): unknown {
    const isNumberTaken = (taken & (Scalar.number | Scalar.integer)) !== 0
    const isTextTaken = (taken & Scalar.string) !== 0
    switch (typeof value) {
      case 'string':
        if (isTextTaken) return value
        if (isNumberTaken && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value)
        if ((taken & Scalar.boolean) !== 0 && (value === 'true' || value === 'false')) return value === 'true'
        return this.mismatch()
      case 'number':
        if (isNumberTaken) return value
        return isTextTaken ? String(value) : this.mismatch()
      case 'boolean':
        if ((taken & Scalar.boolean) !== 0) return value
        return isTextTaken ? String(value) : this.mismatch()
      case 'bigint':
        return isNumberTaken ? value : isTextTaken ? String(value) : this.mismatch()
      default:
        return isTextTaken && typeof value === 'symbol' ? value.toString() : this.mismatch()
    }
  }

  private nothing(): unknown {
    this.note()
    return null
  }

  private mismatch(): string {
    this.note()
    return MISMATCH
  }

  private note(): void {
    if (this.mismatches.length < 20) this.mismatches.push(this.path.join('.'))
  }

  private within<T>(key: string, fn: () => T): T {
    this.path.push(key)
    try {
      return fn()
    } finally {
      this.path.pop()
    }
  }
}

function readProperty(source: unknown, key: string): unknown {
  if (typeof source !== 'object' || source === null) return undefined
  try {
    return (source as Fields)[key]
  } catch {
    return UNREADABLE
  }
}

/** A copy of a list's items; of one that is longer than a line, its start. */
function itemsOf(value: object, most: number): readonly unknown[] {
  if (Array.isArray(value)) return value.slice(0, most)
  const items: unknown[] = []
  for (const item of value as Iterable<unknown>) if (items.push(item) >= most) break
  return items
}

/** What is hidden is only asked for its scalar, so that the same thing gets the same hash. */
function hiddenValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  try {
    return scalarOf(value)
  } catch {
    return UNREADABLE
  }
}

function isList(value: object): boolean {
  return Array.isArray(value) || value instanceof Set || (ArrayBuffer.isView(value) && !(value instanceof DataView))
}

/** What an object stands for where a scalar is wanted: a date's text, an error's message, what `toJSON` gives. */
function scalarOf(value: object): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (isError(value)) return errorFacts(value).message
  const { toJSON } = value as { toJSON?: unknown }
  if (typeof toJSON === 'function') return toJSON.call(value) as unknown
  return value.valueOf()
}
