import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import * as forExpress from '@throughline/express'
import { type FastifyRequestLoggingOptions, requestLogger as fastifyLogger, fastifyOptions } from '@throughline/fastify'
import { type RequestLoggingOptions, withRequestLogging } from '@throughline/http'
import express from 'express'
import express4 from 'express-4'
import fastify from 'fastify'
import { createLogger, type Logger, type LoggerOptions, memory } from 'throughline'
import { afterEach } from 'vitest'

export type Line = Record<string, unknown>
export type Options = RequestLoggingOptions<never, never>
/** A handler that every framework can be given. */
export type Handler = (req: IncomingMessage & { log: Logger; id: string }, res: ServerResponse) => unknown

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** Has something undone at the end of the test. */
export function onEnd(cleanup: () => unknown): void {
  cleanups.push(cleanup)
}

/** A logger into memory, with what one asks of its lines. */
export class Recorder {
  readonly destination = memory()
  readonly log: Logger

  constructor(options: LoggerOptions = {}) {
    this.log = createLogger({ service: 'test', level: 'trace', env: {}, destination: this.destination, ...options })
  }

  lines(message?: string): readonly Line[] {
    return this.destination.records.filter((line) => message === undefined || line.message === message)
  }

  messages(): readonly unknown[] {
    return this.lines().map(({ message }) => message)
  }

  /** The completion lines, once there are so many, and time for one too many. */
  async ends(count = 1): Promise<readonly Line[]> {
    // By their text: parsing thousands of lines at each look would cost more than the requests.
    const isEnd = (line: string) => /"message":"Request (completed|aborted)"/.test(line)
    while (this.destination.lines.filter(isEnd).length < count) await delay(3)
    await delay(15)
    return this.destination.lines.filter(isEnd).map((line) => JSON.parse(line) as Line)
  }

  /** The one completion line, and a check that the start line goes with it. */
  async end(): Promise<Line> {
    const ends = await this.ends()
    const starts = this.lines('Request started')
    const [end] = ends
    if (ends.length !== 1 || starts.length !== 1 || starts[0]?.request_id !== end?.request_id) {
      throw new Error(`no pair of lines: ${JSON.stringify(this.messages())}`)
    }
    return end as Line
  }

  async started(count = 1): Promise<void> {
    while (this.lines('Request started').length < count) await delay(2)
  }
}

export interface Running {
  readonly server: Server
  readonly port: number
  readonly url: string
}

export async function listen(server: Server): Promise<Running> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onEnd(() => {
    server.closeAllConnections?.()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { server, port, url: `http://127.0.0.1:${port}` }
}

/** Serves one handler for every path, in the way of each framework. */
export type Serve = (log: Logger, handler: Handler, options?: Options) => Promise<Running>

function serveExpress(create: typeof express): Serve {
  return (log, handler, options = {}) => {
    const app = create()
    app.use(forExpress.requestLogger(log, options as RequestLoggingOptions<forExpress.ExpressRequest, ServerResponse>))
    app.use((req, res) => {
      handler(req, res)
    })
    return listen(createServer(app))
  }
}

export const frameworks: Readonly<Record<string, Serve>> = {
  'node:http': (log, handler, options = {}) =>
    listen(createServer(withRequestLogging(log, handler as never, options) as never)),
  'Express 4': serveExpress(express4 as unknown as typeof express),
  'Express 5': serveExpress(express),
  Fastify: async (log, handler, options = {}) => {
    const { requestIdHeader, trustIncoming, generateId, traceIds, ...rest } = options
    const ids = Object.fromEntries(
      Object.entries({ requestIdHeader, trustIncoming, generateId, traceIds }).filter(
        ([, given]) => given !== undefined,
      ),
    )
    const app = fastify({ ...fastifyOptions(log, ids), forceCloseConnections: true })
    await app.register(fastifyLogger, rest as FastifyRequestLoggingOptions)
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, _payload, done) => done(null))
    app.all('/*', (request, reply) => {
      reply.hijack()
      handler(Object.assign(request.raw, { log: request.log as Logger, id: request.id }), reply.raw)
    })
    await app.ready()
    onEnd(() => app.close())
    return listen(app.server)
  },
}

/** A bare connection, for what no HTTP client does. */
export async function connection(port: number, text = ''): Promise<Socket & { readonly received: () => string }> {
  const socket = connect(port, '127.0.0.1')
  onEnd(() => socket.destroy())
  // A server that cuts the connection is what these tests are about.
  socket.on('error', () => {})
  let received = ''
  socket.on('data', (chunk) => {
    received += chunk
  })
  await new Promise((resolve) => socket.once('connect', resolve))
  if (text !== '') socket.write(text)
  return Object.assign(socket, { received: () => received })
}

/** A request as it goes over the wire. */
export function request(method: string, path: string, headers: readonly string[] = [], body = ''): string {
  return `${[`${method} ${path} HTTP/1.1`, 'Host: test', ...headers].join('\r\n')}\r\n\r\n${body}`
}

/** Waits until something holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(3)
}
