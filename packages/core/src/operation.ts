import {
  type ContextStore,
  currentStore,
  innerStore,
  type LineSink,
  runInStore,
  type StoreOperation,
  setFields,
} from './context/store.js'
import { continuedTrace, newTrace, traceDetails } from './context/trace.js'
import type { Fragment } from './encode/fragment.js'
import type { Fields } from './encode/line.js'
import type { LevelScope } from './levels/controller.js'
import { AUDIT, LEVELS } from './levels/level.js'
import type { ActiveOperation, Logger, OperationOptions, OperationOutcome } from './logger.js'
import { nodeCrypto } from './node-crypto.js'
import type { Pipeline } from './pipeline.js'
import { flatSize, HeldLines } from './sampling/held-lines.js'
import type { Beginning, Ending } from './sampling/options.js'
import type { Sampler, Verdict } from './sampling/sampler.js'

/** The operation that runs here, if any. */
export function currentOperation(): ActiveOperation | undefined {
  return currentStore()?.operation
}

/** What becomes of an operation's lines. */
const Mode = {
  /** They wait for the outcome. */
  hold: 0,
  /** They are written as they come: nothing is sampled, or the rate keeps this one, or there is a reason to. */
  pass: 1,
  /** They are let go: sampled out, or one too many of a flood. */
  drop: 2,
} as const

/** Where no rule speaks of an operation. */
const KEPT: Verdict = { kept: true, rate: 1 }

/** What an operation's own logger is made from. */
export interface StoreLogger {
  /** The same logger, for the lines of a store. */
  within(store: ContextStore): Logger
}

/** See `ActiveOperation`. Its lines come in by `take`, from the logger's hot path. */
export class LiveOperation implements StoreOperation {
  readonly startedAt = Date.now()
  ended = false
  readonly log: Logger
  private readonly store: ContextStore
  private readonly beginning: Beginning
  private readonly isRequest: boolean
  /** The operation around this one: it holds and decides for both. */
  readonly parent: StoreOperation | undefined
  private mode: number = Mode.pass
  private held: HeldLines | undefined
  /** What becomes of a success, where the beginning decides that. */
  private verdict: Verdict | undefined
  /** Why it is kept whole. */
  private reason: string | undefined
  /** The rate that kept it, on its lines, unless there is a better reason. */
  private sampleRate: number | undefined

  constructor(
    private readonly pipeline: Pipeline,
    parent: StoreLogger,
    private readonly bindings: Fragment,
    private readonly scope: LevelScope,
    options: OperationOptions,
  ) {
    this.isRequest = options.kind === 'request'
    const around = this.isRequest ? undefined : currentStore()
    this.parent = around?.operation
    const fields = options.fields ?? {}
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

  set(fields: Fields): void {
    setFields(this.store, fields)
  }

  keep(reason: string): void {
    if (this.parent !== undefined) this.parent.keep(reason)
    else if (this.reason === undefined && this.mode !== Mode.drop) this.keepWhole(reason)
  }

  /** Whether lines below the logger's level are of use to it. */
  wantsBelowLevel(level: number): boolean {
    if (this.parent !== undefined) return this.parent.wantsBelowLevel(level)
    const { sampler } = this.pipeline
    return sampler !== undefined && level >= sampler.holdLevel && (this.mode === Mode.hold || this.reason !== undefined)
  }

  /**
   * A line was logged in it. Returns whether the line is taken: held until the outcome is known, or let go.
   *
   * @param belowLevel The logger's level would not let it through.
   */
  take(
    sink: LineSink,
    level: number,
    ms: number,
    bindings: Fragment,
    context: Fragment | undefined,
    message: string,
    fields: object | undefined,
    belowLevel: boolean,
  ): boolean {
    if (this.parent !== undefined)
      return this.parent.take(sink, level, ms, bindings, context, message, fields, belowLevel)
    if (level === AUDIT) return false
    if (level >= LEVELS.warn && this.reason === undefined && this.mode !== Mode.drop) this.keepWhole('level', message)
    if (this.mode === Mode.pass) return false
    if (this.mode === Mode.drop || this.held === undefined) {
      // A late warning of an operation that was let go is no success: it stands for itself.
      if (level >= LEVELS.warn && this.ended && this.reason === undefined) return false
      this.pipeline.counters.sampledOut++
      return true
    }
    const bytes = flatSize(fields, message)
    const text = bytes === -1 ? sink.encoder.line(level, ms, bindings, context, message, fields) : undefined
    this.held.add({
      sink,
      level,
      ms,
      bindings,
      context,
      message: text === undefined ? message : '',
      fields: text === undefined && fields !== undefined ? { ...fields } : undefined,
      text,
      bytes: text === undefined ? bytes : text.length,
      belowLevel,
    })
    return true
  }

  /** Whether its lines are written as they come. */
  get passes(): boolean {
    return this.parent === undefined ? this.mode === Mode.pass : this.parent.passes
  }

  /** What a line of this operation says of the rate at which it was kept. */
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

  /** Lets go of what it holds: it has run for too long to be waited for. It goes on, and may still fail. */
  letGo(): void {
    const { held } = this
    if (held === undefined || held.size === 0) return
    const lines = held.takeAll().length
    held.dropped += lines
    this.pipeline.counters.sampledOut += lines
  }

  /** What is known at the beginning may decide already: then nothing needs to be held. */
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

  /** There is a reason to keep it: what it holds is written, and the rest as it comes. */
  private keepWhole(reason: string, said = ''): void {
    const { flood } = this.pipeline.sampler ?? {}
    this.reason = reason
    this.sampleRate = undefined
    if (flood !== undefined && !flood.passes(`${this.beginning.name} ${reason} ${said}`, Date.now())) {
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
      else line.sink.writeHeld(line, this.sampleRate)
    }
  }

  private settle(outcome: OperationOutcome): void {
    const { message, level } = outcome
    const { sampler } = this.pipeline
    const isSaid = sampler === undefined || this.decided(sampler, outcome)
    if (!this.scope.admits(LEVELS[level], this.store.fields)) return
    if (!isSaid) {
      // Let go like the lines before it: nothing has to be made of it first.
      this.pipeline.counters.sampledOut++
      return
    }
    const dropped = this.held?.dropped ?? 0
    const fields = dropped > 0 ? { ...outcome.fields, held_dropped: dropped } : outcome.fields
    this.pipeline.emit(LEVELS[level], this.bindings, this.store, message, fields, false)
  }

  /** Decides, now that the outcome is known, and counts it. Whether its last line is to be written. */
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
    const { flood } = this.pipeline.sampler ?? {}
    const key = () => `${ending.name} success ${ending.method} ${ending.route ?? ending.path}`
    if (verdict.kept && (flood === undefined || flood.passes(key(), Date.now()))) {
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
