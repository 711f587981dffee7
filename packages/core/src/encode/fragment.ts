/** One encoded field: its name on our side, and `,"key":value` as it stands on the line. */
export interface EncodedField {
  readonly name: string
  readonly text: string
}

/** The bound fields of a line, as they stand on it behind the message. */
export interface Texts {
  /** The fields. */
  readonly text: string
  /** The same behind a message that lacks its closing quote. */
  readonly closing: string
  /** Those that stand outside the object that holds the others, where the format has one. */
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
  private encoded: readonly EncodedField[] | undefined
  private isEncoded = false
  private joined: string | undefined
  private headTexts: (string | undefined)[] | undefined
  private clash: { readonly bindings: Fragment; readonly resolved: Resolved } | undefined

  constructor(
    private source: Readonly<Record<string, unknown>> | undefined,
    encoded: readonly EncodedField[] | undefined,
    private readonly encoder: FieldEncoder,
    private readonly parent: Fragment | undefined,
  ) {
    this.encoded = encoded
  }

  private get own(): readonly EncodedField[] {
    if (this.encoded === undefined) {
      this.encoded = this.encoder.encodeFields(this.source ?? {})
      this.source = undefined
    }
    return this.encoded
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

  private join(): string {
    const { own, parent } = this
    if (parent === undefined) return join(own)
    // A child's field takes the place of its parent's: a key never stands twice.
    const names = own.filter(({ name }) => parent.has(name)).map(({ name }) => name)
    return (names.length === 0 ? parent.text : parent.without(new Set(names))) + join(own)
  }

  /** Encodes the fields now, and with that marks their names as bound. */
  encode(): void {
    if (this.isEncoded) return
    this.encoded = this.own
    this.parent?.encode()
    this.isEncoded = true
  }

  has(name: string): boolean {
    for (const field of this.own) if (field.name === name) return true
    return this.parent?.has(name) ?? false
  }

  /** The field of this name, encoded, the nearest first. */
  get(name: string): string | undefined {
    return this.own.find((field) => field.name === name)?.text ?? this.parent?.get(name)
  }

  /** The text without these fields, for a line on which a stronger one stands. */
  without(names: ReadonlySet<string>): string {
    return join(this.fields().filter(({ name }) => !names.has(name)))
  }

  /** Every field that counts, outermost first. */
  fields(): readonly EncodedField[] {
    const own = new Set(this.own.map(({ name }) => name))
    return [...(this.parent?.fields() ?? []).filter(({ name }) => !own.has(name)), ...this.own]
  }

  /** The fields of these bindings and of this context that stand on a line with both; see `beside`. */
  fieldsBeside(bindings: Fragment, isCorrelation: (name: string) => boolean): readonly EncodedField[] {
    const { moved } = this.beside(bindings, isCorrelation)
    const bound = bindings.fields().filter(({ name }) => !isCorrelation(name) || !this.has(name))
    return [...bound, ...moved, ...this.fields().filter(({ name }) => isCorrelation(name) || !bindings.has(name))]
  }

  /**
   * This context beside a logger's bindings: bindings are stronger than the context, but the ids of the thread are the
   * context's. Kept for the last bindings asked about, since a request's lines come from few loggers.
   */
  beside(bindings: Fragment, isCorrelation: (name: string) => boolean): Resolved {
    if (this.clash?.bindings === bindings) return this.clash.resolved
    const resolved = resolve(bindings, this, isCorrelation)
    this.clash = { bindings, resolved }
    return resolved
  }
}

/** What is left of bindings and context when neither repeats the other. */
export interface Resolved {
  /** The bindings' text where it differs from their own, else `undefined`. */
  readonly bindings: string | undefined
  readonly context: string
  /** The bindings' ids that differ from the context's, under the names that are left to them. */
  readonly moved: readonly EncodedField[]
}

function resolve(bindings: Fragment, context: Fragment, isCorrelation: (name: string) => boolean): Resolved {
  const both = context.fields().filter(({ name }) => bindings.has(name))
  if (both.length === 0) return { bindings: undefined, context: context.text, moved: [] }
  const weaker = new Set(both.filter(({ name }) => !isCorrelation(name)).map(({ name }) => name))
  const ids = both.filter(({ name }) => isCorrelation(name))
  if (ids.length === 0) return { bindings: undefined, context: context.without(weaker), moved: [] }
  const moved = ids.flatMap(({ name, text }) => {
    const own = bindings.get(name)
    return own === undefined || own === text ? [] : [renamed(own, freeName(name, [bindings, context]))]
  })
  const rest = bindings.without(new Set(ids.map(({ name }) => name)))
  return { bindings: rest + join(moved), context: context.without(weaker), moved }
}

function freeName(name: string, taken: readonly Fragment[]): string {
  let free = `field_${name}`
  while (taken.some((fragment) => fragment.has(free))) free = `field_${free}`
  return free
}

/** An encoded field under another name of ours. */
function renamed(text: string, name: string): EncodedField {
  return { name, text: text.replace(/^,"(?:[^"\\]|\\.)*":/, () => `,${JSON.stringify(name)}:`) }
}

/** The fields as they stand on a line. */
export function join(fields: readonly EncodedField[]): string {
  let text = ''
  for (const field of fields) text += field.text
  return text
}
