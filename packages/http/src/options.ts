import type { Fields, LevelName, Logger } from 'throughline'
import { checkOptions as check, type OptionChecker, refused } from 'throughline/internal'
import { type Guard, guardWith } from './guard.js'
import { compileIgnore, type IgnoreRule, type Ignores } from './ignore.js'

/** What every adapter takes. `Req` and `Res` are the framework's own. */
export interface RequestLoggingOptions<Req, Res> {
  /** The headers that may bring a request id, in the order they are tried. `x-request-id` by default. */
  readonly requestIdHeader?: string | readonly string[]
  /** The header that answers with the id; by default the first of `requestIdHeader`. `false`: none. */
  readonly responseHeader?: string | false
  /**
   * Whether a request id and a trace from outside are taken over. `true` by default; `false` at the edge of a network whose
   * clients must not choose ids.
   */
  readonly trustIncoming?: boolean | ((req: Req) => boolean)
  /**
   * Makes the id of a request that brings none: a ULID, an id with a prefix. By default a random UUID. An id that breaks the
   * rule for incoming ones (1 to 128 of `[A-Za-z0-9._+/=@:-]`) is replaced, and `request_id_rejected` says why.
   */
  readonly generateId?: (req: Req) => string
  /**
   * Where a request stands in the trace of a tracer that is not known here; called when the request begins. OpenTelemetry,
   * dd-trace, New Relic and Sentry are known by themselves. What it does not supply is as without it.
   */
  readonly traceIds?: () => TraceIds | undefined
  /** Whether there is a "Request started" line. `true` by default. */
  readonly logStart?: boolean
  /** The levels of the lines, where they differ from the defaults. */
  readonly levels?: Partial<RequestLevels>
  /** Requests without lines of their own, such as health checks. Their ids are still on every line they log. */
  readonly ignore?: IgnoreRule<Req> | readonly IgnoreRule<Req>[]
  /** Request headers to be logged under `headers`, by name. None by default. */
  readonly logHeaders?: readonly string[]
  /** Whether the query is logged under `query`, by parameter. `false` by default. */
  readonly logQuery?: boolean
  /**
   * Whether the request's body, as the application parsed it, is logged under `body`, redacted like any field. One of more
   * than `maxBytes` (4096 by default) as sent is only measured. `false` by default.
   */
  readonly logBody?: boolean | { readonly maxBytes: number }
  /** More fields for the completion line. */
  readonly customFields?: (req: Req, res: Res) => Fields
}

/** Ids for `trace_id` and `span_id`, each valid by the rule for incoming request ids. */
export interface TraceIds {
  /** The trace's id. */
  readonly trace_id?: string | undefined
  /** The id of the request's span. */
  readonly span_id?: string | undefined
}

/** The level of each kind of line. */
export interface RequestLevels {
  /** "Request started": `info`. */
  readonly started: LevelName
  /** Completed with a status below 400: `info`. */
  readonly completed: LevelName
  /** Completed with 4xx: `warn`. */
  readonly clientError: LevelName
  /** Completed with 5xx, or an error was thrown: `error`. */
  readonly serverError: LevelName
  /** The client went away, or the connection was cut: `warn`. */
  readonly aborted: LevelName
}

/** Options with their defaults, known to be usable. */
export interface Settings {
  readonly idHeaders: readonly string[]
  readonly responseHeader: string | false
  /** Whether a request's ids are taken over. */
  readonly trusts: boolean | ((given: unknown) => boolean)
  /** Makes the id of a request that brings none. */
  readonly generateId: ((given: unknown) => unknown) | undefined
  /** The trace's ids for the lines of a request. */
  readonly traceIds: (() => TraceIds | undefined) | undefined
  readonly logStart: boolean
  readonly levels: RequestLevels
  readonly ignores: Ignores | undefined
  readonly headers: readonly string[]
  readonly logQuery: boolean
  /** The most bytes of a body that is logged; -1 for none. */
  readonly maxBodyBytes: number
  /** More fields for the completion line. */
  readonly customFields: ((given: readonly [req: unknown, res: unknown]) => Fields | undefined) | undefined
  /** Calls what the application gave, and survives its throwing. */
  readonly guard: Guard
}

