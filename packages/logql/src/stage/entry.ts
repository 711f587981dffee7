import type { Labels } from '../labels.js'

/** One step of a pipeline: changes the entry, and returns false to drop it. */
export type Stage = (entry: Entry) => boolean

/** What a parser has to extract, and what has been extracted from the present line. */
export type ParserHints = {
  /** Whether a parser needs no label at all. */
  readonly nothing: boolean
  /** Whether every label that the query needs was extracted. */
  readonly complete: boolean
  /** Whether the query groups by `__error__`. */
  readonly preserveError: boolean
  reset(): void
  record(name: string): void
  /** Reports whether a parser shall store a label. */
  wants(name: string): boolean
  /** Reports whether the query needs a label. */
  needs(name: string): boolean
  /** Reports whether the query needs a label that begins so. */
  needsPrefix(prefix: string): boolean
  /** Reports whether a parser extracted a label. */
  has(name: string): boolean
  /** Reports whether the line may go on with the label that a parser has just stored. */
  allows(name: string, entry: Entry): boolean
}

/** The labels that say what went wrong with a line. */
export const errorLabel = '__error__'
export const errorDetailsLabel = '__error_details__'
/** Set beside `__error__` where a query groups by the error, so that the error does not fail it. */
export const preserveErrorLabel = '__preserve_error__'

/**
 * A line on its way through a pipeline: its text, and its labels in three layers. A parsed label hides one of the metadata, and
 * this one a label of the stream.
 */
export class Entry {
  line = ''
  time = 0n
  error = ''
  errorDetails = ''
  #stream: Labels = {}
  readonly #metadata = new Map<string, string>()
  readonly #parsed = new Map<string, string>()
  readonly #deleted = new Set<string>()
  readonly hints: ParserHints

  constructor(hints: ParserHints) {
    this.hints = hints
  }

  /** Begins with a stored line. Metadata with the name of a stream's label gets the suffix `_extracted`. */
  begin(time: bigint, line: string, stream: Labels, metadata: Labels): void {
    this.time = time
    this.line = line
    this.error = ''
    this.errorDetails = ''
    this.#stream = stream
    this.#metadata.clear()
    this.#parsed.clear()
    this.#deleted.clear()
    this.hints.reset()
    for (const name in metadata) {
      const value = metadata[name] as string
      if (name === errorLabel) this.error = value
      else if (name === errorDetailsLabel) this.errorDetails = value
      else this.#metadata.set(stream[name] === undefined ? name : `${name}_extracted`, value)
    }
  }

  /** Returns a label's value, or undefined where it is absent. */
  get(name: string): string | undefined {
    const added = this.#metadata.get(name) ?? this.#parsed.get(name)
    if (added !== undefined) return added
    return this.#deleted.has(name) ? undefined : this.#stream[name] || undefined
  }

  /** Sets a parsed label. */
  set(name: string, value: string): void {
    this.#metadata.delete(name)
    this.#parsed.set(name, value)
    this.hints.record(name)
  }

  delete(name: string): void {
    this.#metadata.delete(name)
    this.#parsed.delete(name)
    this.#deleted.add(name)
  }

  /** Returns the name under which a parser stores a field: with a suffix where the stream or the metadata has the name. */
  nameFor(field: string): string {
    return this.isTaken(field) ? `${field}_extracted` : field
  }

  /** Reports whether the stream or the metadata has a label of this name. */
  isTaken(name: string): boolean {
    return this.#stream[name] !== undefined || this.#metadata.has(name)
  }

  /** Records why a stage failed. The line is kept: a filter on `__error__` decides. */
  fail(error: string, details?: string): void {
    this.error = error
    if (details !== undefined) this.errorDetails = details
  }

  /** As {@link fail}, for a parser. */
  failParsing(error: string, details?: string): void {
    this.fail(error, details)
    if (this.hints.preserveError) this.set(preserveErrorLabel, 'true')
  }

  /** Calls back with every label, those of the stream first. */
  forEach(visit: (name: string, value: string, from: 'stream' | 'metadata' | 'parsed') => void): void {
    for (const name in this.#stream)
      if (!this.#deleted.has(name) && !this.#metadata.has(name) && !this.#parsed.has(name))
        visit(name, this.#stream[name] as string, 'stream')
    for (const [name, value] of this.#metadata) visit(name, value, 'metadata')
    for (const [name, value] of this.#parsed) visit(name, value, 'parsed')
    if (this.error !== '') visit(errorLabel, this.error, 'parsed')
    if (this.errorDetails !== '') visit(errorDetailsLabel, this.errorDetails, 'parsed')
  }

  /** Returns every label. */
  labels(): Record<string, string> {
    const labels: Record<string, string> = {}
    this.forEach((name, value) => {
      labels[name] = value
    })
    return labels
  }
}
