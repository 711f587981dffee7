import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import {
  connect as connectHttp2,
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { withRequestLogging, withUpgradeLogging } from '@throughline/http'
import { context } from 'throughline'
import { describe, expect, it } from 'vitest'
import WebSocket, { WebSocketServer } from 'ws'
import { spawnProgram } from './program.js'
import { connection, listen, onEnd, Recorder, request } from './rig.js'

describe('withRequestLogging', () => {
  it("takes the route and the client's address from functions", async () => {
    const recorder = new Recorder()
    const { url } = await listen(
      createServer(
        withRequestLogging(recorder.log, (_req, res) => res.end(), {
          route: (req) => (req.url?.startsWith('/users/') ? '/users/:id' : undefined),
          remoteAddress: (req) => String(req.headers['x-real-ip']),
        }) as RequestListener,
      ),
    )
    await fetch(`${url}/users/1`, { headers: { 'x-real-ip': '203.0.113.9' } })
    expect(await recorder.end()).toMatchObject({ route: '/users/:id', remote_addr: '203.0.113.9' })
  })

  it('serves HTTP/2', async () => {
    const recorder = new Recorder()
    const server = createHttp2Server(
      withRequestLogging<Http2ServerRequest, Http2ServerResponse>(recorder.log, (req, res) => res.end(req.id)),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onEnd(() => server.close())
    const client = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    onEnd(() => client.destroy())
    const stream = client.request({ ':path': '/x', 'x-request-id': 'h2' })
    await stream.toArray()
    expect(await recorder.end()).toMatchObject({ request_id: 'h2', status_code: 200, response_bytes: 2 })
  })

  describe('leaves what a handler throws to Node', () => {
    const serve = (handler: string) => `
      import { createServer } from 'node:http'
      import { createLogger } from 'throughline'
      import { withRequestLogging } from '@throughline/http'
      const log = createLogger({ service: 'test', env: {} })
      const server = createServer(withRequestLogging(log, ${handler}))
      server.listen(0, '127.0.0.1', () => {
        fetch('http://127.0.0.1:' + server.address().port, { headers: { 'x-request-id': 'req-1' } }).catch(() => {})
      })
    `
    it.each([
      ['thrown', '() => { throw new RangeError("boom") }'],
      ['rejected', 'async () => { throw new RangeError("boom") }'],
    ])('%s', async (_how, handler) => {
      const { code, records, stderr } = await spawnProgram(serve(handler))
      expect(code).toBe(1)
      expect(stderr).toContain('RangeError: boom')
      expect(records).toContainEqual(
        expect.objectContaining({ level: 'FATAL', error: 'boom', error_type: 'RangeError' }),
      )
      // The request that was on its way is on record, with its id.
      expect(records).toContainEqual(expect.objectContaining({ request_id: 'req-1', message: 'Request in flight' }))
    })

    it('and logs it once where the application survives it', async () => {
      const survive = 'process.on("uncaughtException", () => {});'
      const handler = `(req, res) => {
        res.on('close', () => setTimeout(() => process.exit(0), 50))
        setTimeout(() => res.end(), 20)
        throw new RangeError('boom')
      }`
      const { code, records } = await spawnProgram(survive + serve(handler))
      expect(code).toBe(0)
      const errors = records.filter(({ level }) => level === 'ERROR')
      expect(errors).toMatchObject([{ request_id: 'req-1', error: 'boom', error_type: 'RangeError', status_code: 200 }])
      expect(errors[0]?.traceback).toContain('RangeError: boom')
    })
  })

  it('refuses options that it cannot use', () => {
    const { log } = new Recorder()
    const handler = () => {}
    const refusal = (options: object) => () => withRequestLogging(log, handler, options)
    expect(() => withRequestLogging({} as never, handler)).toThrow(
      'withRequestLogging(log): got object; accepted: a logger made by createLogger',
    )
    expect(() => withRequestLogging(log, 5 as never)).toThrow(
      'withRequestLogging(log, handler): got 5; accepted: a function',
    )
    expect(refusal({ route: '/x' })).toThrow('{ route }): got string; accepted: a function')
    expect(refusal({ remoteAddress: 1 })).toThrow('{ remoteAddress }): got 1; accepted: a function')
  })
})

describe('withUpgradeLogging', () => {
  const serve = async (recorder: Recorder) => {
    const sockets = new WebSocketServer({ noServer: true })
    const server = createServer(withRequestLogging(recorder.log, (_req, res) => res.end()) as RequestListener)
    server.on(
      'upgrade',
      withUpgradeLogging(recorder.log, (req, socket, head): unknown => {
        if (req.url === '/refused') return socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n')
        if (req.url === '/silent') return socket.on('error', () => {})
        sockets.handleUpgrade(req, socket, head, (client) => {
          client.on('message', (message) => {
            recorder.log.info('message', { text: String(message), by: context.get('request_id') })
            client.send('ok')
          })
        })
        return undefined
      }),
    )
    onEnd(() => sockets.close())
    return listen(server)
  }
  const upgrade = (path: string) =>
    request('GET', path, [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ])

  it('follows a WebSocket from its upgrade to its end', async () => {
    const recorder = new Recorder()
    const { port } = await serve(recorder)
    const client = new WebSocket(`ws://127.0.0.1:${port}/ws`, { headers: { 'x-request-id': 'ws-1' } })
    await new Promise((resolve) => client.once('open', resolve))
    client.send('hello')
    await new Promise((resolve) => client.once('message', resolve))
    expect(recorder.lines('message')).toMatchObject([{ text: 'hello', by: 'ws-1', request_id: 'ws-1' }])
    client.close()
    expect(await recorder.end()).toMatchObject({
      message: 'Request completed',
      level: 'INFO',
      status_code: 101,
      request_id: 'ws-1',
    })
  })

  it('tells the status of one that is refused', async () => {
    const recorder = new Recorder()
    const { port } = await serve(recorder)
    await connection(port, upgrade('/refused'))
    expect(await recorder.end()).toMatchObject({ message: 'Request completed', level: 'WARN', status_code: 401 })
  })

  it('tells the status that ws refuses with', async () => {
    const recorder = new Recorder()
    const { port } = await serve(recorder)
    await connection(port, request('GET', '/ws', ['Connection: Upgrade', 'Upgrade: websocket']))
    expect(await recorder.end()).toMatchObject({ message: 'Request completed', level: 'WARN', status_code: 400 })
  })

  it('is aborted when the client leaves before an answer', async () => {
    const recorder = new Recorder()
    const { port } = await serve(recorder)
    const socket = await connection(port, upgrade('/silent'))
    await recorder.started()
    socket.resetAndDestroy()
    const end = await recorder.end()
    expect(end).toMatchObject({ message: 'Request aborted', level: 'WARN', aborted: true })
    expect(end).not.toHaveProperty('status_code')
  })
})

it('a request that asks for an upgrade nobody listens for is a request like any', async () => {
  const recorder = new Recorder()
  const { port } = await listen(
    createServer(withRequestLogging(recorder.log, (_req: IncomingMessage, res) => res.end('plain')) as RequestListener),
  )
  await connection(port, request('GET', '/', ['Connection: Upgrade', 'Upgrade: h2c']))
  await delay(10)
  expect(await recorder.end()).toMatchObject({ status_code: 200, response_bytes: 5 })
})
