import { globMatcher, isGlob } from '../glob.js'
import { LEVELS } from '../levels/level.js'
import { byRequestId, byTraceId, type Decision } from './decision.js'
import { HeldTotal } from './held-lines.js'
import { RateLimit } from './rate-limit.js'
import type { Beginning, CheckedSampling, Ending, SamplingRule } from './sampling-options.js'
import { Summaries } from './summaries.js'

/** All operations together may hold so many times what one may. */
const TOTAL_FACTOR = 64

interface CompiledRule {
  readonly rate: number
  readonly decide: Decision
  /** Whether it speaks of this operation, by what is known at its beginning; `undefined` when that is not enough. */
  matches(known: Beginning, ending: Ending | undefined): boolean | undefined
}

/** The verdict on a success: whether it is kept, and at which rate. */
export interface Verdict {
  readonly kept: boolean
  readonly rate: number
}

/** Which operations of a logger are kept, and the numbers of all of them. */
export class Sampler {
  readonly heldTotal: HeldTotal
  readonly summaries = new Summaries()
  /** The level from which lines are held. */
  readonly holdLevel: number
  readonly rateLimit: RateLimit | undefined
  private readonly rules: readonly CompiledRule[]
  private readonly idName: 'request_id' | 'trace_id'

  constructor(readonly options: CheckedSampling) {
    const { by, success, maxHeldBytes, maxPerSecond, hold } = options
    this.idName = by
    const decision = by === 'trace_id' ? byTraceId : byRequestId
    const rest: CompiledRule = { rate: success, decide: decision(success), matches: () => true }
    this.rules = [...(options.rules ?? []).map((rule) => compile(rule, decision(rule.rate))), rest]
    this.heldTotal = new HeldTotal(maxHeldBytes * TOTAL_FACTOR)
    this.holdLevel = LEVELS[hold]
    this.rateLimit = maxPerSecond === undefined ? undefined : new RateLimit(maxPerSecond)
  }

  /**
   * What would become of a success; `undefined` while a rule that may apply waits for the ending.
   *
   * @param fields The operation's context, for the id.
   */
  verdict(fields: Readonly<Record<string, unknown>>, known: Beginning, ending?: Ending): Verdict | undefined {
    for (const rule of this.rules) {
      const matches = rule.matches(known, ending)
      if (matches === undefined) return undefined
      if (matches) return { kept: rule.decide(String(fields[this.idName] ?? '')), rate: rule.rate }
    }
    return { kept: true, rate: 1 }
  }

  /** Why an operation is kept whatever the rate, by its outcome; `undefined` when nothing speaks for it. */
  reason(ending: Ending): string | undefined {
    const { keep } = this.options
    if (ending.failed) return 'failed'
    if (ending.aborted) return 'aborted'
    if (ending.status !== undefined && keepsStatus(ending.status, keep?.status)) return 'status'
    if (keep?.slowerThanMs !== undefined && ending.durationMs > keep.slowerThanMs) return 'slow'
    return keep?.when !== undefined && holds(keep.when, ending) ? 'when' : undefined
  }
}

function keepsStatus(status: number, keep: readonly number[] | { readonly from: number } | undefined): boolean {
  if (status >= 500) return true
  if (keep === undefined) return false
  return 'from' in keep ? status >= keep.from : keep.includes(status)
}

function compile(rule: SamplingRule, decide: Decision): CompiledRule {
  const { method, path, route, name, when, rate } = rule
  const isPath = pathMatcher(path)
  return {
    rate,
    decide,
    matches(known, ending) {
      if (method !== undefined && known.method?.toUpperCase() !== method.toUpperCase()) return false
      if (name !== undefined && known.name !== name) return false
      if (isPath !== undefined && !(known.path !== undefined && isPath(known.path))) return false
      if (route === undefined && when === undefined) return true
      if (ending === undefined) return undefined
      return (route === undefined || ending.route === route) && (when === undefined || holds(when, ending))
    },
  }
}

function pathMatcher(path: string | RegExp | undefined): ((path: string) => boolean) | undefined {
  if (path === undefined) return undefined
  if (path instanceof RegExp) return (text) => text.search(path) !== -1
  return isGlob(path) ? globMatcher(path) : (text) => text === path
}

/** An application's condition that throws does not hold, and must not throw into the request. */
function holds(condition: (ending: Ending) => boolean, ending: Ending): boolean {
  try {
    return condition(ending) === true
  } catch {
    return false
  }
}
