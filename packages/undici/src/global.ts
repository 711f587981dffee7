import { checkOutgoing, type OutgoingOptions } from '@throughline/http/outgoing'
import { type CorrelationInterceptor, interceptorOf } from './correlation.js'
import type { Dispatch } from './dispatch.js'

/**
 * Where the global dispatcher is kept: by undici 6 and 7 and Node up to 24 under the first symbol, by undici 8 and Node 26
 * under the second. Node 24 and 26 hold both. Reading them is all it takes: importing an undici of our own would put its
 * dispatcher in the place of Node's, and undici 8's breaks the `fetch` of Node 22 (nodejs/undici#5500).
 */
const SLOTS = [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')]

type Dispatcher = { readonly dispatch: Dispatch }
const slots = globalThis as unknown as Record<symbol, Dispatcher | undefined>

/** The dispatchers that were put in place, each with its undo; one list for every copy of this package. */
const INSTALLED = Symbol.for('throughline.undici.installed.1')
const registry = globalThis as { [INSTALLED]?: WeakMap<Dispatcher, () => void> }
registry[INSTALLED] ??= new WeakMap()
const installed = registry[INSTALLED]

/**
 * Does what `correlation` does for every call through the global dispatcher: the built-in `fetch`, and the global functions
 * of undici (`request`, `stream`, `fetch`) where they are given no dispatcher. Call it after importing undici and after
 * `setGlobalDispatcher`, which put a dispatcher in place. One that was correlated by it before stays as it is.
 *
 * @returns its undo. A dispatcher that somebody put in place since then stays there.
 * @throws TypeError naming the option that cannot be used; Error where there is no global dispatcher, in a Node that was
 *   started without `fetch`.
 */
export function installGlobal(options: OutgoingOptions = {}): () => void {
  const intercept = interceptorOf(checkOutgoing(options, 'installGlobal'))
  // Node makes its dispatcher when it loads its undici, which the first look at one of the globals does.
  void globalThis.Response
  const undos = new Set<() => void>()
  for (const slot of SLOTS) {
    const present = slots[slot]
    if (present !== undefined) undos.add(installed.get(present) ?? replace(present, intercept))
  }
  if (undos.size === 0) throw new Error('installGlobal: there is no global dispatcher, for there is no built-in fetch')
  return () => {
    for (const undo of undos) undo()
  }
}

/** Puts a correlated dispatcher in every slot that holds the original, and returns the undo. */
function replace(original: Dispatcher, intercept: CorrelationInterceptor): () => void {
  const direct = original.dispatch.bind(original)
  const correlated = intercept(direct)
  let isActive = true
  const replacement = standIn(original, (options, handler) => (isActive ? correlated : direct)(options, handler))
  exchange(original, replacement)
  const undo = () => {
    // Where somebody composed another dispatcher of this one, it stays in use and has to step aside.
    isActive = false
    exchange(replacement, original)
  }
  installed.set(replacement, undo)
  return undo
}

function exchange(present: Dispatcher, next: Dispatcher): void {
  for (const slot of SLOTS) if (slots[slot] === present) slots[slot] = next
}

/**
 * The dispatcher itself but for `dispatch`. What `compose` gives lacks some of it in undici 6 (a MockAgent's state, the
 * limits of a WebSocket), and cannot be closed in undici 7 and 8 where the class has private fields.
 */
function standIn(original: Dispatcher, dispatch: Dispatch): Dispatcher {
  return new Proxy(original, {
    get(target, key) {
      if (key === 'dispatch') return dispatch
      const value: unknown = Reflect.get(target, key)
      return (key === 'close' || key === 'destroy') && typeof value === 'function' ? value.bind(target) : value
    },
  })
}
