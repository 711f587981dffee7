import { ERROR_NAMES } from './error.js'
import { LONGEST_KEY } from './key-table.js'
import type { Tails } from './tail.js'

/** One encoded field: its name on our side, and `,"key":value` as it stands on the line. */
export interface EncodedField {
  readonly name: string
  readonly text: string
}

/** What follows the message of a line: the bound fields, where they stand there, and the end. */
export interface Texts {
  /** The bound fields that stand before the call's. */
  readonly text: string
  /** The same behind a message that lacks its closing quote. */
  readonly closing: string
  /** What follows such a message where the call has no fields: without what a finished line ends with, and with it. */
  readonly closed: string
  readonly ended: string
  /** What follows the call's fields. */
  readonly tails: Tails
  /** Those bound fields that stand outside the object that holds the others, where the format has one. */
  readonly outside: string
  /** The object that holds the fields is open and has none yet, so that the next has no comma. */
  readonly isEmpty: boolean
}

/** Encodes fields for a fragment. */
export interface FieldEncoder {
  encodeFields(fields: Readonly<Record<string, unknown>>): readonly EncodedField[]
}

/**
 * Fields encoded once and used for many lines: a logger's bindings, a context's fields. A child's fragment holds its
 * parent's text already, so that a child of a child of a child costs no more per line.
 *
 * Encoding waits for the first line, since many a request's child never writes one; so the fields given have to be a copy
 * that nobody changes, or text already.
 */
export class Fragment {
  /** What a format with an order of its own has made of these fields beside the bindings that were last asked about. */
  arranged: { readonly bindings: Fragment; readonly texts: Texts } | undefined
  private errorNames: boolean | undefined
  private all: readonly EncodedField[] | undefined
  private joined: string | undefined
  private headTexts: (string | undefined)[] | undefined
  private clash: { readonly bindings: Fragment; readonly beside: Beside } | undefined

  constructor(
    private source: Readonly<Record<string, unknown>> | undefined,
    private encoded: readonly EncodedField[] | undefined,
    private readonly encoder: FieldEncoder,
    private readonly parent: Fragment | undefined,
  ) {}

  /** Every field that counts, outermost first. */
  fields(): readonly EncodedField[] {
    this.all ??= this.flattened()
    return this.all
  }

  /** Encodes the fields now, and with that marks their names as bound. */
  encode(): void {
    this.fields()
  }

  /** The fields as they stand on a line, the parent's before them. */
  get text(): string {
    this.joined ??= this.join()
    return this.joined
  }

  /** The start of a line for each level with this fragment's text behind it, filled when first used. */
  get heads(): (string | undefined)[] {
    this.headTexts ??= []
    return this.headTexts
  }

  /** Whether a field of it bears a name of those that an Error is spread over. */
  get hasErrorNames(): boolean {
    this.errorNames ??= ERROR_NAMES.some((name) => this.has(name))
    return this.errorNames
  }

  has(name: string): boolean {
    for (const field of this.fields()) if (field.name === name) return true
    return false
  }

  /** The field of this name, encoded. */
  get(name: string): string | undefined {
    for (const field of this.fields()) if (field.name === name) return field.text
    return undefined
  }

  /** The fields of these bindings and of this context that stand on a line with both. */
  fieldsBeside(bindings: Fragment, naming: Naming): readonly EncodedField[] {
    const composed = compose(bindings, this, NONE, naming)
    return [...composed.bindings, ...composed.context]
  }

  /** The same as text. Kept for the last bindings asked about, since a request's lines come from few loggers. */
  beside(bindings: Fragment, naming: Naming): Beside {
    if (this.clash?.bindings === bindings) return this.clash.beside
    // The usual case: nothing stands in both (bench `context`).
    const isApart = !this.fields().some(({ name }) => bindings.has(name))
    const beside = isApart
      ? { bindings: undefined, context: this.text }
      : besideOf(compose(bindings, this, NONE, naming), bindings)
    this.clash = { bindings, beside }
    return beside
  }

  private own(): readonly EncodedField[] {
    this.encoded ??= this.encoder.encodeFields(this.source ?? {})
    this.source = undefined
    return this.encoded
  }

  /** A child's field takes the place of its parent's: a key never stands twice. */
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
    return isAdded ? parent.text + join(own) : join(this.fields())
  }
}

/** What the encoder knows of names. */
export interface Naming {
  /** An id of the request's thread, of which the context's stands on the line. */
  isCorrelation(name: string): boolean
  /** A field under another name. */
  renamed(field: EncodedField, name: string): EncodedField
}

/** What is left of bindings and context when neither repeats the other. */
export interface Composed {
  readonly bindings: readonly EncodedField[]
  readonly context: readonly EncodedField[]
}

/** The same, as it stands on a line. */
export interface Beside {
  /** `undefined` where it is the bindings' own text. */
  readonly bindings: string | undefined
  readonly context: string
}

const NONE: readonly string[] = []

/**
 * Bindings and context for one line. The stronger stands: the call's fields (`taken`), then the bindings, then the context;
 * but the ids of the thread are the context's, and a binding that differs from one is kept under `field_<name>`.
 */
export function compose(
  bindings: Fragment,
  context: Fragment | undefined,
  taken: readonly string[],
  naming: Naming,
): Composed {
  const standing = new Map<string, EncodedField>()
  let isChanged = false
  for (const field of bindings.fields()) {
    const { name, text } = field
    const id = naming.isCorrelation(name) ? context?.get(name) : undefined
    if (!taken.includes(name) && id === undefined) standing.set(name, field)
    else isChanged = true
    if (id === undefined || id === text) continue
    const free = freeName(name, (one) => bindings.has(one) || context?.has(one) === true || taken.includes(one))
    if (free !== undefined) standing.set(free, naming.renamed(field, free))
  }
  const isLeft = ({ name }: EncodedField) =>
    !standing.has(name) && !taken.includes(name) && (naming.isCorrelation(name) || !bindings.has(name))
  return {
    bindings: isChanged ? [...standing.values()] : bindings.fields(),
    context: context?.fields().filter(isLeft) ?? [],
  }
}

export function besideOf(composed: Composed, bindings: Fragment): Beside {
  return {
    bindings: composed.bindings === bindings.fields() ? undefined : join(composed.bindings),
    context: join(composed.context),
  }
}

/** A name for a field whose own is taken; `undefined` where only ever longer ones would be free. */
export function freeName(name: string, isTaken: (name: string) => boolean): string | undefined {
  let free = `field_${name}`
  while (isTaken(free)) free = `field_${free}`
  return free.length > LONGEST_KEY ? undefined : free
}

/** The fields as they stand on a line. */
export function join(fields: readonly EncodedField[]): string {
  let text = ''
  for (const field of fields) text += field.text
  return text
}
