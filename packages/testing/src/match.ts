import { inspect, isDeepStrictEqual, types } from 'node:util'
import type { LogRecord } from './log-record.js'

/**
 * What is asked of one field: a value that it equals, a pattern that its text matches, a condition, or an asymmetric matcher
 * of the runner's (`expect.any(Number)`). The same may be asked of what is within a list or an object.
 */
export type LogPattern = string | number | boolean | null | RegExp | object | ((value: unknown) => boolean)

/** What is asked of a record: patterns by field, each of which must hold, or one condition on the whole. */
export type LogMatch = Readonly<Record<string, LogPattern | undefined>> | ((record: LogRecord) => boolean)

/** What `expect.any(Number)` and its like are, in vitest and in jest. */
interface Asymmetric {
  asymmetricMatch(value: unknown): boolean
  toAsymmetricMatcher?(): string
}

/** @throws TypeError for what is no match, such as a pattern that would ask nothing of any field. */
export function checkMatch(match: unknown): asserts match is LogMatch {
  if (typeof match === 'function' || isPlain(match)) return
  throw new TypeError(`got ${inspect(match, { depth: 0 })}; accepted: { field: pattern }, or a condition on the record`)
}

export function matches(record: LogRecord, match: LogMatch): boolean {
  if (typeof match === 'function') return match(record)
  return Object.keys(match).every((field) => isAsAsked(record[field], match[field]))
}

export function isAsAsked(value: unknown, wanted: unknown): boolean {
  if (types.isRegExp(wanted)) return typeof value === 'string' && value.search(wanted) !== -1
  if (typeof wanted === 'function') return wanted(value) === true
  if (isAsymmetric(wanted)) return wanted.asymmetricMatch(value)
  if (Array.isArray(wanted)) return Array.isArray(value) && hasAllOf(value, wanted)
  if (isPlain(wanted)) return isPlain(value) && hasAllOf(value, wanted)
  return isDeepStrictEqual(value, wanted)
}

/** The same keys, each with what is asked of it. */
function hasAllOf(value: object, wanted: object): boolean {
  const keys = Object.keys(wanted)
  const entries = wanted as Readonly<Record<string, unknown>>
  return (
    Object.keys(value).length === keys.length &&
    keys.every((key) => Object.hasOwn(value, key) && isAsAsked((value as typeof entries)[key], entries[key]))
  )
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // An object of jest's sandbox has another Object's prototype, which in turn has none.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function isAsymmetric(value: unknown): value is Asymmetric {
  return typeof (value as Partial<Asymmetric> | null | undefined)?.asymmetricMatch === 'function'
}

/** A match as people read it. */
export function describe(match: LogMatch): string {
  if (typeof match === 'function') return match.name === '' ? 'the condition' : `the condition ${match.name}`
  const fields = Object.entries(match).map(([field, wanted]) => `${field}: ${shown(wanted)}`)
  return `{ ${fields.join(', ')} }`
}

/** As it would be written in a test. */
export function shown(value: unknown): string {
  if (typeof value === 'function') return value.name === '' ? 'a condition' : value.name
  if (isAsymmetric(value)) return value.toAsymmetricMatcher?.() ?? String(value)
  return inspect(value, { depth: 8, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 500 })
}
