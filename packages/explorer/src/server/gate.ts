import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Why a request gets no answer. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 405 | 421
  readonly reason: string
}

const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i

/**
 * What every request has to pass, upgrades included, before anything of it is looked at. A page of another site can make a
 * browser send requests here: it can point its own name at 127.0.0.1 (DNS rebinding), which the Host header shows, or call
 * this address directly, which the Origin and Sec-Fetch-Site headers show.
 *
 * @param isPage A static file is asked for, which holds no log line: another site may link to it.
 */
export function refusalOf({ method, url, headers, rawHeaders }: IncomingMessage, isPage: boolean): Refusal | undefined {
  const { host = '', origin } = headers
  const hosts = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length
  // Any port: `ssh -L 9000:localhost:7000` makes it another one.
  if (hosts !== 1 || !LOOPBACK.test(host)) return { status: 421, reason: 'this server answers to localhost only' }
  if (url?.startsWith('/') !== true) return { status: 400, reason: 'the request target must be a path' }
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`)
    return { status: 403, reason: 'requests of other origins are refused' }
  if (isForeign(headers) && !(isPage && isNavigation(headers)))
    return { status: 403, reason: 'requests of other sites are refused' }
  if (method !== 'GET') return { status: 405, reason: 'only GET is answered' }
  return undefined
}

/** Fetch Metadata (W3C): `none` is an address that was typed. */
function isForeign({ 'sec-fetch-site': site }: IncomingMessage['headers']): boolean {
  return site !== undefined && site !== 'same-origin' && site !== 'none'
}

function isNavigation({ 'sec-fetch-mode': mode, 'sec-fetch-dest': dest }: IncomingMessage['headers']): boolean {
  return mode === 'navigate' && dest === 'document'
}

/** The protocol that the page's WebSocket speaks; the token stands beside it in `Sec-WebSocket-Protocol`. */
export const TAIL_PROTOCOL = 'throughline-tail'
const TOKEN_PROTOCOL = 'throughline-token.'

/** The one secret of a server's life. */
export class Token {
  /** 192 bits, in characters that a URL's fragment and a WebSocket protocol's name take as they are. */
  readonly text = randomBytes(24).toString('base64url')

  /** Whether a request has it: `Authorization: Bearer …`, or a WebSocket protocol, since a browser sets no header there. */
  isIn({ headers }: IncomingMessage): boolean {
    const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
    if (bearer !== undefined) return this.is(bearer)
    const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim())
    const given = protocols.find((protocol) => protocol.startsWith(TOKEN_PROTOCOL))
    return given !== undefined && this.is(given.slice(TOKEN_PROTOCOL.length))
  }

  private is(given: string): boolean {
    const [own, other] = [Buffer.from(this.text), Buffer.from(given)]
    return own.length === other.length && timingSafeEqual(own, other)
  }
}
