import {
  type ContextStore,
  currentStore,
  innerStore,
  runInStore,
  type StoreOperation,
  setFields,
} from '../context/store.js'
import { continuedTrace, newTrace, traceDetails } from '../context/trace.js'
import type { Bindings } from '../encode/bindings.js'
import type { Fields } from '../encode/field.js'
import type { LogRecord } from '../encode/record.js'
import { AUDIT, LEVELS } from '../levels/level.js'
import type { LevelScope } from '../levels/level-table.js'
import type { ActiveOperation, Logger, OperationOptions, OperationOutcome } from '../logger/logger.js'
import type { Pipeline } from '../logger/pipeline.js'
import { nodeCrypto } from '../node-crypto.js'
import { flatSize, HeldLines, type LineTarget } from './held-lines.js'
import type { Sampler, Verdict } from './sampler.js'
import type { Beginning, Ending } from './sampling-options.js'

/** The operation that runs here, if any. */
export function currentOperation(): ActiveOperation | undefined {
  return currentStore()?.operation
}

/** How an operation treats its lines. */
const Mode = {
  /** Holds them until the outcome is known. */
  hold: 0,
  /** Writes them at once: nothing is sampled, the rate keeps the operation, or there is a reason to keep it. */
  pass: 1,
  /** Drops them: sampled out, or above the rate limit. */
  drop: 2,
} as const

/** Where no rule matches an operation. */
const KEPT: Verdict = { kept: true, rate: 1 }

/** A logger that an operation's own logger can be made from. */
export interface LoggerWithin extends Logger {
  /** The same logger, for the lines of a store. */
  within(store: ContextStore): Logger
}

/** See `ActiveOperation`. The pipeline offers its lines to `take`. */
export class Operation implements StoreOperation {
  readonly startedAt = Date.now()
  ended = false
  readonly log: Logger
  private readonly store: ContextStore
  private readonly beginning: Beginning
  private readonly isRequest: boolean
  /** The operation around this one, which holds and decides for both. */
  readonly parent: StoreOperation | undefined
  private mode: number = Mode.pass
  private held: HeldLines | undefined
  /** The verdict on a success, where the beginning decides it. */
  private verdict: Verdict | undefined
  /** Why it is kept whole. */
  private reason: string | undefined
  /** The rate that kept it, unless there is a reason. */
  private sampleRate: number | undefined

  constructor(
    private readonly pipeline: Pipeline,
    parent: LoggerWithin,
    private readonly bindings: Bindings,
    private readonly scope: LevelScope,
    options: OperationOptions,
  ) {
    this.isRequest = options.kind === 'request'
    const around = this.isRequest ? undefined : currentStore()
    this.parent = around?.operation
    const fields = (options.fields ?? {}) as Fields
    this.store = innerStore(fields, around, missingIds(fields, around?.fields))
    this.store.operation = this
    this.log = parent.within(this.store)
    this.beginning = { name: options.name, method: options.method, path: options.path }
    if (this.parent === undefined && pipeline.sampler !== undefined) this.decide(pipeline.sampler)
    pipeline.inFlight.add(this)
  }

  fields(): Fields {
    return { ...this.store.fields }
  }

  run<T>(fn: () => T): T {
    return runInStore(this.store, fn)
  }

  bind<A extends unknown[], R>(fn: (...args: A) => R): (...args: A) => R {
    return (...args) => runInStore(this.store, () => fn(...args))
  }

  set(fields: object): void {
    setFields(this.store, fields as Fields)
  }

  keep(reason: string): void {
    if (this.parent !== undefined) this.parent.keep(reason)
    else if (this.reason === undefined && this.mode !== Mode.drop) this.keepWhole(reason)
  }

  /** Whether it takes lines below the logger's level. */
  wantsBelowLevel(level: number): boolean {
    if (this.parent !== undefined) return this.parent.wantsBelowLevel(level)
    const { sampler } = this.pipeline
    return sampler !== undefined && level >= sampler.holdLevel && (this.mode === Mode.hold || this.reason !== undefined)
  }

