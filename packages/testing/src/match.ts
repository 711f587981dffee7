import { isDeepStrictEqual } from 'node:util'
import type { LogRecord } from './log-record.js'

/** What is asked of one field: a value it equals, a pattern its text matches, or a condition. */
export type LogPattern = string | number | boolean | null | RegExp | object | ((value: unknown) => boolean)

/** What is asked of a record: patterns by field, each of which must hold, or one condition on the whole. */
export type LogMatch = Readonly<Record<string, LogPattern | undefined>> | ((record: LogRecord) => boolean)

export function matches(record: LogRecord, match: LogMatch): boolean {
  if (typeof match === 'function') return match(record)
  return Object.keys(match).every((field) => fieldMatches(record, match, field))
}

/** How many of the fields asked for a record has as asked: the nearest miss is what a failure shows. */
export function score(record: LogRecord, match: LogMatch): number {
  if (typeof match === 'function') return 0
  return Object.keys(match).filter((field) => fieldMatches(record, match, field)).length
}

export function fieldMatches(
  record: LogRecord,
  match: Exclude<LogMatch, (record: LogRecord) => boolean>,
  field: string,
) {
  const wanted = match[field]
  const value = record[field]
  if (wanted === undefined) return value === undefined
  if (wanted instanceof RegExp) return typeof value === 'string' && value.search(wanted) !== -1
  if (typeof wanted === 'function') return wanted(value) === true
  return isDeepStrictEqual(value, wanted)
}

/** A match as people read it. */
export function describe(match: LogMatch): string {
  if (typeof match === 'function') return match.name === '' ? 'the condition' : `the condition ${match.name}`
  const fields = Object.entries(match).map(([field, wanted]) => `${field}: ${shown(wanted)}`)
  return `{ ${fields.join(', ')} }`
}

export function shown(value: unknown): string {
  if (value instanceof RegExp) return String(value)
  if (typeof value === 'function') return value.name === '' ? 'a condition' : value.name
  return JSON.stringify(value) ?? 'undefined'
}
