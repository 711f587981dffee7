import { once } from 'node:events'
import http, { type ClientRequest, type IncomingMessage, request as imported } from 'node:http'
import https from 'node:https'
import { createRequire } from 'node:module'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { context, createLogger, type Logger, type MemoryDestination, memory } from 'throughline'
import { ownTraffic } from 'throughline/internal'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { OutgoingOptions } from '../outgoing/options.js'
import { instrumentHttpClient } from './instrument-http-client.js'

const original = { request: http.request, get: http.get }
const server = http.createServer()
const received: IncomingMessage[] = []
let origin = ''
let lines: MemoryDestination
let log: Logger
let undo = () => {}

server.on('request', (req, res) => {
  received.push(req)
  const { pathname } = new URL(req.url ?? '', 'http://x')
  if (pathname === '/cut') res.writeHead(200, { 'content-length': 10 }).write('half', () => res.destroy())
  else if (pathname === '/hang-up') res.destroy()
  else if (pathname.startsWith('/status/')) res.writeHead(Number(pathname.slice(8))).end()
  else if (pathname === '/mirror') req.pipe(res)
  else if (pathname !== '/never') res.end('done')
})
server.on('upgrade', (_req, socket: Socket) => {
  socket.on('error', () => {}).end('HTTP/1.1 101 Switching Protocols\r\nupgrade: test\r\nconnection: upgrade\r\n\r\n')
})

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(() => {
  received.length = 0
  lines = memory()
  log = createLogger({ service: 'test', env: {}, level: 'debug', destination: lines })
})
afterEach(() => undo())
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

function install(options: OutgoingOptions = { log }): void {
  undo = instrumentHttpClient(options)
}

/** Waits for a request to be over, whatever came of it. */
async function over(request: ClientRequest): Promise<string> {
  const closed = new Promise((resolve) => request.once('close', resolve))
  const answer = await new Promise<IncomingMessage | undefined>((resolve) => {
    request.once('response', resolve).once('error', () => resolve(undefined))
  })
  const body = answer === undefined ? '' : await text(answer).catch(String)
  await closed
  return body
}

const ids = () => received.map(({ headers }) => headers['x-request-id'])
const pairs = (...list: readonly [string, string][]) => list
const inRequest = <T>(fn: () => T): T => context.run({ request_id: 'r-1' }, fn)

