import { context, type Logger } from 'throughline'
import { emitInContext } from './emit-in-context.js'
import type { Exchange } from './exchange.js'
import { failureFields } from './failure.js'
import type { Identity } from './identity.js'
import type { RequestLife } from './request-life.js'

/** A request that gets no lines of its own. What the application logs in it bears its ids, and its errors are told. */
export class IgnoredRequest implements RequestLife {
  readonly id: string
  readonly run: <T>(fn: () => T) => T

  constructor(
    readonly log: Logger,
    { req, res }: Exchange,
    identity: Identity,
  ) {
    this.id = identity.requestId
    this.run = context.run(identity.fields, () => context.bind((fn) => fn())) as <T>(fn: () => T) => T
    emitInContext(req, this)
    emitInContext(res, this)
  }

  fail(error: unknown): void {
    this.run(() => this.log.error('Request failed', failureFields(error)))
  }
}
