import { type CapturedLogs, summary } from './capture-logs.js'
import type { LogRecord } from './log-record.js'
import { checkMatch, describe, isAsAsked, type LogMatch, matches, shown } from './match.js'

/** The matchers, as they are called after `expect(logs)`. */
export interface LogMatchers<R = unknown> {
  /** Some record of `captureLogs()` matches: each field equals, matches a pattern, or satisfies a condition. */
  toHaveLogged(match: LogMatch): R
}

interface Outcome {
  readonly pass: boolean
  readonly message: () => string
}

/** For `expect.extend(logMatchers)`; `@throughline/testing/vitest` and `/jest` do it, with the types. */
export const logMatchers = {
  /** See `LogMatchers`. */
  toHaveLogged(received: unknown, match: LogMatch): Outcome {
    const records = (received as Partial<CapturedLogs> | null | undefined)?.records
    // Thrown, since an outcome that does not pass is what `not` asks for.
    if (!Array.isArray(records)) throw new TypeError('expect(…).toHaveLogged: accepted: what captureLogs() returns')
    checkMatch(match)
    const found = (records as readonly LogRecord[]).find((record) => matches(record, match))
    return found === undefined
      ? { pass: false, message: () => missed(records, match) }
      : { pass: true, message: () => `expected no record to match ${describe(match)}, but one did:\n  ${shown(found)}` }
  },
}

/** What was asked, and how the nearest record differs from it. */
function missed(records: readonly LogRecord[], match: LogMatch): string {
  const head = `expected a record to match ${describe(match)}; ${summary(records)}`
  if (typeof match === 'function') return head
  const fields = Object.keys(match)
  const asAsked = (record: LogRecord) => fields.filter((field) => isAsAsked(record[field], match[field]))
  const nearest = [...records].sort((a, b) => asAsked(b).length - asAsked(a).length)[0]
  if (nearest === undefined || asAsked(nearest).length === 0) return head
  const alike = new Set(asAsked(nearest))
  const lines = fields.map((field) =>
    alike.has(field)
      ? `    ${field}: ${shown(nearest[field])}`
      : `  - ${field}: ${shown(match[field])}\n  + ${field}: ${shown(nearest[field])}`,
  )
  return `${head}\n\nthe nearest (- asked, + logged):\n${lines.join('\n')}`
}
