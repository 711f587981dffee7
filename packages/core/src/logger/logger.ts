import type { FlushOptions } from '../destination/flush-options.js'
import type { Fields } from '../encode/field.js'
import type { TypedEvent } from '../encode/typed-event.js'
import type { LevelName, LevelThreshold } from '../levels/level.js'
import type { Stats } from './stats.js'

/**
 * Logs one line. The forms:
 *
 * ```ts
 * log.info('Fetching user', { user_id })                // message, fields
 * log.error('Database connection failed', error)        // message, error
 * log.error('Charge failed', error, { order_id })       // message, error, fields
 * log.error({ error, retry_attempt: 2 }, 'failed')      // fields, message
 * log.error(error)                                      // the error's own message; { error } and { err } do the same
 * log.info('took %d ms', 12, { table: 'users' })        // util.format's specifiers, then fields
 * promise.catch(log.error)                              // every method works unbound
 * ```
 *
 * Any other argument is kept under `args`. The call never throws and never changes its arguments.
 */
export interface LogMethod {
  (message: string, fields?: object): void
  (message: string, error: unknown, fields: object): void
  (fields: object, message?: string, ...args: readonly unknown[]): void
  (message: string, ...args: readonly unknown[]): void
  (error: unknown): void
}

/** The options of `child`. Unknown options are ignored, because third-party code calls `child` too. */
export interface ChildOptions {
  /** The module's name: the field `logger` of its lines, which `LOG_LEVEL` directives match. */
  readonly name?: string
  /** The level of this child and its children. An invalid level prints a warning to stderr and is ignored; so is `""`. */
  readonly level?: LevelThreshold | (string & {}) | undefined
  /** Serializers for this child and its children, beside those of its parent. */
  readonly serializers?: Serializers | undefined
}

/** Functions that replace a field's value before it is encoded, by the field's name, as in pino and Fastify. */
export type Serializers = Readonly<Record<string, (value: never) => unknown>>

/** Writes lines. `createLogger` makes a root logger; `child` makes another that shares its destination and its counters. */
export interface Logger {
  /** Fine-grained debugging output. */
  readonly trace: LogMethod
  /** Information for finding a fault. */
  readonly debug: LogMethod
  /** Normal events of a service. */
  readonly info: LogMethod
  /** Something is wrong and the service continues. By default written before the call returns. */
  readonly warn: LogMethod
  /** Something failed. By default written before the call returns. */
  readonly error: LogMethod
  /** The process cannot continue; the caller ends it. By default written before the call returns. */
  readonly fatal: LogMethod
  /**
   * Logs a line whatever the level and the sampling, and writes it before the call returns:
   * `"level":"INFO","log_type":"audit"`.
   */
  readonly audit: LogMethod
  /**
   * Logs an event of `defineEvent` (`@throughline/event`) at the event's level: its name as `event`, its message, and the
   * fields that its schema lists.
   */
  emit<F extends object>(event: TypedEvent<F>, fields: NoInfer<F>): void
  /** Does nothing. Fastify and pino's types expect it. */
  readonly silent: LogMethod
  /**
   * The threshold of this logger outside any context. Setting it changes this logger and the children that it makes from then
   * on; on a root logger, also every child without a level of its own. Of this and `setLevel`, the later wins.
   */
  level: LevelThreshold
  /** Whether a call at this level writes a line in the current context. */
  isLevelEnabled(level: LevelThreshold): boolean
  /** A copy of the fields that this logger writes on every line, redacted, under our names. */
  bindings(): Record<string, unknown>
  /** A logger that writes these fields on every line too. They are encoded once. */
  child(bindings?: object, options?: ChildOptions): Logger
  /**
   * Runs a function as a unit of work (a job, a message, a cron run). The operation has its own ids or those of the context
   * around it, a line at its start and one at its end with `duration_ms`, and is sampled as a whole. What the function throws
   * is logged, then rethrown.
   *
   * @returns what the function returns; when that is a promise, the operation ends with it.
   */
  operation<T>(name: string, fields: object, fn: (operation: ActiveOperation) => T): T
  /** The same without fields of its own. */
  operation<T>(name: string, fn: (operation: ActiveOperation) => T): T
  /** An operation that the caller ends: for adapters. Writes no line before `end`. */
  begin(options: OperationOptions): ActiveOperation
  /** Resolves when every line so far is written, or after `timeoutMs` (5,000 by default). */
  flush(options?: FlushOptions): Promise<void>
  /** Blocks until every line so far is written, or for `timeoutMs` (5,000 by default). */
  flushSync(options?: FlushOptions): void
  /**
   * Writes every line and closes the destination; after `timeoutMs` (5,000 by default), what is left is reported on standard error and
   * counted as dropped. For a root logger at the end of its life.
   */
  close(options?: FlushOptions): Promise<void>
  /** Counters of every line so far. */
  stats(): Stats
}

/** How an operation begins. */
export interface OperationOptions {
  /** Its name in summaries and rules; `request` for an HTTP request. */
  readonly name: string
  /**
   * `request`: something that arrived from outside. It has a context of its own, whatever context the socket's callback runs
   * in. `operation` (default): a part of the current operation, whose ids it continues.
   */
  readonly kind?: 'operation' | 'request'
  /** Its context, on every line. `request_id`, `trace_id` and `span_id` are generated when they are neither given nor inherited. */
  readonly fields?: object
  /** The method, for sampling rules. */
  readonly method?: string
  /** The path of a request, without its query. */
  readonly path?: string
}

/** How an operation ended, and its last line. */
export interface OperationOutcome {
  /** The last line's message. */
  readonly message: string
  /** Its level. */
  readonly level: LevelName
  /** Its fields, beside the context. */
  readonly fields: object
  /** Whether it failed. A failed operation is never sampled out. */
  readonly failed: boolean
  /** Whether its connection was closed before the end. */
  readonly aborted?: boolean
  /** Milliseconds, for the summaries and for `keep.slowerThanMs`. */
  readonly durationMs: number
  /** The response's status. */
  readonly status?: number | undefined
  /** The route's pattern. */
  readonly route?: string | undefined
}

/** A unit of work in progress: a request, a job. */
export interface ActiveOperation {
  /** A logger of its own: its lines have the operation's context even where AsyncLocalStorage lost it. */
  readonly log: Logger
  /** A copy of the context's fields. */
  fields(): Fields
  /** Runs a function in its context. */
  run<T>(fn: () => T): T
  /** Binds a callback to its context. */
  bind<A extends unknown[], R>(fn: (...args: A) => R): (...args: A) => R
  /** Adds fields to its context, for every later line and the completion line. */
  set(fields: object): void
  /** Keeps all its lines, whatever the sampling. */
  keep(reason: string): void
  /** Ends it, once: writes its last line and the lines it holds, or drops and counts them. */
  end(outcome: OperationOutcome): void
  /** Whether `end` was called. */
  readonly ended: boolean
  /** The operation that it is a part of, whose outcome decides for both. */
  readonly parent: ActiveOperation | undefined
}
