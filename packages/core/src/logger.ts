import type { TypedEvent } from './encode/event.js'
import type { Fields } from './encode/line.js'
import type { LevelName, LevelThreshold } from './levels/level.js'
import type { Stats } from './stats.js'

/**
 * One call, one line. The forms:
 *
 * ```ts
 * log.info('Fetching user', { user_id })                // message, fields
 * log.error('Database connection failed', error)        // message, error
 * log.error('Charge failed', error, { order_id })       // message, error, fields
 * log.error({ error, retry_attempt: 2 }, 'failed')      // fields, message
 * log.error(error)                                      // the error's own message; so does { error } or { err }
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
  /** A level of its own for this child and its children. One that is none is told on standard error and left out. */
  readonly level?: LevelThreshold | (string & {}) | undefined
  /** Called on fields of these names before they are encoded, as in pino and Fastify. */
  readonly serializers?: Serializers | undefined
}

/** Functions that make a field's value, by the field's name. */
export type Serializers = Readonly<Record<string, (value: never) => unknown>>

/** Writes lines. `createLogger` makes one, `child` another that shares its destination and its counters. */
export interface Logger {
  /** The finest steps, for one who follows the program. */
  readonly trace: LogMethod
  /** What helps to find a fault. */
  readonly debug: LogMethod
  /** What a service does in the ordinary run of things. */
  readonly info: LogMethod
  /** Something is wrong, and the service copes. By default on the descriptor before the call returns. */
  readonly warn: LogMethod
  /** Something failed. By default on the descriptor before the call returns. */
  readonly error: LogMethod
  /** The process cannot go on; it is for the caller to end it. By default on the descriptor before the call returns. */
  readonly fatal: LogMethod
  /**
   * A line that no level and no sampling keeps back, and that is on the descriptor before the call returns:
   * `"level":"INFO","log_type":"audit"`.
   */
  readonly audit: LogMethod
  /**
   * Writes an event that `defineEvent` of `throughline/event` has made, at the event's level: its name as `event`, its
   * message, and those of the fields that its schema lists.
   */
  emit<F extends object>(event: TypedEvent<F>, fields: NoInfer<F>): void
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
  /**
   * Runs a function as a unit of work (a job, a message, a cron run): with ids of its own or those of the context around
   * it, a line at its start and its end with `duration_ms`, sampled as a whole. What the function throws is logged as the
   * failure and thrown on.
   *
   * @returns what the function returns; when that is a promise, the operation ends with it.
   */
  operation<T>(name: string, fields: Fields, fn: (operation: ActiveOperation) => T): T
  /** The same with no fields of its own. */
  operation<T>(name: string, fn: (operation: ActiveOperation) => T): T
  /** An operation whose end is not a function's return: for adapters. Writes no line of its own before `end`. */
  begin(options: OperationOptions): ActiveOperation
  /** Resolves when every line so far is written. */
  flush(): Promise<void>
  /** The same before it returns, as far as the outside lets it. */
  flushSync(): void
  /** Writes what is there and lets go of the destination. For a root logger at the end of its life. */
  close(): Promise<void>
  /** What became of every line so far. */
  stats(): Stats
}

/** How an operation begins. */
export interface OperationOptions {
  /** What it is called in summaries and rules; `request` for an HTTP request. */
  readonly name: string
  /**
   * `request`: something that arrived from outside. It begins a thread of its own, whatever context the socket's callback
   * happens to run in. `operation` (default): a part of what is going on, whose ids it continues.
   */
  readonly kind?: 'operation' | 'request'
  /** Its context, on every line. `request_id`, `trace_id` and `span_id` are made when they are neither given nor inherited. */
  readonly fields?: Fields
  /** What sampling rules look at. */
  readonly method?: string
  /** The path of a request, without its query. */
  readonly path?: string
}

/** How an operation ended, and the line that says so. */
export interface OperationOutcome {
  /** The last line's message. */
  readonly message: string
  /** Its level. */
  readonly level: LevelName
  /** Its fields, beside the context. */
  readonly fields: Fields
  /** Whether it failed: then every line is kept. */
  readonly failed: boolean
  /** Whether its connection was cut. */
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
  /** A logger that belongs to it: its lines carry its context even where AsyncLocalStorage was lost on the way. */
  readonly log: Logger
  /** The context's fields now. A copy. */
  fields(): Fields
  /** Runs a function in its context. */
  run<T>(fn: () => T): T
  /** Ties a callback to its context. */
  bind<A extends unknown[], R>(fn: (...args: A) => R): (...args: A) => R
  /** Adds fields to its context, for every later line and the completion line. */
  set(fields: Fields): void
  /** Has it kept whole, whatever sampling says. */
  keep(reason: string): void
  /** Ends it, once: writes its last line and what it holds, or lets both go and counts them. */
  end(outcome: OperationOutcome): void
  /** Whether `end` was called. */
  readonly ended: boolean
  /** The operation that it is a part of, and whose outcome decides about both. */
  readonly parent: ActiveOperation | undefined
}
