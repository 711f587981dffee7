import { type CapturedLogs, summary } from './capture-logs.js'
import type { LogRecord } from './log-record.js'
import { describe, fieldMatches, type LogMatch, matches, score, shown } from './match.js'

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
    const { records } = received as Partial<CapturedLogs>
    if (!Array.isArray(records)) {
      return { pass: false, message: () => 'toHaveLogged: accepted: what captureLogs() returns' }
    }
    const found = (records as readonly LogRecord[]).find((record) => matches(record, match))
    return found === undefined
      ? { pass: false, message: () => missed(records, match) }
      : {
          pass: true,
          message: () => `expected no record to match ${describe(match)}, but one did:\n  ${JSON.stringify(found)}`,
        }
  },
}

/** What was asked, and how the nearest record differs from it. */
function missed(records: readonly LogRecord[], match: LogMatch): string {
  const nearest = [...records].sort((a, b) => score(b, match) - score(a, match))[0]
  const head = `expected a record to match ${describe(match)}; ${summary(records)}`
  if (typeof match === 'function' || nearest === undefined || score(nearest, match) === 0) return head
  const lines = Object.keys(match).map((field) =>
    fieldMatches(nearest, match, field)
      ? `    ${field}: ${shown(nearest[field])}`
      : `  - ${field}: ${shown(match[field])}\n  + ${field}: ${shown(nearest[field])}`,
  )
  return `${head}\n\nthe nearest (- asked, + logged):\n${lines.join('\n')}`
}
