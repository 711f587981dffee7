import { type ContextStore, currentStore, storeFor } from '../context/store.js'
import type { FlushOptions } from '../destination/flush-options.js'
import type { Bindings } from '../encode/bindings.js'
import { isError } from '../encode/error.js'
import type { Fields } from '../encode/field.js'
import type { TypedEvent } from '../encode/typed-event.js'
import {
  ACCEPTED_LEVELS,
  AUDIT,
  LEVEL_NAMES,
  LEVELS,
  type LevelThreshold,
  levelName,
  parseLevel,
} from '../levels/level.js'
import type { LevelScope } from '../levels/level-table.js'
import { type LoggerWithin, Operation, runOperation } from '../operation/operation.js'
import { warnOnce } from '../warn.js'
import { defineBound } from './bound-methods.js'
import { fieldsOf, readArguments } from './log-arguments.js'
import type { ActiveOperation, ChildOptions, Logger, LogMethod, OperationOptions, Serializers } from './logger.js'
import type { Pipeline } from './pipeline.js'
import { mergedSerializers, PINO_SERIALIZERS, STANDARD_SERIALIZERS, serialized } from './serializers.js'
import type { Stats } from './stats.js'

/** The parts of a logger. */
interface LoggerParts {
  readonly pipeline: Pipeline
  readonly bindings: Bindings
  readonly scope: LevelScope
  /** The context that this logger belongs to, when it is a request's own; otherwise the one in force at each call. */
  readonly store?: ContextStore | undefined
  readonly serializers?: Serializers | undefined
  readonly isRoot?: boolean
}

/** The methods beside those of the levels. */
const METHODS = [
  ...(['emit', 'isLevelEnabled', 'bindings', 'child', 'operation', 'begin', 'within'] as const),
  ...(['flush', 'flushSync', 'close', 'stats'] as const),
]

/** See `Logger`. Every method is bound when it is first read: see `defineBound`. */
export class LoggerImpl implements LoggerWithin {
  declare readonly trace: LogMethod
  declare readonly debug: LogMethod
  declare readonly info: LogMethod
  declare readonly warn: LogMethod
  declare readonly error: LogMethod
  declare readonly fatal: LogMethod
  declare readonly audit: LogMethod
  declare readonly silent: LogMethod
  readonly #pipeline: Pipeline
  readonly #bindings: Bindings
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

