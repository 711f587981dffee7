import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { isReadPath, type Loki, type Read, TAIL_PATH } from '../loki/loki.js'
import { type Refusal, refusalOf, TAIL_PROTOCOL, Token } from './gate.js'
import { type Answer, json, newNonce, send, text } from './headers.js'
import type { StaticFile, StaticFiles } from './static-files.js'

/** A path of the explorer's own, beside Loki's. */
export type OwnRoute = (params: URLSearchParams, signal: AbortSignal) => Answer | Promise<Answer>

export interface Serving {
  readonly loki: Loki
  readonly files: StaticFiles
  readonly routes: Readonly<Record<string, OwnRoute>>
  /** 0 for any that is free. */
  readonly port: number
}

/** A server on loopback: the page, which anybody on this machine may load, and the API, for whom the token was shown to. */
export class ExplorerServer {
  readonly token = new Token()
  private readonly server: Server
  private readonly sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 4096,
    handleProtocols: (protocols) => (protocols.has(TAIL_PROTOCOL) ? TAIL_PROTOCOL : false),
  })
  private readonly over = new AbortController()

  constructor(private readonly serving: Serving) {
    this.server = createServer((request, response) => void this.respond(request, response))
    this.server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head))
  }

  /** @throws when the port is taken. */
  async listen(): Promise<void> {
    this.server.listen(this.serving.port, '127.0.0.1')
    await once(this.server, 'listening')
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  /** The address that opens the page, the token in its fragment, which a browser sends nowhere. */
  get address(): string {
    return `http://127.0.0.1:${this.port}/#token=${this.token.text}`
  }

  async close(): Promise<void> {
    this.over.abort()
    for (const socket of this.sockets.clients) socket.terminate()
    this.server.closeAllConnections()
    if (!this.server.listening) return
    this.server.close()
    await once(this.server, 'close')
  }

  private async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request)
    const file = this.serving.files.get(path)
    const refusal = refusalOf(request, file !== undefined) ?? this.unknown(request, file)
    if (refusal !== undefined) send(response, refused(refusal))
    else if (file !== undefined) sendFile(response, file)
    else await this.respondApi(path, request, response)
  }

  private async respondApi(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    const answer = await this.answer({ path, params: paramsOf(request), flags: flagsOf(request) }, gone.signal)
    if (!gone.signal.aborted) send(response, answer)
  }

  private unknown(request: IncomingMessage, file?: StaticFile): Refusal | undefined {
    if (file !== undefined || this.token.isIn(request)) return undefined
    return { status: 401, reason: 'open the address that the command printed' }
  }

  private async answer(read: Read, signal: AbortSignal): Promise<Answer> {
    const { path, params } = read
    try {
      if (isReadPath(path)) return await this.serving.loki.answer(read, signal)
      const route = Object.hasOwn(this.serving.routes, path) ? this.serving.routes[path] : undefined
      if (route !== undefined) return await route(params, signal)
      return text(path === TAIL_PATH ? 'tail is a WebSocket' : 'not found', path === TAIL_PATH ? 400 : 404)
    } catch (error) {
      return text((error as Error).message, 500)
    }
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    const path = pathOf(request)
    const refusal = refusalOf(request, false) ?? this.unknown(request)
    if (refusal !== undefined) refuse(socket, refusal.status, refusal.reason)
    else if (path !== TAIL_PATH) refuse(socket, 404, 'not found')
    else this.acceptTail(request, socket, head)
  }

  private acceptTail(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.sockets.handleUpgrade(request, socket, head, (client) => {
      const gone = new AbortController()
      client.on('close', () => gone.abort())
      client.on('error', () => client.terminate())
      const signal = AbortSignal.any([gone.signal, this.over.signal])
      this.serving.loki
        .tail(paramsOf(request), (message) => client.send(message), signal)
        .then(() => client.close())
        // RFC 6455: a reason has at most 123 bytes.
        .catch((error: Error) => client.close(1008, Buffer.from(error.message).subarray(0, 120).toString()))
    })
  }
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? ''
}

function paramsOf({ url = '' }: IncomingMessage): URLSearchParams {
  const question = url.indexOf('?')
  return new URLSearchParams(question === -1 ? '' : url.slice(question + 1))
}

function refused({ status, reason }: Refusal): Answer {
  return json({ status: 'error', error: reason }, status)
}

function refuse(socket: Duplex, status: number, reason: string): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-type: text/plain\r\n\r\n${reason}\n`)
}

function sendFile(response: ServerResponse, { type, body }: StaticFile): void {
  const nonce = newNonce()
  const content = type.startsWith('text/html') ? body.toString().replaceAll('__NONCE__', nonce) : body
  send(response, { status: 200, type, body: content }, nonce)
}

function flagsOf({ headers }: IncomingMessage): string | undefined {
  const flags = headers['x-loki-response-encoding-flags']
  return typeof flags === 'string' ? flags : undefined
}
