import type { Fields } from 'throughline'
import { BoundedText } from 'throughline/internal'
import type { AnyRequest, AnyResponse } from './message.js'

/** A request and its response, as an adapter sees them through its framework. */
export interface Exchange {
  readonly req: AnyRequest
  readonly res: AnyResponse
  /** The target as the client sent it: `/users/42?full=1`. A framework may have rewritten `req.url`. */
  readonly url: string
  /** The client's address, by the framework's own rule about proxies. */
  readonly remoteAddress: string | undefined
  /** What the options' functions are called with: the framework's own request and response. */
  readonly given: readonly [req: unknown, res: unknown]
  /** The pattern of the route that took the request, asked when it is over, with the request's path. */
  route(path: string): string | undefined
  /** The body as the application parsed it, asked when the request is over. */
  body(): unknown
}

/** The origin of a target in absolute form (RFC 9112, 3.2.2), which may hold a password. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i

/** The target's path, without its query. */
export function pathOf(url: string): string {
  const target = url.startsWith('/') ? url : url.replace(ORIGIN, '')
  const end = target.indexOf('?')
  const path = end === -1 ? target : target.slice(0, end)
  return path === '' ? '/' : path
}

/** The query's parameters by name; one that stands several times is a list. */
export function queryOf(url: string): Fields | undefined {
  const start = url.indexOf('?')
  if (start === -1) return undefined
  const query: Record<string, unknown> = Object.create(null)
  const parameters = new URLSearchParams(url.slice(start))
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name)
    query[name] = values.length === 1 ? values[0] : values
  }
  return query
}

/** The headers of these names, in lower case, as they came. */
export function headersOf(req: AnyRequest, names: readonly string[]): Fields {
  const headers: Record<string, unknown> = Object.create(null)
  for (const name of names) if (req.headers[name] !== undefined) headers[name] = req.headers[name]
  return headers
}

/** A parsed body for the line; text is cut, bytes are only measured. */
export function bodyOf(body: unknown, received: number, maxBytes: number): unknown {
  if (body === undefined) return undefined
  if (received > maxBytes) return `[${received} bytes, not logged]`
  if (body instanceof Uint8Array) return `[${body.byteLength} bytes]`
  return typeof body === 'string' && body.length > maxBytes ? new BoundedText(body, maxBytes) : body
}
