import type { Logger } from 'throughline'
import { checkOptions } from 'throughline/internal'
import type { TraceOption } from './ids.js'
import { compileOrigins, ORIGIN_FORMS, type OriginFilter, type OriginRule } from './origins.js'

/** What every instrumentation of an HTTP client takes. */
export interface OutgoingOptions {
  /** Which servers receive the ids; all by default. Narrow it where calls leave the house. */
  readonly to?: readonly OriginRule[]
  /** Where each call's line goes: the present operation's logger by default, a logger of your own, or `false`, nowhere. */
  readonly log?: Logger | false
  /**
   * Whether the trace goes along; `true` by default: as `traceparent` and `tracestate` in a trace that came from outside or has
   * a tracer's active span, else as `throughline-trace`, which no tracer takes for a decision. `'always'`: as `traceparent` in
   * any case. `false`: not at all.
   */
  readonly trace?: boolean | 'always'
}

/** Options with their defaults, each known to be usable. */
export interface CheckedOutgoing {
  readonly isAllowed: OriginFilter
  /** Whether `to` was given: only then can a redirect lead where the ids must not go. */
  readonly isNarrowed: boolean
  readonly log: Logger | false | undefined
  readonly trace: TraceOption
}

/** For calls that are logging's own: no ids, no line. Their context is kept all the same. */
export const OWN_TRAFFIC: CheckedOutgoing = { isAllowed: () => false, isNarrowed: true, log: false, trace: false }

/**
 * @param caller The function that took the options, for the errors.
 * @throws TypeError naming the option, what was given, and what would be accepted.
 */
export function checkOutgoing(options: OutgoingOptions, caller: string): CheckedOutgoing {
  const check = checkOptions(caller, options, ['to', 'log', 'trace'])
  const to = check.check('to', Array.isArray, `an array, each entry ${ORIGIN_FORMS}`)
  const log = check.check('log', isLog, 'a logger with debug, warn and isLevelEnabled, or false')
  const trace = check.check('trace', isTraceOption, "true, false or 'always'") ?? true
  const isAllowed = to === undefined ? () => true : compileOrigins(to, check.refused)
  return { isAllowed, isNarrowed: to !== undefined, log, trace }
}

function isTraceOption(value: unknown): boolean {
  return typeof value === 'boolean' || value === 'always'
}

function isLog(value: unknown): boolean {
  if (value === false) return true
  if (typeof value !== 'object' || value === null) return false
  const { debug, warn, isLevelEnabled } = value as Partial<Logger>
  return [debug, warn, isLevelEnabled].every((method) => typeof method === 'function')
}
