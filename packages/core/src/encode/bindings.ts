import { type EncodedField, type Fields, freeFieldName } from './field.js'
import { isCorrelation } from './field-names.js'
import { type KeyTable, LONGEST_KEY } from './key-table.js'

/** Encodes fields for bindings. */
export interface FieldsEncoder {
  readonly keys: KeyTable
  encodeFields(fields: Fields): readonly EncodedField[]
}

/** The bindings of a line and the context beside them, without repetition. */
export interface Composed {
  readonly bindings: readonly EncodedField[]
  readonly context: readonly EncodedField[]
}

/** The same as text. */
interface ComposedText {
  /** `undefined` where it is the bindings' own text. */
  readonly bindings: string | undefined
  readonly context: string
}

/**
 * Fields encoded once and written on many lines: a logger's bindings, a context's fields. A child's bindings hold its
 * parent's text already, so that a line of a child of a child costs no more.
 *
 * Encoding waits for the first line, since many children never write one. So the given fields have to be a copy that nobody
 * changes, or encoded already.
 */
export class Bindings {
  /** What a compiled format keeps for lines that have these fields: see `CompiledFormat.boundText`. */
  placed: { readonly bindings: Bindings; readonly text: unknown } | undefined
  /** What stands between a line's time and its context, by level; then the same with the opening of the message. */
  heads: (string | undefined)[] | undefined
  private all: readonly EncodedField[] | undefined
  private joined: string | undefined
  private composed: { readonly bindings: Bindings; readonly text: ComposedText } | undefined

  constructor(
    private source: Fields | undefined,
    private encoded: readonly EncodedField[] | undefined,
    private readonly encoder: FieldsEncoder,
    private readonly parent?: Bindings,
  ) {}

  /** The fields in their order, the parent's first. A child's field replaces its parent's field of the same name. */
  fields(): readonly EncodedField[] {
    this.all ??= this.flattened()
    return this.all
  }

  /** The fields as they stand on a line. */
  get text(): string {
    this.joined ??= this.join()
    return this.joined
  }

  has(name: string): boolean {
    return this.get(name) !== undefined
  }

  /** The field of this name, encoded. */
  get(name: string): string | undefined {
    for (const field of this.fields()) if (field.name === name) return field.text
    return undefined
  }

  /** This context as text beside some bindings. Kept for the last ones, since a request's lines come from few loggers. */
  textBeside(bindings: Bindings): ComposedText {
    if (this.composed?.bindings === bindings) return this.composed.text
    // The usual case: no name is in both (bench `context`).
    const isApart = !this.fields().some(({ name }) => bindings.has(name))
    const text = isApart
      ? { bindings: undefined, context: this.text }
      : textOf(compose(bindings, this, [], this.encoder.keys), bindings)
    this.composed = { bindings, text }
    return text
  }

  private own(): readonly EncodedField[] {
    this.encoded ??= this.encoder.encodeFields(this.source ?? {})
    this.source = undefined
    return this.encoded
  }

  private flattened(): readonly EncodedField[] {
    const own = this.own()
    const inherited = this.parent?.fields() ?? []
    if (inherited.length === 0) return own
    return [...inherited.filter(({ name }) => !own.some((field) => field.name === name)), ...own]
  }

  private join(): string {
    const { parent } = this
    const own = this.own()
    const isAdded = parent !== undefined && this.fields().length === parent.fields().length + own.length
    return isAdded ? parent.text + joinFields(own) : joinFields(this.fields())
  }
}

/**
 * Bindings and context for one line. Order of strength: the call's fields (`taken`), the bindings, the context. The ids of
 * the request are the context's: a binding that differs from one is kept under `field_<name>`.
 */
export function compose(
  bindings: Bindings,
  context: Bindings | undefined,
  taken: readonly string[],
  keys: KeyTable,
): Composed {
  const standing = new Map<string, EncodedField>()
  let isChanged = false
  for (const field of bindings.fields()) {
    const { name, text } = field
    const id = isCorrelation(name) ? context?.get(name) : undefined
    if (!taken.includes(name) && id === undefined) standing.set(name, field)
    else isChanged = true
    if (id === undefined || id === text) continue
    const free = freeName(name, (one) => bindings.has(one) || context?.has(one) === true || taken.includes(one))
    if (free !== undefined) standing.set(free, renamed(field, free, keys))
  }
  const isLeft = ({ name }: EncodedField) =>
    !standing.has(name) && !taken.includes(name) && (isCorrelation(name) || !bindings.has(name))
  return {
    bindings: isChanged ? [...standing.values()] : bindings.fields(),
    context: context?.fields().filter(isLeft) ?? [],
  }
}

function textOf(composed: Composed, bindings: Bindings): ComposedText {
  return {
    bindings: composed.bindings === bindings.fields() ? undefined : joinFields(composed.bindings),
    context: joinFields(composed.context),
  }
}

/** A field's key, with the comma before it. */
const FIELD_KEY = /^,"(?:[^"\\]|\\.)*":/

/** The field under another name. */
export function renamed({ text }: EncodedField, name: string, keys: KeyTable): EncodedField {
  return { name, text: text.replace(FIELD_KEY, () => keys.get(name).top) }
}

/** `field_<name>`, with `field_` repeated until the name is free; `undefined` where it would be too long. */
export function freeName(name: string, isTaken: (name: string) => boolean): string | undefined {
  const free = freeFieldName(name, isTaken)
  return free.length > LONGEST_KEY ? undefined : free
}

/** The fields as they stand on a line. */
export function joinFields(fields: readonly EncodedField[]): string {
  let text = ''
  for (const field of fields) text += field.text
  return text
}