describe('instrumentHttpClient', () => {
  it('reaches every way to get at the functions, and gives back what was there', async () => {
    install()
    const required = createRequire(import.meta.url)('http') as typeof http
    await inRequest(async () => {
      await over(http.request(origin).end())
      await over(http.get(origin))
      await over(imported(origin).end())
      await over(required.get(origin))
    })
    expect(ids()).toEqual(['r-1', 'r-1', 'r-1', 'r-1'])
    expect(http.request).not.toBe(original.request)
    undo()
    expect([http.request, http.get]).toEqual([original.request, original.get])
    await inRequest(() => over(imported(origin).end()))
    expect(ids().at(-1)).toBeUndefined()
  })

  it('is done once, however often it is called', async () => {
    install()
    expect(instrumentHttpClient({ log })).toBe(undo)
    await inRequest(() => over(http.get(origin)))
    expect(lines.records).toHaveLength(1)
  })

  it('steps aside where its function was kept, and leaves what somebody put in its place', async () => {
    install()
    const kept = http.request
    const wrapped = ((...args: [string]) => kept(...args)) as typeof http.request
    http.request = wrapped
    undo()
    expect(http.request).toBe(wrapped)
    http.request = original.request
    await inRequest(() => over(kept(origin).end()))
    expect(ids()).toEqual([undefined])
  })

  it.each([
    ['a URL', () => http.get(new URL(`${origin}/echo?a=1`))],
    ['a text and a callback', () => http.get(`${origin}/echo?a=1`, () => {})],
    ['a URL and options', () => http.request(new URL(origin), { path: '/echo?a=1', method: 'GET' }).end()],
    ['options', () => http.get({ ...hostAndPort(), path: '/echo?a=1' })],
    ['options of url.parse', () => http.get({ ...hostAndPort(), protocol: 'http:', path: '/echo?a=1', auth: 'u:p' })],
    ['a URL of another realm', () => http.get(foreign(new URL(`${origin}/echo?a=1`)))],
  ])('reads %s as Node does', async (_, send) => {
    install()
    await inRequest(() => {
      const request = send()
      return request.listenerCount('response') > 0
        ? once(
            request.on('response', (res) => res.resume()),
            'close',
          )
        : over(request)
    })
    expect(ids()).toEqual(['r-1'])
    expect(received[0]?.url).toBe('/echo?a=1')
    expect(lines.records[0]).toMatchObject({
      host: new URL(origin).host,
      path: '/echo',
      method: 'GET',
      status_code: 200,
    })
    expect(lines.lines.join()).not.toContain('a=1')
  })
  /** As of another realm: with the getters of a URL, and not of our class. */
  const foreign = (url: URL): URL =>
    Object.create(new Proxy(url, { get: (target, key) => Reflect.get(target, key), getPrototypeOf: () => null }))
  const hostAndPort = () => ({ hostname: '127.0.0.1', port: new URL(origin).port })

  it.each([
    ['an object', { a: '1' }, { a: '1', 'X-Request-ID': 'mine' }],
    // With lists, Node leaves `host` to the caller.
    ['a flat list', ['host', 'x', 'a', '1'], ['host', 'x', 'a', '1', 'X-Request-ID', 'mine']],
    ['a list of pairs', pairs(['host', 'x'], ['a', '1']), pairs(['host', 'x'], ['a', '1'], ['X-Request-ID', 'mine'])],
  ])("adds to headers in %s, where the caller's own win", async (_, headers, withOwn) => {
    install()
    for (const given of [headers, withOwn]) {
      const frozen = Object.freeze({ headers: Object.freeze(given) }) as object
      await inRequest(() => over(http.get(`${origin}/echo`, frozen)))
    }
    expect(ids()).toEqual(['r-1', 'mine'])
    expect(received.map((req) => req.headers.a)).toEqual(['1', '1'])
  })

  it('logs the span that was sent, whoever wrote the header', async () => {
    install()
    const given = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
    const own = { trace_id: 'c'.repeat(32), span_id: 'd'.repeat(16) }
    const fields = context.extract({ 'throughline-trace': `${own.trace_id}-${own.span_id}` })
    const calls: (() => ClientRequest)[] = [
      () => http.get(origin, { headers: { TraceParent: given } }),
      () => http.get(origin, { headers: ['host', 'x', 'traceparent', given] }),
      // After the request was made, and after ours were added.
      () => {
        const request = http.request(origin)
        request.setHeader('traceparent', given)
        request.end()
        return request
      },
      () => http.get(origin, { headers: context.inject({}) as Record<string, string> }),
      () => http.get(origin),
      () => http.get(origin, { headers: ['host', 'x'] }),
    ]
    for (const call of calls) await context.run(fields, () => over(call()))
    const sent = received.map(({ headers }) => headers.traceparent ?? `00-${headers['throughline-trace']}`)
    expect(lines.records.map(({ trace_id, span_id }) => `00-${trace_id}-${span_id}`)).toEqual(
      sent.map((value) => String(value).slice(0, 52)),
    )
    expect(sent.slice(0, 3)).toEqual([given, given, given])
    expect(sent[3]).toBe(`00-${own.trace_id}-${fields.span_id}`)
    expect(lines.records.map(({ parent_span_id }) => parent_span_id)).toEqual([
      ...[undefined, undefined, undefined, own.span_id, fields.span_id, fields.span_id],
    ])
  })

  it('sends the ids of the call that waited, not of the one that frees the connection', async () => {
    install()
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    const requests = Array.from({ length: 50 }, (_, i) =>
      context.run({ request_id: `r-${i}` }, () => over(http.get(`${origin}/?id=r-${i}`, { agent }))),
    )
    await Promise.all(requests)
    expect(received).toHaveLength(50)
    expect(received.filter(({ url, headers }) => url !== `/?id=${headers['x-request-id']}`)).toEqual([])
    expect(lines.records.map(({ request_id }) => request_id).sort()).toEqual(ids().sort())
    agent.destroy()
  })

  it('sends the ids where they are allowed, and not to a tunnel', async () => {
    install({ to: ['elsewhere.example'] })
    await inRequest(() => over(http.get(origin)))
    undo()
    install()
    server.once('connect', (req, socket) => {
      received.push(req)
      socket.end('HTTP/1.1 400 no\r\n\r\n')
    })
    const tunnel = inRequest(() => http.request(origin, { method: 'CONNECT', path: 'a.example:443' }).end())
    await once(tunnel, 'connect')
    tunnel.destroy()
    expect(ids()).toEqual([undefined, undefined])
    expect(lines.records).toEqual([])
  })

  it('hides its own headers from whoever reads a request to send its headers on', async () => {
    install()
    const request = inRequest(() => http.get(origin, { headers: { 'X-Mine': '1' } }))
    expect(request.getHeaders()).toMatchObject({ 'x-mine': '1' })
    expect(request.getHeaders()).not.toHaveProperty('x-request-id')
    await over(request)
    expect(ids()).toEqual(['r-1'])
  })

  it("leaves logging's own traffic alone", async () => {
    install()
    await inRequest(() => ownTraffic(() => over(http.get(origin))))
    expect(ids()).toEqual([undefined])
    expect(lines.records).toEqual([])
  })

  it('has one line for each call, whatever came of it', async () => {
    install()
    const cases: readonly [() => ClientRequest, object][] = [
      [() => http.get(`${origin}/status/503`), { level: 'WARN', status_code: 503 }],
      [() => http.get(`${origin}/status/404`), { level: 'DEBUG', status_code: 404 }],
      [() => http.get(`${origin}/cut`), { level: 'WARN', status_code: 200, error_code: 'ECONNRESET' }],
      [() => http.get(`${origin}/hang-up`), { level: 'WARN', error: 'socket hang up' }],
      [() => http.get('http://127.0.0.1:1/'), { level: 'WARN', error_code: 'ECONNREFUSED', host: '127.0.0.1:1' }],
      [() => http.get(`${origin}/never`).setTimeout(5, deadline), { level: 'WARN', error: 'too slow' }],
      [
        () => http.get(`${origin}/never`, { signal: AbortSignal.timeout(5) }),
        { level: 'WARN', error_type: 'AbortError' },
      ],
      [() => http.get(`${origin}/never`).on('socket', destroyLater), { level: 'DEBUG', aborted: true }],
      [() => http.get(`${origin}/never`).destroy(), { level: 'DEBUG', aborted: true }],
    ]
    for (const [send, expected] of cases) {
      lines.clear()
      await inRequest(() => over(send()))
      expect(lines.records).toHaveLength(1)
      expect(lines.records[0]).toMatchObject({ message: 'Outgoing request completed', request_id: 'r-1', ...expected })
    }
  })
  function deadline(this: ClientRequest): void {
    this.destroy(new Error('too slow'))
  }
  function destroyLater(this: ClientRequest, socket: Socket): void {
    socket.once('connect', () => setImmediate(() => this.destroy()))
  }

  it('tells a body that the application leaves from one that the server cut off', async () => {
    install()
    const request = inRequest(() => http.get(`${origin}/cut`))
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    const closed = once(request, 'close')
    response.on('error', () => {}).destroy()
    await closed
    expect(lines.records).toMatchObject([{ level: 'DEBUG', status_code: 200, aborted: true }])
  })

  it('leaves an unwanted body to Node and an unhandled error to the process', async () => {
    install()
    const request = inRequest(() => http.get(origin))
    await once(request, 'close')
    expect(lines.records).toMatchObject([{ status_code: 200 }])
    expect(request.listenerCount('error') + request.listenerCount('response')).toBe(0)
  })

  it('leaves the streams of a call as they are', async () => {
    install()
    const request = inRequest(() => http.request(`${origin}/mirror`, { method: 'POST' }))
    request.write('a'.repeat(100_000))
    request.end('end')
    expect(await over(request)).toBe(`${'a'.repeat(100_000)}end`)
  })

  it('logs an upgrade with its status', async () => {
    install()
    const headers = { connection: 'upgrade', upgrade: 'test' }
    const request = inRequest(() => http.get(origin, { headers }))
    const [, socket] = (await once(request, 'upgrade')) as [IncomingMessage, Socket]
    socket.destroy()
    expect(lines.records).toMatchObject([{ level: 'DEBUG', status_code: 101 }])
  })

  it('throws what Node throws for arguments that are wrong', () => {
    const wrong: readonly unknown[][] = [['no url'], [{ hostname: 7 }], [origin, { method: 'a b' }], [{ path: 'a b' }]]
    const messages = () => wrong.map((args) => messageOf(() => http.request(...(args as [string]))))
    const before = messages()
    install()
    expect(messages()).toEqual(before)
    expect(before).not.toContain('nothing')
  })
  function messageOf(fn: () => unknown): string {
    try {
      fn()
      return 'nothing'
    } catch (error) {
      return String(error)
    }
  }

  it('knows the ports that https takes by itself', async () => {
    install()
    await inRequest(() => over(https.get('https://127.0.0.1:1/a?b=1')))
    expect(lines.records).toMatchObject([{ level: 'WARN', host: '127.0.0.1:1', path: '/a' }])
  })

  it('names itself when it refuses an option', () => {
    expect(() => instrumentHttpClient({ to: 'all' } as never)).toThrow('instrumentHttpClient({ to }): got string')
    expect(http.request).toBe(original.request)
  })
})
