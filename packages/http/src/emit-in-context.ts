import type { EventEmitter } from 'node:events'
import { currentOperation } from 'throughline'

/** What a function can be run in. */
interface Scope {
  run<T>(fn: () => T): T
}

/**
 * Has every event of an emitter reach its listeners in a request's context.
 *
 * A request's `data` and `end` come from the connection's parser, which knows nothing of the request's context: a body
 * parser that goes on from them (multer, `req.on('end', next)`) would take the rest of the request out of it. All of them
 * go through `emit`, so this holds for any parser, placed anywhere. Binding listeners one by one, as `AsyncResource.bind`
 * does, needs every library's help.
 */
export function emitInContext(emitter: EventEmitter, scope: Scope): void {
  const { emit } = emitter
  emitter.emit = function (this: EventEmitter, ...args) {
    // Inside already: entering again would cost, and would hide a context that the application opened within. And with
    // nobody to hear it, as most of Node's own events, entering would cost for nothing.
    if (currentOperation() === scope || emitter.listenerCount(args[0]) === 0) return Reflect.apply(emit, this, args)
    return scope.run(() => Reflect.apply(emit, this, args))
  }
}
