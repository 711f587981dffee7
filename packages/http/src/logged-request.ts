import { AsyncResource } from 'node:async_hooks'
import type { ServerResponse } from 'node:http'
import type { ActiveOperation, Fields, LevelName, Logger } from 'throughline'
import { type ByteCount, bodyBytes, countBytes } from './byte-count.js'
import { type ConnectionWatcher, unwatchConnection, watchConnection } from './connection.js'
import { emitInContext, RESOURCE, type RequestScope } from './emit-in-context.js'
import { bodyOf, type Exchange, headersOf, queryOf } from './exchange.js'
import { failureFields } from './failure.js'
import type { Head } from './head.js'
import type { Identity } from './identity.js'
import { isHttp2 } from './message.js'
import type { Settings } from './options.js'
import { type Ending, endingOf, isConsequence, levelOf } from './outcome.js'
import { type RequestLife, remember } from './request-life.js'
import { watchUpgrade } from './upgrade-status.js'

/** Set by Node when the connection was handed to a listener of `upgrade`; missing in its types. */
type UpgradableRequest = Exchange['req'] & { readonly upgrade?: boolean }

/** A request with a line at its start and one at its end, whatever that end is. */
export class LoggedRequest implements RequestLife, RequestScope, ConnectionWatcher {
  readonly id: string
  readonly log: Logger
  readonly operation: ActiveOperation
  /** The way back in for what comes from outside, once something has. */
  private entrance: AsyncResource | undefined
  private readonly startedAt = performance.now()
  /** What is known from the start, and on both lines. */
  private readonly facts: Fields
  private readonly bytes: ByteCount
  private readonly upgradeStatus: (() => number | undefined) | undefined
  private readonly watchers: ConnectionWatcher[] | undefined
  /** Let go of at the end: a connection that is kept open keeps the last request's context, and with that this. */
  private exchange: Exchange | undefined
  private error: unknown
  /** Whether the error came after the head. */
  private isLate = false
  private isFlushed = false
  private hasAborted = false

  constructor(
    log: Logger,
    private readonly settings: Settings,
    exchange: Exchange,
    identity: Identity,
    private readonly path: string,
    private readonly head: Head,
  ) {
    const { req, res } = exchange
    this.exchange = exchange
    const method = req.method ?? ''
    this.id = identity.requestId
    this.facts = factsOf(exchange, settings, identity, method, path)
    this.operation = log.begin({ name: 'request', kind: 'request', fields: identity.fields, method, path })
    remember(this.operation, this)
    this.log = this.operation.log
    this.bytes = countBytes(req, res)
    emitInContext(req, this)
    emitInContext(res, this, (event) => this.noticed(event))
    if ((req as UpgradableRequest).upgrade === true) {
      this.upgradeStatus = watchUpgrade(req.socket)
      // From now on the connection is this request's alone.
      emitInContext(req.socket, this)
    }
    // A response that has its connection hears of its close; one that waits for its turn does not.
    if ((res as ServerResponse).socket === null || this.upgradeStatus !== undefined) {
      this.watchers = watchConnection(req.socket, this)
    }
    if (settings.logStart) this.log[settings.levels.started]('Request started', this.facts)
  }

  run<T>(fn: () => T): T {
    return this.operation.run(fn)
  }

  get resource(): AsyncResource {
    this.entrance ??= this.run(() => new AsyncResource(RESOURCE))
    return this.entrance
  }

  fail(error: unknown): void {
    const failure = error ?? new Error(`${error} was thrown`)
    if (failure === this.error) return
    if (this.error === undefined && !this.operation.ended) {
      this.error = failure
      this.isLate = this.exchange?.res.headersSent === true
    }
    // Too late for the completion line, or one more: nothing is lost but what a cut connection has said already.
    else if (!this.hasAborted || !isConsequence(failure)) {
      this.run(() => this.log.error('Request failed', { ...this.facts, ...failureFields(failure) }))
    }
  }

