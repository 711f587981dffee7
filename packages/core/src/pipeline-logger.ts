import { readCall } from './call.js'
import { type ContextStore, currentStore, storeFor } from './context/store.js'
import { isError } from './encode/error.js'
import { EventRecord, type TypedEvent } from './encode/event.js'
import type { Fragment } from './encode/fragment.js'
import type { Fields } from './encode/line.js'
import { fieldsOf, readableCopy } from './fields.js'
import type { LevelScope } from './levels/controller.js'
import { ACCEPTED_LEVELS, AUDIT, LEVELS, type LevelThreshold, levelName, parseLevel } from './levels/level.js'
import type { ActiveOperation, ChildOptions, Logger, OperationOptions, Serializers } from './logger.js'
import { LiveOperation, runOperation, type StoreLogger } from './operation.js'
import type { Pipeline } from './pipeline.js'
import type { Stats } from './stats.js'
import { warnOnce } from './warn.js'

/** What a logger is made of. */
export interface LoggerParts {
  readonly pipeline: Pipeline
  readonly bindings: Fragment
  readonly scope: LevelScope
  /** The context that this logger belongs to, when it is a request's own; otherwise the one in force at each call. */
  readonly store?: ContextStore | undefined
  readonly serializers?: Serializers | undefined
  readonly isRoot?: boolean
}

/** The level methods and the gate: prototype methods and one integer comparison, nothing made for each logger. */
export class PipelineLogger implements Logger, StoreLogger {
  readonly #pipeline: Pipeline
  readonly #bindings: Fragment
  readonly #store: ContextStore | undefined
  readonly #serializers: Serializers | undefined
  readonly #isRoot: boolean
  #scope: LevelScope

  constructor(parts: LoggerParts) {
    this.#pipeline = parts.pipeline
    this.#bindings = parts.bindings
    this.#scope = parts.scope
    this.#store = parts.store
    this.#serializers = parts.serializers
    this.#isRoot = parts.isRoot ?? false
  }

