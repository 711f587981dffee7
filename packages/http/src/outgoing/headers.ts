import { OWN_TRACE, TRACEPARENT, TRACESTATE } from 'throughline/internal'

const OF_THE_TRACE: readonly string[] = [TRACESTATE, OWN_TRACE]

/** Headers by name, as a client takes them. */
export type HeaderRecord = Readonly<Record<string, string>>

/** A call's headers with some added. */
export interface Extended {
  /** For the client, in a form that it takes. */
  readonly headers: unknown
  /** Those that were added: all but the ones that the caller gave. */
  readonly added: HeaderRecord
}

/**
 * Adds headers to those of a call, of whatever form: none, an object, a flat list of names and values, a list of pairs, or
 * anything else that iterates over pairs (`Headers`, `Map`, a generator). What was given is not changed; one that can be
 * read only once becomes an object, which every client and interceptor takes.
 *
 * A header that the caller gave wins, whatever its case, and with the value `undefined` too. The headers of the trace belong
 * together, so the caller's own `traceparent` keeps all of ours out.
 */
export function addHeaders(given: unknown, wanted: HeaderRecord): Extended {
  if (given === undefined || given === null) return { headers: { ...wanted }, added: wanted }
  if (typeof given !== 'object') return { headers: given, added: {} }
  if (Array.isArray(given)) return toList(given, wanted)
  if (Symbol.iterator in given) return toIterated(given as Iterable<unknown>, wanted)
  const added = missing(Object.keys(given), wanted)
  return { headers: { ...given, ...added }, added }
}

function toList(given: readonly unknown[], wanted: HeaderRecord): Extended {
  if (Array.isArray(given[0])) {
    const added = missing(given.map(firstOf), wanted)
    return { headers: [...given, ...Object.entries(added)], added }
  }
  const names = given.filter((_, i) => i % 2 === 0)
  const added = missing(names, wanted)
  return { headers: [...given, ...Object.entries(added).flat()], added }
}

function toIterated(given: Iterable<unknown>, wanted: HeaderRecord): Extended {
  const pairs = [...given]
  // The client says what is wrong with it.
  if (!pairs.every((pair) => Array.isArray(pair) && pair.length === 2)) return { headers: pairs, added: {} }
  const record: Record<string, unknown> = Object.create(null)
  for (const [name, value] of pairs as [string, unknown][]) {
    record[name] = name in record ? [record[name], value].flat() : value
  }
  return addHeaders(record, wanted)
}

function missing(given: readonly unknown[], wanted: HeaderRecord): HeaderRecord {
  const names = new Set(given.map((name) => String(name).toLowerCase()))
  const result: Record<string, string> = {}
  for (const [name, value] of Object.entries(wanted)) {
    const isTaken = names.has(name) || (OF_THE_TRACE.includes(name) && names.has(TRACEPARENT))
    if (!isTaken) result[name] = value
  }
  return result
}

/** The value of a header in any of these forms, by its name in lower case; `undefined` where it came twice, or not at all. */
export function headerIn(headers: unknown, name: string): unknown {
  const values = pairsOf(headers)
    .filter(([key]) => String(key).toLowerCase() === name)
    .map(([, value]) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value))
  return values.length === 1 ? values[0] : undefined
}

function pairsOf(headers: unknown): readonly (readonly [unknown, unknown])[] {
  if (typeof headers !== 'object' || headers === null) return []
  if (!Array.isArray(headers)) return Object.entries(headers)
  if (Array.isArray(headers[0])) return headers.filter(Array.isArray) as unknown as [unknown, unknown][]
  return headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1]] as const] : []))
}

function firstOf(pair: unknown): unknown {
  return Array.isArray(pair) ? pair[0] : pair
}