  /**
   * Takes a line that was logged in it, and returns true, where the line is held until the outcome is known, or dropped.
   *
   * @param belowLevel The logger's level does not admit the line.
   */
  take(target: LineTarget, record: LogRecord, belowLevel: boolean): boolean {
    if (this.parent !== undefined) return this.parent.take(target, record, belowLevel)
    const { level, message, fields, event } = record
    if (level === AUDIT) return false
    if (level >= LEVELS.warn && this.reason === undefined && this.mode !== Mode.drop) this.keepWhole('level', message)
    if (this.mode === Mode.pass) return false
    if (this.mode === Mode.drop || this.held === undefined) {
      // A late warning of an operation that was dropped is no success: it is written.
      if (level >= LEVELS.warn && this.ended && this.reason === undefined) return false
      this.pipeline.counters.sampledOut++
      return true
    }
    const bytes = event === undefined ? flatSize(fields, message) : -1
    this.held.add(target, record, bytes, belowLevel)
    return true
  }

  /** Whether its lines are written at once. */
  get passes(): boolean {
    return this.parent === undefined ? this.mode === Mode.pass : this.parent.passes
  }

  /** The `sample_rate` of its lines. */
  get rate(): number | undefined {
    return this.parent === undefined ? this.sampleRate : this.parent.rate
  }

  end(outcome: OperationOutcome): void {
    if (this.ended) return
    this.ended = true
    this.pipeline.inFlight.delete(this)
    try {
      this.settle(outcome)
    } catch (error) {
      this.pipeline.fail(LEVELS[outcome.level], outcome.message, error)
    }
  }

  /** Writes what it holds although its outcome is unknown: the process ends first. */
  interrupt(): void {
    if (this.parent === undefined && this.reason === undefined) this.keepWhole('in_flight')
    const duration_ms = Date.now() - this.startedAt
    const { name } = this.beginning
    const message = this.isRequest ? 'Request in flight' : 'Operation in flight'
    const fields = { in_flight: true, operation: name, duration_ms }
    this.pipeline.emit(LEVELS.warn, this.bindings, this.store, message, fields, false)
  }

  /** Drops the lines that it holds: it has run for too long. It goes on, and may still fail. */
  dropHeld(): void {
    const { held } = this
    if (held === undefined || held.size === 0) return
    const lines = held.takeAll().length
    held.dropped += lines
    this.pipeline.counters.sampledOut += lines
  }

  /** Decides with what is known at the beginning, where that is enough: then nothing has to be held. */
  private decide(sampler: Sampler): void {
    const verdict = sampler.verdict(this.store.fields, this.beginning)
    this.verdict = verdict
    if (verdict?.kept === true && sampler.holdLevel >= LEVELS.info) {
      this.passAt(verdict.rate)
    } else {
      this.mode = Mode.hold
      this.held = new HeldLines(sampler.options.maxHeldBytes, sampler.heldTotal)
    }
  }

  private passAt(rate: number): void {
    this.mode = Mode.pass
    this.sampleRate = rate < 1 ? rate : undefined
  }

  /** Keeps it for a reason: writes the lines that it holds, and the rest at once. */
  private keepWhole(reason: string, message = ''): void {
    const { rateLimit } = this.pipeline.sampler ?? {}
    this.reason = reason
    this.sampleRate = undefined
    if (rateLimit !== undefined && !rateLimit.passes(`${this.beginning.name} ${reason} ${message}`, Date.now())) {
      this.mode = Mode.drop
      this.pipeline.counters.sampledOut += this.held?.takeAll().length ?? 0
      return
    }
    this.mode = Mode.pass
    this.release(true)
  }

  private release(withBelowLevel: boolean): void {
    for (const line of this.held?.takeAll() ?? []) {
      if (line.belowLevel && !withBelowLevel) this.pipeline.counters.sampledOut++
      else line.target.writeHeld(line, this.sampleRate)
    }
  }

