import type { Logger } from 'throughline'
import { compileOrigins, type OriginFilter, type OriginRule } from './origins.js'

/** What every instrumentation of an HTTP client takes. */
export interface OutgoingOptions {
  /** Which servers receive the ids; all by default. Narrow it where calls leave the house. */
  readonly to?: readonly OriginRule[]
  /** Where each call's line goes: the present operation's logger by default, a logger of your own, or `false`, nowhere. */
  readonly log?: Logger | false
  /**
   * Whether `traceparent` and `tracestate` go along; `true` by default. `false` where OpenTelemetry's own instrumentation
   * of the same client writes them already.
   */
  readonly trace?: boolean
}

/** Options with their defaults, each known to be usable. */
export interface CheckedOutgoing {
  readonly isAllowed: OriginFilter
  /** Whether `to` was given: only then can a redirect lead where the ids must not go. */
  readonly isNarrowed: boolean
  readonly log: Logger | false | undefined
  readonly trace: boolean
}

/** For calls that are logging's own: no ids, no line. Their context is kept all the same. */
export const OWN_TRAFFIC: CheckedOutgoing = { isAllowed: () => false, isNarrowed: true, log: false, trace: false }

const KNOWN = ['to', 'log', 'trace'] as const

/**
 * @param caller The function that took the options, for the errors.
 * @throws TypeError naming the option, what was given, and what would be accepted.
 */
export function checkOutgoing(options: OutgoingOptions, caller: string): CheckedOutgoing {
  if (typeof options !== 'object' || options === null) throw refused(caller, 'options', options, 'an object')
  for (const key of Object.keys(options)) {
    if (!(KNOWN as readonly string[]).includes(key)) {
      throw new TypeError(`${caller}: unknown option "${key}"; accepted: ${KNOWN.join(', ')}`)
    }
  }
  const { to, log, trace = true } = options
  if (log !== undefined && log !== false && !isLogger(log)) {
    throw refused(caller, '{ log }', log, 'a logger with debug, warn and isLevelEnabled, or false')
  }
  if (typeof trace !== 'boolean') throw refused(caller, '{ trace }', trace, 'true or false')
  const isAllowed = to === undefined ? () => true : compileOrigins(to, `${caller}({ to })`)
  return { isAllowed, isNarrowed: to !== undefined, log, trace }
}

function isLogger(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { debug, warn, isLevelEnabled } = value as Partial<Logger>
  return [debug, warn, isLevelEnabled].every((method) => typeof method === 'function')
}

function refused(caller: string, option: string, value: unknown, accepted: string): TypeError {
  const given = value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value
  return new TypeError(`${caller}(${option}): got ${given}; accepted: ${accepted}`)
}
