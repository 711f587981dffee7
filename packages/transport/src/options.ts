import { resolve } from 'node:path'
import type { RetryOptions } from './backoff.js'
import type { Checker } from './checker.js'
import { type Auth, type Endpoint, endpointOf } from './endpoint.js'
import { checkSpool, type SpoolOptions } from './spool/options.js'
import type { TlsOptions } from './tls.js'

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

const TLS = ['ca', 'cert', 'key', 'passphrase', 'servername', 'rejectUnauthorized']

/**
 * The options of a transport, which may have more than these of its own.
 *
 * @throws TypeError naming the option, what was given, and what would be accepted.
 */
export function checkTransport(options: TransportOptions, check: Checker): CheckedTransport {
  const { tls } = options
  if (tls !== undefined) check.object('tls', tls, TLS)
  const spool = checkSpool(options.spool, check)
  const deadLetters = check.text('deadLetters', options.deadLetters)
  return {
    endpoint: endpointOf(
      check.url('url', options.url),
      check.headers('headers', options.headers),
      checkAuth(options.auth, check),
    ),
    tls,
    gzip: check.boolean('gzip', options.gzip, true),
    batch: checkBatch(options.batch ?? {}, check),
    queue: checkQueue(options.queue ?? {}, check),
    maxRequests: check.integer('maxRequests', options.maxRequests, 2, 1),
    timeoutMs: check.number('timeoutMs', options.timeoutMs, 10_000, 1),
    closeTimeoutMs: check.number('closeTimeoutMs', options.closeTimeoutMs, 5_000, 0),
    exitTimeoutMs: check.number('exitTimeoutMs', options.exitTimeoutMs, 2_000, 0),
    retry: checkRetry(options.retry ?? {}, check),
    spool,
    deadLetters: deadLetters === undefined ? spool && resolve(spool.dir, 'dead-letters.jsonl') : resolve(deadLetters),
    worker: check.boolean('worker', options.worker, true),
  }
}

function checkAuth(auth: Auth | undefined, check: Checker): Auth | undefined {
  if (auth === undefined) return undefined
  check.object('auth', auth, ['username', 'password', 'bearer'])
  const { username, password, bearer } = auth as Partial<Record<'username' | 'password' | 'bearer', string>>
  const isBasic = typeof username === 'string' && typeof password === 'string' && !username.includes(':')
  // What RFC 6750 lets a token be made of; anything else would end the header or begin another.
  const isBearer = typeof bearer === 'string' && /^[\w\-.~+/]+=*$/.test(bearer)
  if (isBasic === (bearer !== undefined) || (bearer !== undefined && !isBearer)) {
    throw check.refused('auth', auth, '{ username, password } with no colon in the name, or { bearer } with a token')
  }
  return auth
}

function checkBatch(batch: BatchOptions, check: Checker): Required<BatchOptions> {
  check.object('batch', batch, ['bytes', 'lines', 'ms'])
  return {
    bytes: check.integer('batch: { bytes }', batch.bytes, 1024 * 1024, 1024),
    lines: check.integer('batch: { lines }', batch.lines, 10_000, 1),
    ms: check.number('batch: { ms }', batch.ms, 1_000, 1),
  }
}

function checkQueue(queue: QueueOptions, check: Checker): Required<QueueOptions> {
  check.object('queue', queue, ['bytes', 'lines'])
  return {
    bytes: check.integer('queue: { bytes }', queue.bytes, 16 * 1024 * 1024, 1024),
    lines: check.integer('queue: { lines }', queue.lines, 200_000, 1),
  }
}

function checkRetry(retry: RetryOptions, check: Checker): Required<RetryOptions> {
  check.object('retry', retry, ['baseMs', 'maxMs'])
  return {
    baseMs: check.number('retry: { baseMs }', retry.baseMs, 500, 1),
    maxMs: check.number('retry: { maxMs }', retry.maxMs, 30_000, 1),
  }
}
