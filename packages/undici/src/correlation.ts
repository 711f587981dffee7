import {
  type CheckedOutgoing,
  checkOutgoing,
  OutgoingCall,
  type OutgoingOptions,
  OWN_TRAFFIC,
  targetOf,
} from '@throughline/http/outgoing'
import { isOwnTraffic } from 'throughline/internal'
import { CallbackHandler } from './callback-handler.js'
import { ControllerHandler } from './controller-handler.js'
import { CORRELATED, type ControllerHandlers, type Dispatch, type DispatchOptions, type Handler } from './dispatch.js'
import { Gate, isTraced } from './gate.js'

/**
 * An interceptor for `compose` of a dispatcher of undici 6, 7 or 8: it gives back a function of the type it was given.
 *
 * @typeParam D The type of undici's `dispatch`, which differs between its versions.
 */
export type CorrelationInterceptor = <D extends (options: never, handler: never) => boolean>(dispatch: D) => D

/**
 * An interceptor that sends the present context's ids with each call, and logs the call when it is over:
 * `agent.compose(correlation())`.
 *
 * The context is the one in force when the call is made, however long it waits for a connection. Redirects and retries keep
 * it, wherever in the composition their interceptors stand: beneath this one (before it in the list) they make one line in
 * all, above it one for each attempt.
 *
 * @throws TypeError naming the option that cannot be used.
 */
export function correlation(options: OutgoingOptions = {}): CorrelationInterceptor {
  return interceptorOf(checkOutgoing(options, 'correlation'))
}

export function interceptorOf(checked: CheckedOutgoing): CorrelationInterceptor {
  const intercept = (dispatch: Dispatch): Dispatch =>
    // `compose` counts the parameters: two, and none of them optional.
    function correlated(options, handler) {
      if (isForeign(options, handler)) return dispatch(options, handler)
      // Listened to all the same: a retry of it has to be known for what it is.
      return correlate(dispatch, options, handler, isOwnTraffic() ? OWN_TRAFFIC : checked)
    }
  return intercept as unknown as CorrelationInterceptor
}

/** What is not ours to touch: a proxy's tunnel, what is correlated already, and what undici will refuse. */
function isForeign(options: DispatchOptions, handler: Handler): boolean {
  if (typeof options !== 'object' || options === null || typeof handler !== 'object' || handler === null) return true
  const { method, path } = options
  if (typeof path !== 'string' || typeof method !== 'string' || method === 'CONNECT') return true
  return options[CORRELATED] === true
}

function correlate(dispatch: Dispatch, options: DispatchOptions, handler: Handler, checked: CheckedOutgoing): boolean {
  const { origin, method, path } = options
  const call = new OutgoingCall(method, targetOf(origin, path), checked)
  const { headers, added } = call.extend(options.headers)
  const gate = checked.isNarrowed || origin === undefined || isTraced() ? new Gate(call, path, added) : undefined
  if (gate !== undefined) call.whenOver(() => gate.close())
  const listening = isController(handler) ? new ControllerHandler(handler, call) : new CallbackHandler(handler, call)
  const pass = () => dispatch({ ...options, headers, [CORRELATED]: true }, listening)
  try {
    return gate === undefined ? pass() : gate.pass(pass)
  } catch (error) {
    call.end(error)
    throw error
  }
}

/** undici's own way to tell the two interfaces apart. */
function isController(handler: Handler): handler is ControllerHandlers {
  return typeof (handler as Partial<ControllerHandlers>).onRequestStart === 'function'
}
