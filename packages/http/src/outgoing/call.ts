import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks'
import { type Fields, LEVELS, type Logger } from 'throughline'
import { type ContextStore, currentStore, innerStore, OWN_TRACE, runInStore, TRACEPARENT } from 'throughline/internal'
import { failureFields } from './failure.js'
import { addHeaders, type Extended, headerIn } from './headers.js'
import { lineIds, type OutgoingIds, outgoingIds, type SentTrace } from './ids.js'
import { type CheckedOutgoing, OWN_TRAFFIC } from './options.js'
import { type Target, targetOf } from './target.js'

const MESSAGE = 'Outgoing request completed'
const SERVER_ERROR = 500
const CLIENT_ERROR = 400

/** The failed call whose error callback is running; used to detect retries. */
const failed = new AsyncLocalStorage<OutgoingCall | undefined>()
let hasFailed = false

/**
 * One call to another server, from the moment that the application makes it: the context of that moment, the headers that
 * go along, and one line when it is over. What a client's instrumentation tells it may come from anywhere, such as the
 * callbacks of a socket that another request opened.
 */
export class OutgoingCall {
  private readonly startedAt = performance.now()
  private readonly store: ContextStore | undefined = currentStore()
  /** Leads back to where the call was made, for a twentieth of what entering its context anew costs (bench `undici`). */
  private readonly origin = new AsyncResource('THROUGHLINECALL')
  private readonly log: Logger | undefined
  private ids: OutgoingIds | undefined
  /** The headers as they were handed on, and the trace in them where that is known better. */
  private headers: unknown
  private sent: SentTrace | undefined
  private attempt: number
  private redirects = -1
  private status: number | undefined
  private isCancelled = false
  private isFailed = false
  private ended = false
  private afterwards: (() => void) | undefined

  constructor(
    private readonly method: string,
    private target: Target,
    private readonly options: CheckedOutgoing,
  ) {
    this.log = options.log === false ? undefined : (options.log ?? this.store?.operation?.log)
    this.attempt = this.attemptAfter(hasFailed ? failed.getStore() : undefined)
  }

  /** Adds the ids to the call's headers, unless its server is not to have them. While that is unknown, it is asked later. */
  extend(headers: unknown): Extended {
    const { url } = this.target
    if (this.options === OWN_TRAFFIC) return { headers, added: {} }
    this.ids = outgoingIds(this.options.trace)
    const isSent = url === undefined || this.isSentTo(url)
    const extended = isSent ? addHeaders(headers, this.ids.headers) : { headers, added: {} }
    this.headers = extended.headers
    return extended
  }

  /** Says what went out in the end, where another instrumentation may have changed the headers. */
  sends(trace: SentTrace): void {
    this.sent = trace
  }

  /** Runs a callback of the application or of an interceptor in the context in which the call was made. */
  run<T>(fn: () => T): T {
    return this.origin.runInAsyncScope(hasFailed ? () => this.runAsFailed(fn) : fn)
  }

  /** What retries a call has to find it, and what does not must not find the one that this is a retry of. */
  private runAsFailed<T>(fn: () => T): T {
    const answered = this.isFailed ? this : undefined
    return failed.getStore() === answered ? fn() : failed.run(answered, fn)
  }

  /**
   * The request goes out on a connection: more than once where a client beneath retries it.
   *
   * @param redirects How many redirects were followed until here. One more of them is no other attempt.
   */
  started(redirects: number): void {
    if (this.redirects >= redirects) this.attempt++
    this.redirects = redirects
  }

  /** The head of a response came; 100 to 199 are not the answer yet. */
  responded(status: number): void {
    if (status < 200 && status !== 101) return
    this.status = status
    if (status >= CLIENT_ERROR) this.fails()
  }

  /**
   * Whether a server is to have the ids, when the client says where the call goes after all. The first one said is the
   * call's, if none was known.
   */
  goesTo(origin: string | URL): boolean {
    const { url } = targetOf(origin, '/')
    if (this.target.url === undefined) this.target = { ...this.target, url }
    return this.isSentTo(url)
  }

  /**
   * It is over. Only the first time counts.
   *
   * @param isCancelled The application gave it up. Not so by a deadline: then the server was too slow.
   */
  end(error?: unknown, isCancelled = false): void {
    if (this.ended) return
    this.ended = true
    this.isCancelled = isCancelled && !isDeadline(error)
    const isBad = (error !== undefined && !this.isCancelled) || (this.status ?? 0) >= SERVER_ERROR
    if (error !== undefined) this.fails()
    // Before the line: a warning keeps the operation too, but says less of why.
    if (isBad) this.store?.operation?.keep('downstream')
    this.report(isBad ? 'warn' : 'debug', error)
    this.afterwards?.()
  }

  /** Has a function called at the end. */
  whenOver(fn: () => void): void {
    this.afterwards = fn
  }

  private isSentTo(url: URL | undefined): boolean {
    const { isNarrowed, isAllowed } = this.options
    return !isNarrowed || (url !== undefined && isAllowed(url))
  }

  private fails(): void {
    this.isFailed = true
    hasFailed = true
  }

  private attemptAfter(before: OutgoingCall | undefined): number {
    if (before === undefined || before.method !== this.method || before.target.path !== this.target.path) return 1
    return before.target.url?.host === this.target.url?.host ? before.attempt + 1 : 1
  }

  /** Whether a line would be of use to anyone: most calls succeed, and DEBUG is most often off (`isLevelEnabled`, held lines). */
  private isHeard(log: Logger, level: 'debug' | 'warn'): boolean {
    const isEnabled = () => log.isLevelEnabled(level)
    return this.origin.runInAsyncScope(isEnabled) || this.store?.operation?.wantsBelowLevel(LEVELS[level]) === true
  }

  /** The line's place in the trace, where that is not the context's own. */
  private span(): Fields | undefined {
    const { ids, headers } = this
    if (ids === undefined) return undefined
    return lineIds(ids, this.sent ?? { traceparent: headerIn(headers, TRACEPARENT), own: headerIn(headers, OWN_TRACE) })
  }

  private report(level: 'debug' | 'warn', error: unknown): void {
    const { log, store } = this
    if (log === undefined || !this.isHeard(log, level)) return
    const { url, path, query } = this.target
    const fields = {
      method: this.method,
      host: url?.host,
      path,
      status_code: this.status,
      duration_ms: Math.round((performance.now() - this.startedAt) * 1000) / 1000,
      ...(this.attempt > 1 ? { attempt: this.attempt } : {}),
      ...(this.isCancelled ? { aborted: true } : {}),
      ...(error === undefined ? {} : failureFields(error, query)),
    }
    const span = this.span()
    // The line is the span's whose id went along, so that the next service's lines have a parent among the lines.
    runInStore(span === undefined ? store : innerStore(span, store), () => log[level](MESSAGE, fields))
  }
}

/** What `AbortSignal.timeout` brings: as it is, or as the cause of the client's own error, as in node:http. */
function isDeadline(error: unknown): boolean {
  const { name, cause } = (error ?? {}) as { readonly name?: unknown; readonly cause?: Partial<Error> | null }
  return name === 'TimeoutError' || cause?.name === 'TimeoutError'
}
