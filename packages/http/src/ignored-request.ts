import { AsyncResource } from 'node:async_hooks'
import { context, type Logger } from 'throughline'
import { emitInContext, RESOURCE } from './emit-in-context.js'
import type { Exchange } from './exchange.js'
import { failureFields } from './failure.js'
import type { Identity } from './identity.js'
import type { RequestLife } from './request-life.js'

/** A request that gets no lines of its own. What the application logs in it bears its ids, and its errors are told. */
export class IgnoredRequest implements RequestLife {
  readonly id: string
  private readonly resource: AsyncResource

  constructor(
    readonly log: Logger,
    { req, res }: Exchange,
    identity: Identity,
  ) {
    this.id = identity.requestId
    this.resource = context.run(identity.fields, () => new AsyncResource(RESOURCE))
    const scope = { resource: this.resource, operation: undefined }
    emitInContext(req, scope)
    emitInContext(res, scope)
  }

  run<T>(fn: () => T): T {
    return this.resource.runInAsyncScope(fn)
  }

  fail(error: unknown): void {
    this.run(() => this.log.error('Request failed', failureFields(error)))
  }
}
