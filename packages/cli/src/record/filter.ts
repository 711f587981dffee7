import type { Line } from '../input/lines.js'
import { conditionOf } from '../where/condition.js'
import { parseWhere } from '../where/parse.js'
import type { LogRecord } from './record.js'
import { severityOf } from './severity.js'
import { timeOf } from './time.js'

/** Which records are wanted. */
export interface Wanted {
  /** The least severity, in pino's numbers. */
  readonly severity?: number | undefined
  readonly where?: string | undefined
  /** Milliseconds since the epoch: from this moment on. */
  readonly since?: number | undefined
  /** Up to this moment, not included. */
  readonly until?: number | undefined
}

/**
 * Decides on records. A record without a readable level passes a level's bar, since it may be the very crash that one looks
 * for; one without a time is in no span of time. `undefined` where every record is wanted.
 *
 * @throws WhereError for an expression that cannot be read.
 */
export function filterOf({ severity, where, since, until }: Wanted): ((record: LogRecord) => boolean) | undefined {
  const tests: ((record: LogRecord) => boolean)[] = []
  if (severity !== undefined) tests.push((record) => (severityOf(record.level) ?? severity) >= severity)
  if (since !== undefined) tests.push((record) => (timeOf(record.timestamp) ?? Number.NEGATIVE_INFINITY) >= since)
  if (until !== undefined) tests.push((record) => (timeOf(record.timestamp) ?? Number.POSITIVE_INFINITY) < until)
  if (where !== undefined) tests.push(conditionOf(parseWhere(where)))
  if (tests.length === 0) return undefined
  return (record) => tests.every((test) => test(record))
}

/**
 * Decides on lines. A line that is no record may be a crash's own words: only a condition on fields or time excludes it.
 *
 * @throws WhereError for an expression that cannot be read.
 */
export function lineFilterOf(wanted: Wanted): (line: Line) => boolean {
  const filter = filterOf(wanted)
  if (filter === undefined) return () => true
  const passesText = wanted.where === undefined && wanted.since === undefined && wanted.until === undefined
  return ({ record }) => (record === undefined ? passesText : filter(record))
}
