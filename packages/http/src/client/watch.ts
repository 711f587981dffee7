import { errorMonitor } from 'node:events'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { OWN_TRACE, TRACEPARENT } from 'throughline/internal'
import type { OutgoingCall } from '../outgoing/call.js'

/**
 * Ends a call when its request is closed. It listens to nothing that changes what Node does: a listener for `response` would
 * keep it from reading away a body that nobody wants, and one for `error` from crashing where nobody handles it.
 */
export function watch(request: ClientRequest, call: OutgoingCall): void {
  let failure: Error | undefined
  request.once(errorMonitor, (error: Error) => {
    failure = error
  })
  request.once('close', () => {
    const { res: response } = request as { readonly res?: IncomingMessage | null }
    if (response?.statusCode !== undefined) call.responded(response.statusCode)
    if (request.hasHeader(TRACEPARENT) || request.hasHeader(OWN_TRACE))
      call.sends({ traceparent: request.getHeader(TRACEPARENT), own: request.getHeader(OWN_TRACE) })
    const error = failure ?? cutOff(response)
    if (error === undefined) call.end()
    else call.end(error, isCancelled(error, request))
  })
}

/** What a response lacks that is not complete. The upgraded one has no body to be complete. */
function cutOff(response: IncomingMessage | null | undefined): Error | undefined {
  if (response === null || response === undefined || response.complete || response.statusCode === 101) return undefined
  return response.errored ?? Object.assign(new Error('aborted'), { code: 'ECONNRESET' })
}

/**
 * Whether the application gave it up. Node has the same "socket hang up" for a request that was destroyed here and for one
 * whose server hung up; only in the second case has the connection itself come to an end or failed.
 */
function isCancelled(error: NodeJS.ErrnoException, request: ClientRequest): boolean {
  if (error.name === 'AbortError' || error.name === 'CanceledError') return true
  if (error.code !== 'ECONNRESET' || error.syscall !== undefined) return false
  const { socket } = request
  return socket === null || !(socket.readableEnded || socket.errored !== null)
}
