import { checkKnown, refused } from '../refusal.js'

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
  /** Of the same kept success, or the same error, so many a second; of those beyond, one in 100. No limit by default. */
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

const KNOWN = ['success', 'by', 'keep', 'rules', 'hold', 'maxHeldBytes', 'maxPerSecond', 'summaryInterval']
const KNOWN_KEEP = ['slowerThanMs', 'status', 'when']
const KNOWN_RULE = ['method', 'path', 'route', 'name', 'when', 'rate']

/**
 * Options and environment together; `undefined` when neither asks for sampling.
 *
 * @throws TypeError naming the option, what was given, and what would be accepted.
 */
export function checkSampling(
  options: SamplingOptions | undefined,
  env: Readonly<Record<string, string | undefined>>,
): CheckedSampling | undefined {
  const fromEnvironment = environmentRate(env.LOG_SAMPLE_SUCCESS)
  if (options === undefined && fromEnvironment === undefined) return undefined
  const given = options ?? {}
  checkKnown('sampling', given, KNOWN)
  const success = fromEnvironment ?? checkRate('sampling.success', given.success ?? 1)
  const by = checkWord('sampling.by', given.by ?? 'request_id', ['request_id', 'trace_id'] as const)
  const hold = checkWord('sampling.hold', given.hold ?? 'info', ['info', 'debug', 'trace'] as const)
  const maxHeldBytes = checkPositive('sampling.maxHeldBytes', given.maxHeldBytes ?? 256 * 1024)
  const summaryInterval = checkPositive('sampling.summaryInterval', given.summaryInterval ?? 60_000)
  if (given.maxPerSecond !== undefined) checkPositive('sampling.maxPerSecond', given.maxPerSecond)
  if (given.keep !== undefined) checkKeep(given.keep)
  if (given.rules !== undefined && !Array.isArray(given.rules))
    throw refused('sampling.rules', given.rules, 'a list of rules')
  for (const [i, rule] of (given.rules ?? []).entries()) checkRule(`sampling.rules[${i}]`, rule)
  return { ...given, success, by, hold, maxHeldBytes, summaryInterval }
}

function checkKeep(keep: NonNullable<SamplingOptions['keep']>): void {
  checkKnown('sampling.keep', keep, KNOWN_KEEP)
  const { slowerThanMs, status, when } = keep
  if (slowerThanMs !== undefined) checkPositive('sampling.keep.slowerThanMs', slowerThanMs)
  const statuses = Array.isArray(status)
    ? (status as readonly unknown[])
    : [(status as { from?: unknown } | undefined)?.from]
  if (status !== undefined && !statuses.every(Number.isInteger)) {
    throw refused('sampling.keep.status', status, 'a list of statuses, or { from } with one')
  }
  checkFunction('sampling.keep.when', when)
}

function checkRule(option: string, rule: SamplingRule): void {
  checkKnown(option, rule, KNOWN_RULE)
  checkRate(`${option}.rate`, rule.rate)
  for (const name of ['method', 'route', 'name'] as const) {
    if (rule[name] !== undefined && typeof rule[name] !== 'string')
      throw refused(`${option}.${name}`, rule[name], 'a text')
  }
  if (rule.path !== undefined && typeof rule.path !== 'string' && !(rule.path instanceof RegExp)) {
    throw refused(`${option}.path`, rule.path, 'a path, a glob or a regular expression')
  }
  checkFunction(`${option}.when`, rule.when)
}

function checkFunction(option: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') throw refused(option, value, 'a function')
}

function environmentRate(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return undefined
  return checkRate('LOG_SAMPLE_SUCCESS', Number(text))
}

function checkRate(option: string, rate: unknown): number {
  if (typeof rate === 'number' && rate >= 0 && rate <= 1) return rate
  throw refused(option, rate, 'a number from 0 to 1')
}

function checkPositive(option: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value
  throw refused(option, value, 'a number above 0')
}

function checkWord<const W extends string>(option: string, value: unknown, words: readonly W[]): W {
  const word = words.find((one) => one === value)
  if (word === undefined) throw refused(option, value, words.map((one) => `'${one}'`).join(' or '))
  return word
}
