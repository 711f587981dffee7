import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

/** A request as a real server received it. */
export interface Received {
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly rawHeaders: readonly string[]
}

/** A real server on loopback that writes down what it receives, and answers as the path asks for. */
export class Loopback implements AsyncDisposable {
  readonly received: Received[] = []
  readonly origin: string
  private readonly upgraded: Socket[] = []
  private readonly failures = new Map<string, number>()

  private constructor(private readonly server: Server) {
    this.origin = originOf(server)
    server.on('request', (req, res) => {
      const url = req.url ?? ''
      this.received.push({ url, headers: req.headers, rawHeaders: req.rawHeaders })
      if (url === '/mirror') req.pipe(res)
      else req.resume().on('end', () => this.answer(new URL(url, this.origin), res))
    })
    server.on('upgrade', (_req, socket: Socket) => {
      this.upgraded.push(socket)
      socket
        .on('error', () => {})
        .write('HTTP/1.1 101 Switching Protocols\r\nupgrade: test\r\nconnection: upgrade\r\n\r\n')
    })
  }

  static async start(): Promise<Loopback> {
    return new Loopback(await listening(createServer()))
  }

  /** The value of one header of every request that came, in their order. */
  all(name: string): readonly (string | undefined)[] {
    return this.received.map(({ headers }) => headers[name] as string | undefined)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections()
    for (const socket of this.upgraded) socket.destroy()
    this.server.close()
    await once(this.server, 'close')
  }

  private answer(url: URL, res: ServerResponse): void {
    const [, what = '', argument = ''] = url.pathname.split('/')
    if (what === 'status') res.writeHead(Number(argument)).end(argument)
    else if (what === 'redirect') res.writeHead(302, { location: url.searchParams.get('to') ?? '/echo' }).end()
    else if (what === 'cut') res.writeHead(200, { 'content-length': 10 }).write('half', () => res.destroy())
    else if (what === 'flaky') res.writeHead(this.fails(url.href, Number(argument)) ? 503 : 200).end('flaky')
    else if (what === 'zeros') res.end(Buffer.alloc(Number(argument)))
    else if (what !== 'never') res.end('done')
  }

  private fails(what: string, times: number): boolean {
    const before = this.failures.get(what) ?? 0
    this.failures.set(what, before + 1)
    return before < times
  }
}

/** A real proxy: tunnels what `CONNECT` asks for. */
export async function proxy(): Promise<{ readonly origin: string; readonly tunnels: string[] } & AsyncDisposable> {
  const tunnels: string[] = []
  const sockets = new Set<Socket>()
  const server = await listening(createServer())
  server.on('connect', (req, client: Socket) => {
    tunnels.push(JSON.stringify(req.headers))
    const [host, port] = (req.url ?? '').split(':')
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      client.pipe(upstream).pipe(client)
    })
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => socket.destroy()))
  })
  return {
    origin: originOf(server),
    tunnels,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** An origin that refuses connections: its port was free a moment ago. */
export async function refusing(): Promise<string> {
  const server = await listening(createServer())
  const origin = originOf(server)
  server.close()
  await once(server, 'close')
  return origin
}

async function listening(server: Server): Promise<Server> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