const DEFAULT_LEVELS: RequestLevels = {
  started: 'info',
  completed: 'info',
  clientError: 'warn',
  serverError: 'error',
  aborted: 'warn',
}
const LEVEL_NAMES = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
const DEFAULT_BODY_BYTES = 4096
/** A field name of HTTP: RFC 9110's `token`. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

const KNOWN = [
  'requestIdHeader',
  'responseHeader',
  'trustIncoming',
  'generateId',
  'traceIds',
  'logStart',
  'levels',
  'ignore',
  'logHeaders',
  'logQuery',
  'logBody',
  'customFields',
] as const

/**
 * Checks what an adapter was given.
 *
 * @param call How the function is called whose options they are, for the errors: `requestLogger(log, options)`.
 * @param log Where a function among the options that throws is reported.
 * @param own The names of options that the adapter itself adds.
 * @throws TypeError naming the option, the type given and what is accepted; for an unknown option too.
 */
export function checkOptions<Req, Res>(
  call: string,
  log: Logger,
  options: RequestLoggingOptions<Req, Res>,
  own: readonly string[] = [],
): Settings {
  const known = [...KNOWN, ...own] as readonly (typeof KNOWN)[number][]
  const checker = check(call, options, known)
  const trusts = checker.check('trustIncoming', isTrust, 'true, false or a function') ?? true
  const generateId = checker.function('generateId')
  const rules = [checker.check('ignore', isIgnore, 'a path, a glob, a function, or an array of them') ?? []].flat()
  const customFields = checker.function('customFields')
  return {
    ...checkHeaders(checker),
    trusts: typeof trusts === 'function' ? (given) => trusts(given as Req) === true : trusts,
    generateId: generateId && ((given) => generateId(given as Req)),
    traceIds: checker.function('traceIds'),
    logStart: checker.boolean('logStart', true),
    levels: checkLevels(checker),
    ignores: rules.length === 0 ? undefined : compileIgnore(rules as readonly IgnoreRule<Req>[]),
    headers: (checker.check('logHeaders', isHeaderList, 'an array of header names') ?? []).map((name) =>
      name.toLowerCase(),
    ),
    logQuery: checker.boolean('logQuery', false),
    maxBodyBytes: checkBody(checker),
    customFields: customFields && (([req, res]) => customFields(req as Req, res as Res)),
    guard: guardWith(log),
  }
}

type Checker<Req, Res> = OptionChecker<RequestLoggingOptions<Req, Res>>

function isTrust(value: unknown): boolean {
  return typeof value === 'boolean' || typeof value === 'function'
}

function isIgnore(value: unknown): boolean {
  return [value].flat().every((rule) => typeof rule === 'function' || (typeof rule === 'string' && rule !== ''))
}

function checkHeaders<Req, Res>(checker: Checker<Req, Res>): Pick<Settings, 'idHeaders' | 'responseHeader'> {
  const accepted = 'a header name, or an array of them'
  const isNames = (value: unknown) => isHeader(value) || (isHeaderList(value) && value.length > 0)
  const names = [checker.check('requestIdHeader', isNames, accepted) ?? 'x-request-id'].flat()
  const answer = checker.check(
    'responseHeader',
    (value) => value === false || isHeader(value),
    'a header name, or false',
  )
  return { idHeaders: names.map((name) => name.toLowerCase()), responseHeader: answer ?? (names[0] as string) }
}

function checkLevels<Req, Res>(checker: Checker<Req, Res>): RequestLevels {
  const kinds = Object.keys(DEFAULT_LEVELS) as (keyof RequestLevels)[]
  const levels = checker.nested('levels', kinds)
  for (const kind of kinds) levels.oneOf(kind, LEVEL_NAMES, undefined)
  return { ...DEFAULT_LEVELS, ...levels.given }
}

function checkBody<Req, Res>(checker: Checker<Req, Res>): number {
  const accepted = 'true, false or { maxBytes } with a whole number from 1'
  const logBody = checker.check('logBody', isBodyLimit, accepted) ?? false
  if (typeof logBody === 'object') return logBody.maxBytes
  return logBody ? DEFAULT_BODY_BYTES : -1
}

function isBodyLimit(value: unknown): boolean {
  if (typeof value === 'boolean') return true
  const { maxBytes } = (value ?? {}) as { readonly maxBytes?: unknown }
  return Number.isInteger(maxBytes) && (maxBytes as number) >= 1
}

/** @throws TypeError when it is not a logger of this library, in which a request could begin. */
export function checkLogger(call: string, log: unknown): asserts log is Logger {
  if (!isLogger(log)) throw refused(call, log, 'a logger made by createLogger')
}

/** Whether this is a logger of ours. */
export function isLogger(log: unknown): log is Logger {
  return typeof (log as Partial<Logger> | null | undefined)?.begin === 'function'
}

function isHeader(value: unknown): value is string {
  return typeof value === 'string' && TOKEN.test(value)
}

function isHeaderList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isHeader)
}
