import type { ClientRequest } from 'node:http'
import type { HeaderRecord } from '../outgoing/headers.js'

/**
 * Leaves the headers that were added out of what `getHeaders` tells. A client that follows redirects by itself may read there
 * what to send on (superagent does), and would carry the ids to where they are not allowed.
 */
export function hide(request: ClientRequest, added: HeaderRecord): void {
  // From a call, and no literal assigned to a property: see `emitInContext`.
  request.getHeaders = hiding(request.getHeaders.bind(request), added)
}

function hiding(getHeaders: ClientRequest['getHeaders'], added: HeaderRecord): ClientRequest['getHeaders'] {
  return () => {
    const headers = getHeaders()
    for (const [name, value] of Object.entries(added)) if (headers[name] === value) delete headers[name]
    return headers
  }
}
