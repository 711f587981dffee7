import { types } from 'node:util'

/** `Headers`, `URLSearchParams`, `FormData`: told by their tag, since naming the global `Headers` would load all of fetch. */
export function isPairList(value: object): value is Iterable<[string, unknown]> {
  const tag = (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag]
  return (tag === 'Headers' || tag === 'URLSearchParams' || tag === 'FormData') && Symbol.iterator in value
}

/** As many as a line could have room for, and one more: there may be millions of them, or no end. */
export function firstOf<T>(values: Iterable<T>, most: number): T[] {
  const first: T[] = []
  for (const value of values) {
    first.push(value)
    if (first.length > most) break
  }
  return first
}

/** Each key once: a repeated one (`Set-Cookie` in Headers, `a=1&a=2`) has all its values. */
export function grouped(pairs: Iterable<[string, unknown]>, most: number): [string, unknown][] {
  const groups = new Map<string, unknown[]>()
  for (const [key, value] of firstOf(pairs, most)) {
    const group = groups.get(String(key))
    if (group === undefined) groups.set(String(key), [value])
    else group.push(value)
  }
  return [...groups].map(([key, values]) => [key, values.length === 1 ? values[0] : values])
}

/** The name that a value is, when it is one: of an element of raw headers, of a key of a Map. */
export function nameIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'symbol') return value.description
  return types.isStringObject(value) ? String.prototype.valueOf.call(value) : undefined
}