  connectionClosed(): void {
    this.close()
  }

  private noticed(event: string | symbol): void {
    if (event === 'finish') this.isFlushed = this.bytes.isFlushed || !isCut(this.exchange)
    else if (event !== 'close') return
    // What the application has given is called in the context that it was given for.
    else if (this.settings.customFields === undefined) this.close()
    else this.run(() => this.close())
  }

  /** The response has closed, or its connection has. Whichever comes first ends the request. */
  private close(): void {
    const { exchange } = this
    if (exchange === undefined) return
    this.exchange = undefined
    const { req, res } = exchange
    if (this.watchers !== undefined) unwatchConnection(this.watchers, this)
    const ending = endingOf(req, res, this.head, this.isFlushed, this.upgradeStatus?.())
    this.hasAborted = ending.aborted
    this.error ??= ending.error
    const durationMs = Math.round((performance.now() - this.startedAt) * 1000) / 1000
    const level = levelOf(this.settings.levels, ending, this.error, this.isLate)
    const route = this.settings.guard('route', () => exchange.route(this.path), undefined)
    this.operation.end({
      message: ending.aborted ? 'Request aborted' : 'Request completed',
      level,
      fields: this.completion(exchange, ending, route, durationMs),
      failed: isFailure(level),
      aborted: ending.aborted,
      durationMs,
      status: ending.status,
      route,
    })
  }

  private completion(exchange: Exchange, ending: Ending, route: string | undefined, durationMs: number): Fields {
    const { settings, bytes, error } = this
    const { status, aborted, abortedBy, code } = ending
    const body =
      settings.maxBodyBytes < 0
        ? undefined
        : settings.guard('logBody', () => bodyOf(exchange.body(), bytes.received, settings.maxBodyBytes), undefined)
    const fields: Record<string, unknown> = {
      ...this.facts,
      route,
      status_code: status,
      response_time_ms: durationMs,
      request_bytes: bytes.received,
      response_bytes: this.responseBytes(exchange, ending),
    }
    if (aborted) Object.assign(fields, { aborted, aborted_by: abortedBy, error_code: code })
    if (body !== undefined) fields.body = body
    if (error !== undefined) Object.assign(fields, failureFields(error))
    const { customFields } = settings
    if (customFields !== undefined) {
      Object.assign(
        fields,
        settings.guard('customFields', () => customFields(exchange.given), undefined),
      )
    }
    return fields
  }

  /** Of a response that was cut nobody here knows how much arrived. */
  private responseBytes({ req, res }: Exchange, { aborted, status }: Ending): number | undefined {
    const { bytes } = this
    if (aborted) return bytes.sent === 0 ? 0 : undefined
    // What was sent on HTTP/2's stream itself was not counted.
    if (status === undefined || (this.head.status === undefined && this.upgradeStatus === undefined)) return undefined
    return bodyBytes(req, res, status, bytes)
  }
}

/** Whether the connection was cut; a response that it had not taken whole emits `finish` all the same. */
function isCut(exchange: Exchange | undefined): boolean {
  return exchange !== undefined && !isHttp2(exchange.res) && exchange.req.socket.destroyed
}

/** What sampling counts as a failure. */
function isFailure(level: LevelName): boolean {
  return level === 'error' || level === 'fatal'
}

function factsOf(exchange: Exchange, settings: Settings, identity: Identity, method: string, path: string): Fields {
  const { req, url } = exchange
  const facts: Record<string, unknown> = {
    method,
    path,
    user_agent: req.headers['user-agent'],
    remote_addr: exchange.remoteAddress,
  }
  // What most requests do not have is no field at all: each one is walked twice (bench `express`).
  if (identity.rejected !== undefined) facts.request_id_rejected = identity.rejected
  if (settings.logQuery) facts.query = queryOf(url)
  if (settings.headers.length > 0) facts.headers = headersOf(req, settings.headers)
  return facts
}
