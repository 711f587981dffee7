import type { Entry, ParserHints, Stage } from './entry.js'

/** A label filter that a parser applies as soon as it has the label. */
export type EarlyFilter = { readonly name: string; readonly filter: Stage }

/**
 * What a parser has to extract. Loki gives its parsers such hints, and they change answers: a field that stands twice is taken from its
 * first place, a parser does not overwrite what another one extracted, and one that has found every label that the query
 * needs does not reach what is broken further on in the line.
 */
export class Hints implements ParserHints {
  /** The labels that a query needs; undefined: every one. */
  readonly #required: readonly string[] | undefined
  readonly #needed: ReadonlySet<string> | undefined
  readonly #noLabels: boolean
  readonly preserveError: boolean
  readonly #filters: ReadonlyMap<string, Stage>
  readonly #extracted = new Set<string>()

  constructor(
    options: {
      readonly required?: readonly string[] | undefined
      readonly noLabels?: boolean
      readonly filters?: readonly EarlyFilter[]
    } = {},
  ) {
    this.#required = options.required && options.required.length > 0 ? options.required : undefined
    this.#needed = this.#required && new Set(this.#required)
    // The first filter of a label counts.
    this.#filters = new Map([...(options.filters ?? [])].reverse().map(({ name, filter }) => [name, filter]))
    this.#noLabels = options.noLabels ?? false
    this.preserveError = this.#required?.includes('__error__') ?? false
  }

  reset(): void {
    this.#extracted.clear()
  }

  record(name: string): void {
    this.#extracted.add(name)
  }

  get nothing(): boolean {
    return this.#noLabels || this.complete
  }

  get complete(): boolean {
    return this.#required?.every((name) => this.#extracted.has(name)) ?? false
  }

  wants(name: string): boolean {
    return this.needs(name) && !this.#extracted.has(name)
  }

  needs(name: string): boolean {
    return this.#needed?.has(name) ?? true
  }

  has(name: string): boolean {
    return this.#extracted.has(name)
  }

  allows(name: string, entry: Entry): boolean {
    return this.#filters.get(name)?.(entry) ?? true
  }

  needsPrefix(prefix: string): boolean {
    return this.#required?.some((name) => name.startsWith(prefix)) ?? true
  }
}

/** Returns label names as hints: a name that ends in `_extracted` may stand for the field without that suffix. */
export function hintNames(names: readonly string[]): readonly string[] {
  const hints = names.flatMap((name) =>
    name.endsWith('_extracted') ? [name, name.slice(0, -'_extracted'.length)] : [name],
  )
  return [...new Set(hints.filter((name) => name !== ''))]
}
