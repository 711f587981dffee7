import type { NameRule } from './names.js'

/** Names that are secret in a query only: signatures of URLs, by their issuers' names. */
const ONLY_IN_QUERIES = /^(?:sig|signature|x-(?:amz|goog|ms|oss)-signature|hmac)$/i
/** The code of an OAuth redirect (RFC 6749, section 4.1.2), where its `state` stands beside it. */
const CODE = /^code$/i
const STATE = /^state$/i

/** Whether a parameter's name is secret because it stands in a query. */
export function isQuerySecret(name: string, hasState: boolean): boolean {
  return ONLY_IN_QUERIES.test(name) || (hasState && CODE.test(name))
}

/** What stands in the place of a value of this name; `undefined` where it is left out. */
export type ReplaceValue = (value: unknown, name: string) => unknown

/**
 * A query as an object, a Map, `URLSearchParams` or a list of pairs, with the values replaced whose names are secret in queries
 * only. The query itself where there are none.
 */
export function redactedQuery(query: object, nameRule: NameRule, replace: ReplaceValue): object {
  try {
    const pairs = pairsOf(query)
    if (pairs === undefined) return query
    const hasState = pairs.some(([name]) => STATE.test(name))
    const isHidden = (name: string, value: unknown) =>
      value !== undefined &&
      value !== null &&
      value !== '' &&
      nameRule(name) === undefined &&
      isQuerySecret(name, hasState)
    if (!pairs.some(([name, value]) => isHidden(name, value))) return query
    const shown = pairs.map(([name, value]) => [name, isHidden(name, value) ? replace(value, name) : value] as const)
    return Array.isArray(query) ? shown : Object.fromEntries(shown.filter(([, value]) => value !== undefined))
  } catch {
    // What cannot be read has nothing that could be shown.
    return query
  }
}

/** Beyond this, a query is data. */
const MOST_PARAMETERS = 1000

function pairsOf(query: object): readonly (readonly [string, unknown])[] | undefined {
  if (query instanceof Map || query instanceof URLSearchParams) return firstOf(query.entries())
  if (Array.isArray(query)) return query.length <= MOST_PARAMETERS && query.every(isPair) ? query : undefined
  if (typeof (query as { toJSON?: unknown }).toJSON === 'function') return undefined
  return Object.entries(query)
}

function isPair(entry: unknown): entry is [string, unknown] {
  return Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string'
}

/** Each name once: a repeated one has all its values. */
function firstOf(entries: Iterable<[unknown, unknown]>): readonly (readonly [string, unknown])[] | undefined {
  const values = new Map<string, unknown[]>()
  for (const [name, value] of entries) {
    if (typeof name !== 'string' || values.size >= MOST_PARAMETERS) return undefined
    const same = values.get(name)
    if (same === undefined) values.set(name, [value])
    else same.push(value)
  }
  return [...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all])
}
