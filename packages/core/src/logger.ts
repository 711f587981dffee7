import { type ContextStore, currentStore } from './context/store.js'
import { isError } from './encode/error.js'
import type { Fragment } from './encode/fragment.js'
import type { Fields } from './encode/line.js'
import { fieldsOf } from './fields.js'
import { interpolate } from './interpolate.js'
import type { LevelScope } from './levels/controller.js'
import { ACCEPTED_LEVELS, AUDIT, LEVELS, type LevelThreshold, levelName, parseLevel } from './levels/level.js'
import type { Pipeline } from './pipeline.js'
import type { Stats } from './stats.js'
import { warnOnce } from './warn.js'

/**
 * One call, one line. The forms:
 *
 * ```ts
 * log.info('Fetching user', { user_id })                // message, fields
 * log.error('Database connection failed', error)        // message, error
 * log.error('Charge failed', error, { order_id })       // message, error, fields
 * log.error({ error, retry_attempt: 2 }, 'failed')      // fields, message
 * log.error(error)                                      // the error's own message
 * log.info('took %d ms', 12, { table: 'users' })        // util.format's specifiers, then fields
 * ```
 *
 * Arguments that fit nowhere are kept under `args`. Nothing here throws, and nothing passed in is changed.
 */
export interface LogMethod {
  (message: string, fields?: Fields | Error): void
  (message: string, error: unknown, fields: Fields): void
  (fields: object, message?: string, ...args: readonly unknown[]): void
  (message: string, ...args: readonly unknown[]): void
  (error: unknown): void
}

/** What `child` takes beside the bindings. */
export interface ChildOptions {
  /** The module's name: the line's `logger`, and what `LOG_LEVEL` directives are matched with. */
  readonly name?: string
  /** A level of its own for this child and its children. */
  readonly level?: LevelThreshold
  /** Called on fields of these names before they are encoded, as in pino and Fastify. */
  readonly serializers?: Serializers
}

export type Serializers = Readonly<Record<string, (value: never) => unknown>>

export interface Logger {
  readonly trace: LogMethod
  readonly debug: LogMethod
  readonly info: LogMethod
  readonly warn: LogMethod
  readonly error: LogMethod
  readonly fatal: LogMethod
  /**
   * A line that no level and no sampling keeps back, and that is on the descriptor before the call returns:
   * `"level":"INFO","log_type":"audit"`.
   */
  readonly audit: LogMethod
  /** Does nothing; there because Fastify and pino's types expect it. */
  readonly silent: LogMethod
  /**
   * The threshold in force for this logger outside any context. Setting it changes this logger and the children it makes
   * from now on; on a root logger, every child that has no level of its own. The later of this and `setLevel` wins.
   */
  level: LevelThreshold
  /** Whether a call at this level writes a line, here and in the present context. */
  isLevelEnabled(level: LevelThreshold): boolean
  /** A logger whose every line carries these fields too. They are encoded once, here. */
  child(bindings?: Fields, options?: ChildOptions): Logger
  /** Resolves when every line so far is written. */
  flush(): Promise<void>
  /** The same before it returns, as far as the outside lets it. */
  flushSync(): void
  /** Writes what is there and lets go of the destination. For a root logger at the end of its life. */
  close(): Promise<void>
  /** What became of every line so far. */
  stats(): Stats
}

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
export class PipelineLogger implements Logger {
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

  get level(): LevelThreshold {
    return levelName(this.#scope.threshold)
  }

  set level(level: LevelThreshold) {
    const parsed = parseLevel(String(level))
    if (parsed === undefined) warnOnce(`log.level: got "${String(level)}"; accepted: ${ACCEPTED_LEVELS}`)
    else if (this.#isRoot) this.#pipeline.levels.setRoot(parsed)
    else this.#scope = this.#pipeline.levels.scope(this.#scope.module, parsed)
  }

  isLevelEnabled(level: LevelThreshold): boolean {
    const parsed = parseLevel(String(level))
    if (parsed === undefined || parsed === 'silent') return false
    return this.#scope.admits(LEVELS[parsed], (this.#store ?? currentStore())?.fields)
  }

  child(bindings: Fields = {}, options: ChildOptions = {}): Logger {
    const pipeline = this.#pipeline
    const { name, level, serializers } = options
    const scope = this.#scope
    const own = serializers === undefined ? this.#serializers : { ...this.#serializers, ...serializers }
    let fragment = pipeline.encoder.fragment(serialized(bindings, own), this.#bindings)
    if (name !== undefined) fragment = pipeline.encoder.reservedFragment({ logger: name }, fragment)
    return new PipelineLogger({
      pipeline,
      bindings: fragment,
      scope: childScope(pipeline, scope, name, level),
      store: this.#store,
      serializers: own,
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

  #log(level: number, a: unknown, b: unknown, c: unknown, more: readonly unknown[]): void {
    const store = this.#store ?? currentStore()
    const scope = this.#scope
    if (scope.asks && level < AUDIT && !scope.admits(level, store?.fields)) return
    const pipeline = this.#pipeline
    if (typeof a === 'string' && c === undefined && this.#serializers === undefined) {
      if (b === undefined) return pipeline.emit(level, this.#bindings, store, a, undefined)
      if (isPlain(b) && a.indexOf('%') === -1) return pipeline.emit(level, this.#bindings, store, a, b)
    }
    this.#logAny(level, store, [a, b, c, ...more])
  }

  /** Every other form of a call. */
  #logAny(level: number, store: ContextStore | undefined, given: unknown[]): void {
    while (given.length > 1 && given[given.length - 1] === undefined) given.pop()
    const first = given[0]
    const isMessage = typeof first !== 'object' || first === null
    const lead = isMessage ? undefined : first
    const values = isMessage ? given.slice(1) : given.slice(2)
    let message = isMessage ? String(first) : given[1] === undefined ? '' : String(given[1])
    try {
      if (values.length > 0 && message.includes('%')) {
        const done = interpolate(message, values, (value) => this.#pipeline.encoder.encode(value))
        message = done.message
        values.splice(0, values.length, ...done.rest)
      }
      const fields = fieldsOf(lead === undefined ? values : [lead, ...values])
      if (message === '' && isError(lead) && given.length === 1) message = String(lead.message)
      this.#pipeline.emit(level, this.#bindings, store, message, serialized(fields, this.#serializers))
    } catch (error) {
      this.#pipeline.emit(level, this.#bindings, store, message, {
        logging_error: isError(error) ? error.name : 'unreadable',
      })
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
  level: LevelThreshold | undefined,
): LevelScope {
  const parsed = level === undefined ? undefined : parseLevel(String(level))
  if (level !== undefined && parsed === undefined) {
    warnOnce(`child(…, { level }): got "${String(level)}"; accepted: ${ACCEPTED_LEVELS}`)
  }
  if (name === undefined && parsed === undefined) return parent
  return pipeline.levels.scope(name ?? parent.module, parsed ?? parent.own?.level)
}

/** The fields with those of a serializer's name replaced by what it returns; one that throws is named in the place. */
function serialized<T extends Fields | undefined>(fields: T, serializers: Serializers | undefined): T | Fields {
  if (fields === undefined || serializers === undefined) return fields
  const result: Record<string, unknown> = { ...fields }
  for (const [name, serialize] of Object.entries(serializers)) {
    if (!Object.hasOwn(result, name)) continue
    try {
      result[name] = serialize(result[name] as never)
    } catch {
      result[name] = `[serializer of ${name} threw]`
    }
  }
  return result
}
