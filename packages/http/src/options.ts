import type { Fields, LevelName, Logger } from 'throughline'
import { type Guard, guardWith } from './guard.js'
import { compileIgnore, type IgnoreRule, type Ignores } from './ignore.js'

/** What every adapter takes. `Req` and `Res` are the framework's own. */
export interface RequestLoggingOptions<Req, Res> {
  /** The headers that may bring a request id, in the order they are tried. `x-request-id` by default. */
  readonly requestIdHeader?: string | readonly string[]
  /** The header that answers with the id; by default the first of `requestIdHeader`. `false`: none. */
  readonly responseHeader?: string | false
  /**
   * Whether an id, a `traceparent` and a `tracestate` from outside are taken over. `true` by default; `false` at the edge of
   * a network whose clients must not choose ids.
   */
  readonly trustIncoming?: boolean | ((req: Req) => boolean)
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
const LEVEL_NAMES = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']
const DEFAULT_BODY_BYTES = 4096
/** A field name of HTTP: RFC 9110's `token`. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

const KNOWN = [
  'requestIdHeader',
  'responseHeader',
  'trustIncoming',
  'logStart',
  'levels',
  'ignore',
  'logHeaders',
  'logQuery',
  'logBody',
  'customFields',
]

/**
 * Checks what an adapter was given.
 *
 * @param caller The function whose options they are, for the errors.
 * @param log Where it is told that a function among the options threw.
 * @param own The names of options that the adapter itself adds.
 * @throws TypeError naming the option, the type given and what is accepted; for an unknown option too.
 */
export function checkOptions<Req, Res>(
  caller: string,
  log: Logger,
  options: RequestLoggingOptions<Req, Res>,
  own: readonly string[] = [],
): Settings {
  const refuse: Refuse = (option, value, accepted) => {
    throw refused(caller, option, value, accepted)
  }
  if (typeof options !== 'object' || options === null) refuse('options', options, 'an object')
  refuseUnknown(caller, '', Object.keys(options), [...KNOWN, ...own])
  const {
    trustIncoming = true,
    logStart = true,
    ignore = [],
    logQuery = false,
    logHeaders = [],
    customFields,
  } = options
  if (typeof trustIncoming !== 'boolean' && typeof trustIncoming !== 'function')
    refuse('trustIncoming', trustIncoming, 'true, false or a function')
  if (typeof logStart !== 'boolean') refuse('logStart', logStart, 'true or false')
  if (typeof logQuery !== 'boolean') refuse('logQuery', logQuery, 'true or false')
  if (!isHeaderList(logHeaders)) refuse('logHeaders', logHeaders, 'a list of header names')
  if (customFields !== undefined && typeof customFields !== 'function')
    refuse('customFields', customFields, 'a function')
  const rules = (Array.isArray(ignore) ? ignore : [ignore]) as readonly IgnoreRule<Req>[]
  if (!rules.every((rule) => typeof rule === 'function' || (typeof rule === 'string' && rule !== '')))
    refuse('ignore', ignore, 'a path, a glob, a function, or a list of them')
  return {
    ...checkHeaders(options, refuse),
    trusts: typeof trustIncoming === 'function' ? (given) => trustIncoming(given as Req) === true : trustIncoming,
    logStart,
    levels: checkLevels(caller, options.levels, refuse),
    ignores: rules.length === 0 ? undefined : compileIgnore(rules),
    headers: logHeaders.map((name) => name.toLowerCase()),
    logQuery,
    maxBodyBytes: checkBody(options.logBody, refuse),
    customFields: customFields === undefined ? undefined : ([req, res]) => customFields(req as Req, res as Res),
    guard: guardWith(log),
  }
}

type Refuse = (option: string, value: unknown, accepted: string) => never
type AnyOptions = RequestLoggingOptions<never, never>

function checkHeaders(
  { requestIdHeader = 'x-request-id', responseHeader }: Pick<AnyOptions, 'requestIdHeader' | 'responseHeader'>,
  refuse: Refuse,
): Pick<Settings, 'idHeaders' | 'responseHeader'> {
  const names = typeof requestIdHeader === 'string' ? [requestIdHeader] : requestIdHeader
  const first = isHeaderList(names) ? names[0] : undefined
  if (first === undefined) return refuse('requestIdHeader', requestIdHeader, 'a header name, or a list of them')
  const answer = responseHeader ?? first
  if (answer !== false && !isHeader(answer)) refuse('responseHeader', answer, 'a header name, or false')
  return { idHeaders: names.map((name) => name.toLowerCase()), responseHeader: answer }
}

function checkLevels(caller: string, levels: AnyOptions['levels'] = {}, refuse: Refuse): RequestLevels {
  if (typeof levels !== 'object' || levels === null) refuse('levels', levels, 'an object')
  refuseUnknown(caller, 'levels.', Object.keys(levels), Object.keys(DEFAULT_LEVELS))
  for (const [kind, level] of Object.entries(levels)) {
    if (!LEVEL_NAMES.includes(level as string)) refuse(`levels.${kind}`, level, LEVEL_NAMES.join(', '))
  }
  return { ...DEFAULT_LEVELS, ...levels }
}

function checkBody(logBody: AnyOptions['logBody'] = false, refuse: Refuse): number {
  if (logBody === false) return -1
  const maxBytes = logBody === true ? DEFAULT_BODY_BYTES : logBody?.maxBytes
  if (!Number.isInteger(maxBytes) || maxBytes < 1)
    refuse('logBody', logBody, 'true, false or { maxBytes } with a whole number from 1')
  return maxBytes
}

function refuseUnknown(caller: string, prefix: string, given: readonly string[], known: readonly string[]): void {
  const unknown = given.find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new TypeError(`${caller}: unknown option "${prefix}${unknown}"; accepted: ${known.join(', ')}`)
}

/** @throws TypeError when it is not a logger of this library, in which a request could begin. */
export function checkLogger(caller: string, log: unknown): asserts log is Logger {
  if (!isLogger(log)) throw refused(caller, 'log', log, 'a logger made by createLogger')
}

/** Whether this is a logger of ours. */
export function isLogger(log: unknown): log is Logger {
  return typeof (log as Partial<Logger> | null | undefined)?.begin === 'function'
}

/** The error for a value that cannot be used. It names the value's type, never the value. */
export function refused(caller: string, option: string, value: unknown, accepted: string): TypeError {
  const given =
    value === null ? 'null' : Array.isArray(value) ? 'an array' : value === '' ? 'an empty text' : typeof value
  return new TypeError(`${caller}: ${option}: got ${given}; accepted: ${accepted}`)
}

function isHeader(value: unknown): value is string {
  return typeof value === 'string' && TOKEN.test(value)
}

function isHeaderList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isHeader)
}
