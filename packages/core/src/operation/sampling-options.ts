import { checkOptions, type OptionChecker, refused } from '../check-options.js'

/** What is known of an operation when it begins, for rules. */
export interface Beginning {
  /** The operation's name; `request` for an HTTP request. */
  readonly name: string
  /** The HTTP method; `undefined` for an operation that is no request. */
  readonly method: string | undefined
  /** The request's path, without its query; `undefined` for an operation that is no request. */
  readonly path: string | undefined
}

/** What is known of it when it ends. */
export interface Ending extends Beginning {
  /** The route's pattern, as the framework has it. */
  readonly route: string | undefined
  /** The response's status; `undefined` when none was sent. */
  readonly status: number | undefined
  /** Whether its last line is at ERROR or FATAL. */
  readonly failed: boolean
  /** Whether the connection was cut before the response was whole. */
  readonly aborted: boolean
  /** Milliseconds. */
  readonly durationMs: number
}

/** A rate for some operations. The first rule that matches decides. */
export interface SamplingRule {
  /** A method, in any case; every one by default. */
  readonly method?: string
  /** A path exactly, a glob (`/health*`, `/static/**`), or a regular expression; every one by default. */
  readonly path?: string | RegExp
  /** A route's pattern, as the framework has it (`/users/:id`). Known only at the end, so the lines are held until then. */
  readonly route?: string
  /** An operation's name. */
  readonly name?: string
  /** Any other condition on what is known at the end. */
  readonly when?: (ending: Ending) => boolean
  /** The share of successes that is kept: 0 to 1. Failures are kept whatever it is. */
  readonly rate: number
}

/** Which operations are kept. Nothing is sampled without these. */
export interface SamplingOptions {
  /** The share of successful operations that is kept, 0 to 1; `LOG_SAMPLE_SUCCESS` wins. 1 by default. */
  readonly success?: number
  /** The id whose hash decides; `request_id` by default, which every service shares. */
  readonly by?: 'request_id' | 'trace_id'
  /** What is kept although it succeeded. Failed, aborted and warning operations always are. */
  readonly keep?: {
    /** Operations that took longer, in milliseconds. */
    readonly slowerThanMs?: number
    /** Responses of these statuses, or from this one on (`{ from: 400 }`). 500 and more always are. */
    readonly status?: readonly number[] | { readonly from: number }
    /** Any other condition on what is known at the end. */
    readonly when?: (ending: Ending) => boolean
  }
  /** Rates for some operations; `success` is for the rest. None by default. */
  readonly rules?: readonly SamplingRule[]
  /** From which level lines are held; with `debug`, debug lines below the level appear for operations kept for a reason. */
  readonly hold?: 'info' | 'debug' | 'trace'
  /** What one operation may hold, in bytes; 256 KiB by default. All of them together may hold 64 times that. */
  readonly maxHeldBytes?: number
  /** Maximum kept operations per second and key; above it, 1 in 100 passes. No limit by default. */
  readonly maxPerSecond?: number
  /** Milliseconds between the summary lines; 60,000 by default. */
  readonly summaryInterval?: number
}

export interface CheckedSampling extends SamplingOptions {
  readonly success: number
  readonly by: 'request_id' | 'trace_id'
  readonly hold: 'info' | 'debug' | 'trace'
  readonly maxHeldBytes: number
  readonly summaryInterval: number
}

const KNOWN = [
  ...(['success', 'by', 'keep', 'rules', 'hold', 'maxHeldBytes', 'maxPerSecond', 'summaryInterval'] as const),
]
const KNOWN_KEEP = ['slowerThanMs', 'status', 'when'] as const
const KNOWN_RULE = ['method', 'path', 'route', 'name', 'when', 'rate'] as const
const RATE = { least: 0, most: 1 }

/**
 * The options with those of the environment; `undefined` when neither asks for sampling.
 *
 * @throws TypeError naming the option, what was given, and what would be accepted.
 */
export function checkSampling(
  options: SamplingOptions | undefined,
  env: Readonly<Record<string, string | undefined>>,
): CheckedSampling | undefined {
  const fromEnvironment = environmentRate(env.LOG_SAMPLE_SUCCESS)
  if (options === undefined && fromEnvironment === undefined) return undefined
  const given: { readonly sampling: SamplingOptions } = { sampling: options ?? {} }
  const check = checkOptions('createLogger', given, ['sampling']).nested('sampling', KNOWN)
  const success = fromEnvironment ?? check.number('success', 1, RATE)
  const by = check.oneOf('by', ['request_id', 'trace_id'], 'request_id')
  const hold = check.oneOf('hold', ['info', 'debug', 'trace'], 'info')
  const maxHeldBytes = check.number('maxHeldBytes', 256 * 1024, { above: 0 })
  const summaryInterval = check.number('summaryInterval', 60_000, { above: 0 })
  check.number('maxPerSecond', undefined, { above: 0 })
  checkKeep(check)
  const rules = check.check('rules', Array.isArray, 'an array of rules')
  for (const i of (rules ?? []).keys()) checkRule(check.element<SamplingRule>('rules', i, KNOWN_RULE))
  return { ...check.given, success, by, hold, maxHeldBytes, summaryInterval }
}

function checkKeep(sampling: OptionChecker<SamplingOptions>): void {
  const check = sampling.nested('keep', KNOWN_KEEP)
  check.number('slowerThanMs', undefined, { above: 0 })
  check.check('status', isStatuses, 'an array of statuses, or { from } with one')
  check.function('when')
}

function isStatuses(status: unknown): boolean {
  const statuses = Array.isArray(status) ? (status as unknown[]) : [(status as { from?: unknown } | null)?.from]
  return statuses.every(Number.isInteger)
}

function checkRule(check: OptionChecker<SamplingRule>): void {
  if (check.number('rate', undefined, RATE) === undefined)
    throw check.refused('rate', undefined, 'a number from 0 to 1')
  for (const name of ['method', 'route', 'name'] as const) {
    check.check(name, (value) => typeof value === 'string', 'a string')
  }
  const isPath = (value: unknown) => typeof value === 'string' || value instanceof RegExp
  check.check('path', isPath, 'a path, a glob or a regular expression')
  check.function('when')
}

function environmentRate(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return undefined
  const rate = Number(text)
  if (rate >= 0 && rate <= 1) return rate
  throw refused('LOG_SAMPLE_SUCCESS', rate, 'a number from 0 to 1')
}
