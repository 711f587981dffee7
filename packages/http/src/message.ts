import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'

/** A request of HTTP/1 or HTTP/2. */
export type AnyRequest = IncomingMessage | Http2ServerRequest
/** A response of HTTP/1 or HTTP/2. */
export type AnyResponse = ServerResponse | Http2ServerResponse

/** Whether a response is one of HTTP/2, whose stream knows what its compatibility layer does not tell. */
export function isHttp2(res: AnyResponse): res is Http2ServerResponse {
  return 'stream' in res && res.stream !== undefined
}

/** How often a header was sent. `headers` joins repeated ones, so the raw list has to be asked. */
export function timesSent(req: AnyRequest, name: string): number {
  let times = 0
  for (let i = 0; i < req.rawHeaders.length; i += 2) if (req.rawHeaders[i]?.toLowerCase() === name) times++
  return times
}
