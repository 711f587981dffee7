import { resolve } from 'node:path'
import type { OptionChecker } from 'throughline/internal'
import type { RetryOptions } from './backoff.js'
import { checkHeaders, checkUrl } from './check-endpoint.js'
import { type Auth, type Endpoint, endpointOf } from './endpoint.js'
import { checkSpool, type SpoolOptions } from './spool/options.js'
import type { TlsOptions } from './tls.js'
import { isToken } from './token.js'

/** When lines become a request: at the first of these. */
export interface BatchOptions {
  /** UTF-16 units of text; 1 MiB by default. */
  readonly bytes?: number
  /** 10,000 by default. */
  readonly lines?: number
  /** Milliseconds that a line waits for others; 1,000 by default. */
  readonly ms?: number
}

/** What may wait in memory. Over it the lowest level goes first. */
export interface QueueOptions {
  /** UTF-16 units of text; 16 MiB by default. */
  readonly bytes?: number
  /** 200,000 by default. */
  readonly lines?: number
}

/** What every remote transport takes. */
export interface TransportOptions {
  /** The whole address. Credentials in it are taken out, and sent as basic authentication. */
  readonly url: string | URL
  /** Sent with each request. Their values are kept out of every message. */
  readonly headers?: Readonly<Record<string, string>>
  /** Wins over credentials in the address. */
  readonly auth?: Auth
  /** The system's authorities and no client certificate by default. */
  readonly tls?: TlsOptions
  /** Whether requests are compressed; `true` by default. */
  readonly gzip?: boolean
  /** When lines become a request. */
  readonly batch?: BatchOptions
  /** What may wait in memory. */
  readonly queue?: QueueOptions
  /** Requests under way at the same time; 2 by default. */
  readonly maxRequests?: number
  /** What one request may take, in milliseconds; 10,000 by default. */
  readonly timeoutMs?: number
  /** How long `close()` waits for the store, in milliseconds; 5,000 by default. */
  readonly closeTimeoutMs?: number
  /** How long the end of the process is held up to send what waits, in milliseconds; 2,000 by default, 0 for not at all. */
  readonly exitTimeoutMs?: number
  /** The waits between attempts. There is no last attempt: what is bounded is the queue and the spool. */
  readonly retry?: RetryOptions
  /** Puts lines on disk before the network is tried, where a killed process leaves them to the next. None by default. */
  readonly spool?: SpoolOptions
  /**
   * The file for what the store refuses for good, with its words; `dead-letters.jsonl` in the spool's folder by default,
   * none without a spool.
   */
  readonly deadLetters?: string
  /** Whether request bodies are made in a worker thread; `true` by default. */
  readonly worker?: boolean
}

/** Options with their defaults, each known to be usable. */
export interface CheckedTransport {
  readonly endpoint: Endpoint
  readonly tls: TlsOptions | undefined
  readonly gzip: boolean
  readonly batch: Required<BatchOptions>
  readonly queue: Required<QueueOptions>
  readonly maxRequests: number
  readonly timeoutMs: number
  readonly closeTimeoutMs: number
  readonly exitTimeoutMs: number
  readonly retry: Required<RetryOptions>
  readonly spool: Required<SpoolOptions> | undefined
  readonly deadLetters: string | undefined
  readonly worker: boolean
}

/** The names of the options that every transport takes. */
export const TRANSPORT_OPTIONS = [
  'url',
  'headers',
  'auth',
  'tls',
  'gzip',
  'batch',
  'queue',
  'maxRequests',
  'timeoutMs',
  'closeTimeoutMs',
  'exitTimeoutMs',
  'retry',
  'spool',
  'deadLetters',
  'worker',
] as const satisfies readonly (keyof TransportOptions)[]

const ACCEPTED_AUTH =
  '{ username, password } with no colon in the name, { bearer } with a token or a function that returns one, or { bearerFile }'
const TLS = ['ca', 'cert', 'key', 'passphrase', 'servername', 'rejectUnauthorized'] as const

/**
 * The options of a transport, which may have more than these of its own.
 *
 * @throws TypeError naming the option, what was given, and what would be accepted.
 */
export function checkTransport(check: OptionChecker<Partial<TransportOptions>>): CheckedTransport {
  const { url, headers, tls } = check.given
  const spool = checkSpool(check)
  const deadLetters = check.string('deadLetters', "a file's path")
  return {
    endpoint: endpointOf(
      checkUrl('url', url, check.refused),
      checkHeaders('headers', headers, check.refused),
      checkAuth(check),
    ),
    tls: tls === undefined ? undefined : { ...check.nested('tls', TLS).given },
    gzip: check.boolean('gzip', true),
    batch: checkBatch(check.nested('batch', ['bytes', 'lines', 'ms'])),
    queue: checkQueue(check.nested('queue', ['bytes', 'lines'])),
    maxRequests: check.number('maxRequests', 2, { least: 1, whole: true }),
    timeoutMs: check.number('timeoutMs', 10_000, { least: 1 }),
    closeTimeoutMs: check.number('closeTimeoutMs', 5_000, { least: 0 }),
    exitTimeoutMs: check.number('exitTimeoutMs', 2_000, { least: 0 }),
    retry: checkRetry(check.nested('retry', ['baseMs', 'maxMs'])),
    spool,
    deadLetters: deadLetters === undefined ? spool && resolve(spool.dir, 'dead-letters.jsonl') : resolve(deadLetters),
    worker: check.boolean('worker', true),
  }
}

function checkAuth(check: OptionChecker<Partial<TransportOptions>>): Auth | undefined {
  if (check.given.auth === undefined) return undefined
  const { given: auth } = check.nested('auth', ['username', 'password', 'bearer', 'bearerFile'] as never)
  const { username, password, bearer, bearerFile } = auth as Partial<Record<string, unknown>>
  const isBasic = typeof username === 'string' && typeof password === 'string' && !username.includes(':')
  const isBearer = isToken(bearer) || typeof bearer === 'function'
  const isFile = typeof bearerFile === 'string' && bearerFile !== ''
  const names = Object.keys(auth).sort().join()
  const isOne =
    (isBasic && names === 'password,username') || (isBearer && names === 'bearer') || (isFile && names === 'bearerFile')
  if (!isOne) throw check.refused('auth', auth, ACCEPTED_AUTH)
  return auth as Auth
}

function checkBatch(check: OptionChecker<BatchOptions>): Required<BatchOptions> {
  return {
    bytes: check.number('bytes', 1024 * 1024, { least: 1024, whole: true }),
    lines: check.number('lines', 10_000, { least: 1, whole: true }),
    ms: check.number('ms', 1_000, { least: 1 }),
  }
}

function checkQueue(check: OptionChecker<QueueOptions>): Required<QueueOptions> {
  return {
    bytes: check.number('bytes', 16 * 1024 * 1024, { least: 1024, whole: true }),
    lines: check.number('lines', 200_000, { least: 1, whole: true }),
  }
}

function checkRetry(check: OptionChecker<RetryOptions>): Required<RetryOptions> {
  return {
    baseMs: check.number('baseMs', 500, { least: 1 }),
    maxMs: check.number('maxMs', 30_000, { least: 1 }),
  }
}
