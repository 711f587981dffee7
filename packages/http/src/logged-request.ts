import type { ActiveOperation, Fields, LevelName, Logger } from 'throughline'
import { type ByteCount, countBytes } from './byte-count.js'
import { watchConnection } from './connection.js'
import { emitInContext } from './emit-in-context.js'
import { bodyOf, type Exchange, headersOf, pathOf, queryOf } from './exchange.js'
import { failureFields } from './failure.js'
import type { Identity } from './identity.js'
import { remember } from './note-error.js'
import type { Settings } from './options.js'
import { type Ending, endingOf, isConsequence, levelOf } from './outcome.js'
import type { RequestLife } from './request-life.js'
import { watchUpgrade } from './upgrade-status.js'

/** Set by Node when the connection was handed to a listener of `upgrade`; missing in its types. */
type UpgradableRequest = Exchange['req'] & { readonly upgrade?: boolean }

/** A request with a line at its start and one at its end, whatever that end is. */
export class LoggedRequest implements RequestLife {
  readonly id: string
  readonly log: Logger
  private readonly operation: ActiveOperation
  private readonly startedAt = performance.now()
  /** What is known from the start, and on both lines. */
  private readonly facts: Fields
  private readonly bytes: ByteCount
  private readonly upgradeStatus: (() => number | undefined) | undefined
  private readonly unwatch: () => void
  private error: unknown
  private hasFinished = false
  private hasAborted = false

  constructor(
    log: Logger,
    private readonly settings: Settings,
    private readonly exchange: Exchange,
    identity: Identity,
  ) {
    const { req, res, url } = exchange
    const method = req.method ?? ''
    const path = pathOf(url)
    this.id = identity.requestId
    this.facts = factsOf(exchange, settings, identity)
    this.operation = log.begin({ name: 'request', kind: 'request', fields: identity.fields, method, path })
    remember(this.operation, this)
    this.log = this.operation.log
    this.bytes = countBytes(req, res)
    emitInContext(req, this.operation)
    emitInContext(res, this.operation)
    if ((req as UpgradableRequest).upgrade === true) {
      this.upgradeStatus = watchUpgrade(req.socket)
      // From now on the connection is this request's alone.
      emitInContext(req.socket, this.operation)
    }
    res.once('finish', () => {
      this.hasFinished = true
    })
    res.once('close', () => this.close())
    this.unwatch = watchConnection(req.socket, () => this.close())
    if (settings.logStart) this.log[settings.levels.started]('Request started', this.facts)
  }

  run<T>(fn: () => T): T {
    return this.operation.run(fn)
  }

  fail(error: unknown): void {
    const failure = error ?? new Error(`${error} was thrown`)
    if (failure === this.error) return
    if (this.error === undefined && !this.operation.ended) this.error = failure
    // Too late for the completion line, or one more: nothing is lost but what a cut connection has said already.
    else if (!this.hasAborted || !isConsequence(failure)) {
      this.run(() => this.log.error('Request failed', { ...this.facts, ...failureFields(failure) }))
    }
  }

  /** The response has closed, or its connection has. Whichever comes first ends the request. */
  private close(): void {
    if (this.operation.ended) return
    this.unwatch()
    const { req, res } = this.exchange
    const ending = endingOf(req, res, this.hasFinished, this.upgradeStatus?.())
    this.hasAborted = ending.aborted
    this.error ??= ending.error
    const durationMs = Math.round((performance.now() - this.startedAt) * 1000) / 1000
    const level = levelOf(this.settings.levels, ending, this.error)
    const route = this.settings.guard('route', () => this.exchange.route(), undefined)
    this.operation.end({
      message: ending.aborted ? 'Request aborted' : 'Request completed',
      level,
      fields: this.completion(ending, route, durationMs),
      failed: isFailure(level),
      aborted: ending.aborted,
      durationMs,
      ...(ending.status === undefined ? {} : { status: ending.status }),
      ...(route === undefined ? {} : { route }),
    })
  }

  private completion(ending: Ending, route: string | undefined, durationMs: number): Fields {
    const { settings, exchange, bytes, error } = this
    const { status, aborted, abortedBy, code } = ending
    const body =
      settings.maxBodyBytes < 0
        ? undefined
        : settings.guard('logBody', () => bodyOf(exchange.body(), bytes.received, settings.maxBodyBytes), undefined)
    return {
      ...this.facts,
      route,
      status_code: status,
      response_time_ms: durationMs,
      request_bytes: bytes.received,
      response_bytes: bytes.sent,
      ...(aborted ? { aborted, aborted_by: abortedBy, error_code: code } : undefined),
      body,
      ...(error === undefined ? undefined : failureFields(error)),
      ...settings.guard('customFields', () => settings.customFields(exchange.given), undefined),
    }
  }
}

/** What sampling counts as a failure. */
function isFailure(level: LevelName): boolean {
  return level === 'error' || level === 'fatal'
}

function factsOf(exchange: Exchange, settings: Settings, identity: Identity): Fields {
  const { req, url } = exchange
  return {
    method: req.method,
    path: pathOf(url),
    user_agent: req.headers['user-agent'],
    remote_addr: exchange.remoteAddress,
    request_id_rejected: identity.rejected,
    query: settings.logQuery ? queryOf(url) : undefined,
    headers: settings.headers.length > 0 ? headersOf(req, settings.headers) : undefined,
  }
}
