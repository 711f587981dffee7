import type { AsyncResource } from 'node:async_hooks'
import { EventEmitter } from 'node:events'
import { type ActiveOperation, currentOperation } from 'throughline'

/** The type of a request's asynchronous resource, for whoever looks at those. */
export const RESOURCE = 'THROUGHLINEREQUEST'

/** Where a request's events reach their listeners. */
export interface RequestScope {
  /**
   * Made in the request's context when it is first asked for: many a request's events all come from within it. To go back
   * by it costs a twentieth of entering the context anew (bench `express`).
   */
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

function emitWithin(emitter: EventEmitter, scope: RequestScope, noticed: Noticed | undefined): EventEmitter['emit'] {
  const { emit } = emitter
  const { operation } = scope
  // Node listens for its own ends, and needs no context for them.
  const ownFinish = emitter.listenerCount('finish')
  // Another's may want to hear of an event that has no listener.
  const isNodes = emit === EventEmitter.prototype.emit
  return function (this: EventEmitter, ...args) {
    const event = args[0]
    noticed?.(event)
    const listeners = emitter.listenerCount(event)
    // As most of Node's own events. An `error` that nobody hears is thrown.
    if (listeners === 0 && isNodes && event !== 'error') return false
    const isHeard = listeners > (event === 'finish' ? ownFinish : 0)
    // With nobody to hear it, entering would cost for nothing. And inside already, it would hide a context that the
    // application opened within.
    if (!isHeard || (operation !== undefined && currentOperation() === operation))
      return Reflect.apply(emit, this, args)
    return scope.resource.runInAsyncScope(emit, this, ...args)
  }
}