  static {
    const { prototype } = LoggerImpl
    const isOwn = (object: object): object is LoggerImpl => #pipeline in object
    for (const name of LEVEL_NAMES) {
      const level = LEVELS[name]
      // `...more` costs an array even when it is empty, unless the call is inlined; three parameters cover what people type
      // (bench `plain`).
      defineBound(prototype, name, isOwn, (log) => (a?: unknown, b?: unknown, c?: unknown, ...more: unknown[]) => {
        if (log.#scope.gate <= level) log.#log(level, a, b, c, more)
      })
    }
    defineBound(
      prototype,
      'audit',
      isOwn,
      (log) =>
        (a?: unknown, b?: unknown, c?: unknown, ...more: unknown[]) =>
          log.#log(AUDIT, a, b, c, more),
    )
    defineBound(prototype, 'silent', isOwn, () => () => {})
    for (const name of METHODS) {
      const method = prototype[name] as (this: LoggerImpl, a: unknown, b: unknown, c: unknown) => unknown
      defineBound(prototype, name, isOwn, (log) => (a: unknown, b: unknown, c: unknown) => method.call(log, a, b, c))
    }
  }

  /** What Fastify sets on the child that it makes of this logger, instead of serializers of its own. */
  get [PINO_SERIALIZERS](): Serializers {
    return { ...STANDARD_SERIALIZERS, ...this.#serializers }
  }

  emit<F extends object>(event: TypedEvent<F>, fields: F): void {
    const level = LEVELS[(event as TypedEvent | undefined)?.level as keyof typeof LEVELS]
    if (level === undefined) {
      warnOnce('log.emit: got no event; accepted: what defineEvent of @throughline/event returns')
      return
    }
    const scope = this.#scope
    if (scope.gate > level) return
    const store = this.#contextStore()
    let belowLevel = false
    if (scope.asks && !scope.admits(level, store?.fields)) {
      if (store?.operation?.wantsBelowLevel(level) !== true) return
      belowLevel = true
    }
    const serializers = this.#serializers
    const own = (fields ?? {}) as Fields
    const given = serializers === undefined ? own : serialized(own, serializers)
    this.#pipeline.emit(level, this.#bindings, store, event.message, given, belowLevel, event)
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

  bindings(): Record<string, unknown> {
    return this.#pipeline.encoder.bindings.fields(this.#bindings)
  }

  child(bindings: object = {}, options: ChildOptions = {}): Logger {
    const pipeline = this.#pipeline
    const { name, level, serializers } = options
    const own = serializers === undefined ? this.#serializers : mergedSerializers(this.#serializers, serializers)
    // A list or a Map has no field names of its own; read like a call's, its names and values stay together.
    const given = isPlainObject(bindings) ? bindings : (fieldsOf([bindings]) ?? {})
    const fields = own === undefined ? given : serialized(given, own)
    let encoded = pipeline.encoder.bindings.of(fields, this.#bindings)
    if (name !== undefined) encoded = pipeline.encoder.bindings.reserved({ logger: name }, encoded)
    const scope = name === undefined && level === undefined ? this.#scope : this.#childScope(name, level)
    return new LoggerImpl({ pipeline, bindings: encoded, scope, store: this.#store, serializers: own })
  }

  operation<T>(
    name: string,
    fields: object | ((operation: ActiveOperation) => T),
    fn?: (operation: ActiveOperation) => T,
  ): T {
    const own = typeof fields === 'function' ? {} : fields
    const run = typeof fields === 'function' ? (fields as (operation: ActiveOperation) => T) : fn
    return runOperation(this.begin({ name, fields: { ...own, operation: name } }), run as typeof run & {})
  }

  begin(options: OperationOptions): ActiveOperation {
    return new Operation(this.#pipeline, this, this.#bindings, this.#scope, options)
  }

  /** The same logger, for the lines of a store. */
  within(store: ContextStore): Logger {
    return new LoggerImpl({
      pipeline: this.#pipeline,
      bindings: this.#bindings,
      scope: this.#scope,
      store,
      serializers: this.#serializers,
    })
  }

  flush(options?: FlushOptions): Promise<void> {
    return this.#pipeline.flush(options)
  }

  flushSync(options?: FlushOptions): void {
    this.#pipeline.destination.flushSync(options)
  }

  close(options?: FlushOptions): Promise<void> {
    return this.#pipeline.close(options)
  }

  stats(): Stats {
    return this.#pipeline.stats()
  }

  /** The context of a call: the one in force, unless this logger belongs to a request that the one in force is no part of. */
  #contextStore(): ContextStore | undefined {
    return this.#store === undefined ? currentStore() : storeFor(this.#store)
  }

  #childScope(name: string | undefined, level: string | undefined): LevelScope {
    const { levels } = this.#pipeline
    const scope = this.#scope
    // Nest gives "" where no level is set.
    const parsed = level === undefined || level === '' ? undefined : parseLevel(String(level))
    if (level !== undefined && level !== '' && parsed === undefined) {
      warnOnce(`child(…, { level }): got "${String(level)}"; accepted: ${ACCEPTED_LEVELS}`)
    }
    if (name === undefined && parsed === undefined) return scope
    return levels.scope(name ?? scope.module, parsed === undefined ? scope.own : levels.ownLevel(parsed))
  }

  #log(level: number, a: unknown, b: unknown, c: unknown, more: readonly unknown[]): void {
    const store = this.#store === undefined ? currentStore() : storeFor(this.#store)
    const scope = this.#scope
    let belowLevel = false
    if (scope.asks && level < AUDIT && !scope.admits(level, store?.fields)) {
      if (store?.operation?.wantsBelowLevel(level) !== true) return
      belowLevel = true
    }
    const isShort = c === undefined && more.length === 0
    if (isShort && typeof a === 'string') {
      if (b === undefined) {
        this.#pipeline.emit(level, this.#bindings, store, a, undefined, belowLevel)
        return
      }
      // The two kinds of fields that most lines have (bench `errors` for the second).
      const fields = isPlainObject(b) ? b : isError(b) ? { error: b } : undefined
      if (fields !== undefined && a.indexOf('%') === -1) {
        const serializers = this.#serializers
        const given = serializers === undefined ? fields : serialized(fields, serializers)
        this.#pipeline.emit(level, this.#bindings, store, a, given, belowLevel)
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
    let fields: Fields | undefined
    try {
      const { encoder } = this.#pipeline
      const given = readArguments(first, others, encoder.json, encoder.errorMessage)
      const serializers = this.#serializers
      message = given.message
      fields = serializers === undefined ? given.fields : serialized(given.fields, serializers)
    } catch (error) {
      fields = { logging_error: isError(error) ? error.name : 'unreadable' }
    }
    this.#pipeline.emit(level, this.#bindings, store, message, fields, belowLevel)
  }
}

/** An object as a literal makes it: fields that can be taken as they are. */
function isPlainObject(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null) return false
  try {
    const prototype = Object.getPrototypeOf(value)
    return prototype === Object.prototype || prototype === null
  } catch {
    return false
  }
}
