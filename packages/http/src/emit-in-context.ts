import type { AsyncResource } from 'node:async_hooks'
import type { EventEmitter } from 'node:events'
import { type ActiveOperation, currentOperation } from 'throughline'

/** The type of a request's asynchronous resource, for whoever looks at those. */
export const RESOURCE = 'THROUGHLINEREQUEST'

/** Where a request's events reach their listeners. */
export interface RequestScope {
  /** Made in the request's context. To go back into it costs a twentieth of entering it anew (bench `express`). */
  readonly resource: AsyncResource
  /** The request's operation, where it has one. */
  readonly operation: ActiveOperation | undefined
}

/**
 * Has every event of an emitter reach its listeners in a request's context.
 *
 * A request's `data` and `end` come from the connection's parser, which knows nothing of the request's context: a body
 * parser that goes on from them (multer, `req.on('end', next)`) would take the rest of the request out of it. All of them
 * go through `emit`, so this holds for any parser, placed anywhere. Binding listeners one by one, as `AsyncResource.bind`
 * does, needs every library's help.
 *
 * @param noticed Told of each event before its listeners, and without a listener's cost.
 */
export function emitInContext(emitter: EventEmitter, scope: RequestScope, noticed?: Noticed): void {
  // Returned by a call, and no function literal here: V8 takes one that is assigned to a property for a method that stays,
  // and allocates it among the old objects. Each would keep its whole request alive until the next full collection (bench
  // `express`: a third of the memory survived each scavenge, and a request cost up to twice as much).
  emitter.emit = emitWithin(emitter, scope, noticed)
}

type Noticed = (event: string | symbol) => void

function emitWithin(
  emitter: EventEmitter,
  { resource, operation }: RequestScope,
  noticed: Noticed | undefined,
): EventEmitter['emit'] {
  const { emit } = emitter
  // Node listens for its own ends, and needs no context for them.
  const ownFinish = emitter.listenerCount('finish')
  return function (this: EventEmitter, ...args) {
    const [event] = args
    noticed?.(event)
    const isHeard = emitter.listenerCount(event) > (event === 'finish' ? ownFinish : 0)
    // With nobody to hear it, as most of Node's own events, entering would cost for nothing. And inside already, it would
    // hide a context that the application opened within.
    if (!isHeard || (operation !== undefined && currentOperation() === operation))
      return Reflect.apply(emit, this, args)
    return resource.runInAsyncScope(emit, this, ...args)
  }
}