  private settle(outcome: OperationOutcome): void {
    const { message, level } = outcome
    const { sampler } = this.pipeline
    const isWritten = sampler === undefined || this.decided(sampler, outcome)
    if (!this.scope.admits(LEVELS[level], this.store.fields)) return
    if (!isWritten) {
      this.pipeline.counters.sampledOut++
      return
    }
    const dropped = this.held?.dropped ?? 0
    const given = outcome.fields as Fields
    const fields = dropped > 0 ? { ...given, held_dropped: dropped } : given
    this.pipeline.emit(LEVELS[level], this.bindings, this.store, message, fields, false)
  }

  /** Decides with the outcome, and counts the operation. Returns whether its last line is written. */
  private decided(sampler: Sampler, outcome: OperationOutcome): boolean {
    const { failed, aborted = false, durationMs, status, route, level } = outcome
    const ending: Ending = { ...this.beginning, failed, aborted, durationMs, status, route }
    const reason = sampler.reason(ending) ?? (LEVELS[level] >= LEVELS.warn ? 'level' : undefined)
    if (reason !== undefined) this.keep(reason)
    if (this.parent === undefined && this.mode !== Mode.drop && this.reason === undefined) {
      this.settleSuccess(this.verdict ?? sampler.verdict(this.store.fields, this.beginning, ending) ?? KEPT, ending)
    }
    const kept = this.passes
    sampler.summaries.add(ending, this.isRequest, kept)
    return kept || reason !== undefined || this.parent !== undefined
  }

  private settleSuccess(verdict: Verdict, ending: Ending): void {
    const { rateLimit } = this.pipeline.sampler ?? {}
    const key = () => `${ending.name} success ${ending.method} ${ending.route ?? ending.path}`
    if (verdict.kept && (rateLimit === undefined || rateLimit.passes(key(), Date.now()))) {
      this.passAt(verdict.rate)
      this.release(false)
      return
    }
    this.mode = Mode.drop
    this.pipeline.counters.sampledOut += this.held?.takeAll().length ?? 0
  }
}

/**
 * The ids of a unit of work that nobody has given: those of the work around it (as a child span), else new ones. None where
 * all are given, as a request's are.
 */
function missingIds(given: Fields, around: Fields | undefined): Fields | undefined {
  if (given.trace_id !== undefined && given.request_id !== undefined) return undefined
  const request_id = given.request_id ?? around?.request_id ?? nodeCrypto().randomUUID()
  return { request_id, ...(given.trace_id === undefined ? traceWithin(around) : {}) }
}

function traceWithin(around: Fields | undefined): Fields {
  const { trace_id: traceId, span_id: spanId } = around ?? {}
  if (around === undefined || typeof traceId !== 'string' || typeof spanId !== 'string') return newTrace()
  const { flags = 0, state } = traceDetails(around) ?? {}
  return continuedTrace({ traceId, spanId, flags }, state)
}

/** Runs a function as an operation, with a line at its start and its end. See `Logger.operation`. */
export function runOperation<T>(operation: ActiveOperation, fn: (operation: ActiveOperation) => T): T {
  const started = performance.now()
  const duration = () => Math.round((performance.now() - started) * 1000) / 1000
  const completed = () => {
    const durationMs = duration()
    const fields = { duration_ms: durationMs }
    operation.end({ message: 'Operation completed', level: 'info', fields, failed: false, durationMs })
  }
  const failed = (error: unknown) => {
    const durationMs = duration()
    const fields = { duration_ms: durationMs, error }
    operation.end({ message: 'Operation failed', level: 'error', fields, failed: true, durationMs })
  }
  return operation.run(() => {
    operation.log.info('Operation started')
    let result: T
    try {
      result = fn(operation)
    } catch (error) {
      failed(error)
      throw error
    }
    if (!isThenable(result)) {
      completed()
      return result
    }
    return result.then(
      (value: unknown) => {
        completed()
        return value
      },
      (error: unknown) => {
        failed(error)
        throw error
      },
    ) as T
  })
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
