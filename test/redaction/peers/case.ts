/** What a peer's own suite asks of it, and what it answers. */
export interface PeerCase {
  /** `fast-redact: handles circulars`, with a number where a test asks several things. */
  readonly name: string
  readonly options: PeerOptions
  /** Bindings of loggers between the root and the call, each with the options of its own child. */
  readonly bindings: readonly (readonly [fields: object, options: object])[]
  /** What was given, as it was before; `undefined` where only the options were asked about. */
  readonly given: readonly unknown[] | undefined
  readonly answer: Answer
}

/** The options that the peers have in common, as a suite gives them: wrong ones too. */
export interface PeerOptions {
  readonly paths?: unknown
  readonly censor?: unknown
  readonly remove?: unknown
  readonly serializers?: unknown
}

/** Fields, or that it was refused. Plain JSON, so that it can be compared. */
export type Answer = { readonly threw: true } | { readonly output: unknown }

/** Nothing that a suite asks changes one of these. */
const KEPT = [Map, Set, Error, Headers, URLSearchParams]

/** A copy of what may be circular, hold symbols or have a prototype of its own. */
export function copyOf(value: unknown, seen = new Map<object, object>()): unknown {
  if (typeof value !== 'object' || value === null || KEPT.some((kind) => value instanceof kind)) return value
  const known = seen.get(value)
  if (known !== undefined) return known
  const copy: object = Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value) as object | null)
  seen.set(value, copy)
  for (const key of Object.keys(value)) {
    const inner = copyOf((value as Record<string, unknown>)[key], seen)
    Object.defineProperty(copy, key, { value: inner, enumerable: true, writable: true, configurable: true })
  }
  return copy
}

/** JSON's view of an answer, with a mark where it comes back to itself. */
export function plain(value: unknown): unknown {
  if (typeof value === 'string') {
    try {
      return JSON.parse(value) as unknown
    } catch {
      return value
    }
  }
  const around: unknown[] = []
  const text = JSON.stringify(value, function (this: unknown, _key, inner: unknown) {
    while (around.length > 0 && around.at(-1) !== this) around.pop()
    if (typeof inner !== 'object' || inner === null) return inner
    if (around.includes(inner)) return '[Circular]'
    around.push(inner)
    return inner
  })
  return text === undefined ? undefined : (JSON.parse(text) as unknown)
}