  // `...more` costs an array even when it is empty unless the call is inlined; the four-argument shape covers what people
  // type (bench `plain`).
  trace(a?: unknown, b?: unknown, c?: unknown, ...more: unknown[]): void {
    if (this.#scope.gate <= LEVELS.trace) this.#log(LEVELS.trace, a, b, c, more)
  }

  debug(a?: unknown, b?: unknown, c?: unknown, ...more: unknown[]): void {
    if (this.#scope.gate <= LEVELS.debug) this.#log(LEVELS.debug, a, b, c, more)
  }

  info(a?: unknown, b?: unknown, c?: unknown, ...more: unknown[]): void {
    if (this.#scope.gate <= LEVELS.info) this.#log(LEVELS.info, a, b, c, more)
  }

  warn(a?: unknown, b?: unknown, c?: unknown, ...more: unknown[]): void {
    if (this.#scope.gate <= LEVELS.warn) this.#log(LEVELS.warn, a, b, c, more)
  }

  error(a?: unknown, b?: unknown, c?: unknown, ...more: unknown[]): void {
    if (this.#scope.gate <= LEVELS.error) this.#log(LEVELS.error, a, b, c, more)
  }

  fatal(a?: unknown, b?: unknown, c?: unknown, ...more: unknown[]): void {
    if (this.#scope.gate <= LEVELS.fatal) this.#log(LEVELS.fatal, a, b, c, more)
  }

  audit(a?: unknown, b?: unknown, c?: unknown, ...more: unknown[]): void {
    this.#log(AUDIT, a, b, c, more)
  }

  silent(): void {}

  emit<F extends object>(event: TypedEvent<F>, fields: F): void {
    const level = LEVELS[(event as TypedEvent | undefined)?.level as keyof typeof LEVELS]
    if (level === undefined) warnOnce('log.emit: got no event; accepted: what defineEvent of throughline/event returns')
    else if (this.#scope.gate <= level) this.#emit(level, event, fields)
  }

  get level(): LevelThreshold {
    return levelName(this.#scope.threshold)
  }

  set level(level: LevelThreshold) {
    const parsed = parseLevel(String(level))
    if (parsed === undefined) warnOnce(`log.level: got "${String(level)}"; accepted: ${ACCEPTED_LEVELS}`)
    else if (this.#isRoot) this.#pipeline.levels.setRoot(parsed)
    else this.#scope = this.#pipeline.levels.scope(this.#scope.module, this.#pipeline.levels.ownLevel(parsed))
  }

  isLevelEnabled(level: LevelThreshold): boolean {
    const parsed = parseLevel(String(level))
    if (parsed === undefined || parsed === 'silent') return false
    return this.#scope.admits(LEVELS[parsed], this.#contextStore()?.fields)
  }

  child(bindings: Fields = {}, options: ChildOptions = {}): Logger {
    const pipeline = this.#pipeline
    const { name, level, serializers } = options
    const scope = this.#scope
    const own = serializers === undefined ? this.#serializers : { ...this.#serializers, ...serializers }
    // A list or a Map has no field names of its own; read like a call's, its names and values stay together.
    const given = isPlain(bindings) ? bindings : (fieldsOf([bindings]) ?? {})
    let fragment = pipeline.encoder.fragments.of(serialized(given, own), this.#bindings)
    if (name !== undefined) fragment = pipeline.encoder.fragments.reserved({ logger: name }, fragment)
    return new PipelineLogger({
      pipeline,
      bindings: fragment,
      scope: childScope(pipeline, scope, name, level),
      store: this.#store,
      serializers: own,
    })
  }

  operation<T>(
    name: string,
    ...rest: [Fields, (operation: ActiveOperation) => T] | [(operation: ActiveOperation) => T]
  ): T {
    const fn = rest.length === 1 ? rest[0] : rest[1]
    const fields = rest.length === 1 ? {} : rest[0]
    return runOperation(this.begin({ name, fields: { ...fields, operation: name } }), fn)
  }

  begin(options: OperationOptions): ActiveOperation {
    return new LiveOperation(this.#pipeline, this, this.#bindings, this.#scope, options)
  }

  within(store: ContextStore): Logger {
    return new PipelineLogger({
      pipeline: this.#pipeline,
      bindings: this.#bindings,
      scope: this.#scope,
      store,
      serializers: this.#serializers,
    })
  }

  flush(): Promise<void> {
    return this.#pipeline.destination.flush()
  }

  flushSync(): void {
    this.#pipeline.destination.flushSync()
  }

  close(): Promise<void> {
    return this.#pipeline.close()
  }

  stats(): Stats {
    return this.#pipeline.stats()
  }

  /** The context of a call: the one in force, unless this logger belongs to a request that the present one is no part of. */
  #contextStore(): ContextStore | undefined {
    return this.#store === undefined ? currentStore() : storeFor(this.#store)
  }

  #emit(level: number, event: TypedEvent, fields: object): void {
    const store = this.#contextStore()
    const scope = this.#scope
    let belowLevel = false
    if (scope.asks && !scope.admits(level, store?.fields)) {
      if (store?.operation?.wantsBelowLevel(level) !== true) return
      belowLevel = true
    }
    const serializers = this.#serializers
    const record = new EventRecord(event, serialized(fields as Fields, serializers))
    this.#pipeline.emit(level, this.#bindings, store, event.message, record, belowLevel)
  }

  #log(level: number, a: unknown, b: unknown, c: unknown, more: readonly unknown[]): void {
    const store = this.#contextStore()
    const scope = this.#scope
    let belowLevel = false
    if (scope.asks && level < AUDIT && !scope.admits(level, store?.fields)) {
      if (store?.operation?.wantsBelowLevel(level) !== true) return
      belowLevel = true
    }
    const isShort = c === undefined && more.length === 0
    if (typeof a === 'string' && isShort) {
      if (b === undefined) {
        this.#pipeline.emit(level, this.#bindings, store, a, undefined, belowLevel)
        return
      }
      // The two kinds of fields that most lines have (bench `errors` for the second).
      const fields = isPlain(b) ? b : isError(b) ? { error: b } : undefined
      if (fields !== undefined && a.indexOf('%') === -1) {
        this.#pipeline.emit(level, this.#bindings, store, a, serialized(fields, this.#serializers), belowLevel)
        return
      }
    }
    const others = isShort ? [b] : more.length === 0 ? [b, c] : [b, c, ...more]
    this.#logAny(level, store, a, others, belowLevel)
  }

  /** Every other form of a call. */
  #logAny(
    level: number,
    store: ContextStore | undefined,
    first: unknown,
    others: readonly unknown[],
    belowLevel: boolean,
  ): void {
    let message = ''
    try {
      const { encoder } = this.#pipeline
      const call = readCall(first, others, encoder.encode, encoder.errorMessage)
      message = call.message
      const fields = serialized(call.fields, this.#serializers)
      this.#pipeline.emit(level, this.#bindings, store, message, fields, belowLevel)
    } catch (error) {
      const fields = { logging_error: isError(error) ? error.name : 'unreadable' }
      this.#pipeline.emit(level, this.#bindings, store, message, fields, belowLevel)
    }
  }
}

/** An object as a literal makes it: fields, with nothing to find out first. */
function isPlain(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null) return false
  try {
    const prototype = Object.getPrototypeOf(value)
    return prototype === Object.prototype || prototype === null
  } catch {
    return false
  }
}

function childScope(
  pipeline: Pipeline,
  parent: LevelScope,
  name: string | undefined,
  level: string | undefined,
): LevelScope {
  const parsed = level === undefined ? undefined : parseLevel(String(level))
  if (level !== undefined && parsed === undefined) {
    warnOnce(`child(…, { level }): got "${String(level)}"; accepted: ${ACCEPTED_LEVELS}`)
  }
  if (name === undefined && parsed === undefined) return parent
  return pipeline.levels.scope(
    name ?? parent.module,
    parsed === undefined ? parent.own : pipeline.levels.ownLevel(parsed),
  )
}

/** The fields with those of a serializer's name replaced by what it returns; one that throws is named in the place. */
function serialized<T extends Fields | undefined>(fields: T, serializers: Serializers | undefined): T | Fields {
  if (fields === undefined || serializers === undefined) return fields
  let result: Record<string, unknown> | undefined
  for (const name in serializers) {
    if (!mayHave(fields, name)) continue
    result ??= readableCopy(fields)
    if (!Object.hasOwn(result, name)) continue
    try {
      result[name] = (serializers[name] as (value: unknown) => unknown)(result[name])
    } catch {
      result[name] = `[serializer of ${name} threw]`
    }
  }
  return result ?? fields
}

function mayHave(fields: object, name: string): boolean {
  try {
    return Object.hasOwn(fields, name)
  } catch {
    // A proxy that does not say what it has: its readable copy does.
    return true
  }
}
