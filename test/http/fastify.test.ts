import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { connect as connectHttp2, constants } from 'node:http2'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import multipart from '@fastify/multipart'
import websocket from '@fastify/websocket'
import plugin, { fastifyOptions, requestLogger } from '@throughline/fastify'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyServerOptions,
} from 'fastify'
import { context, createLogger, type Logger, memory } from 'throughline'
import { describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { connection, onEnd, Recorder, request, until } from './rig.js'

async function serve(
  build: (app: FastifyInstance, recorder: Recorder) => unknown,
  { plugin: options = {}, server = {} }: { plugin?: object; server?: FastifyServerOptions } = {},
) {
  const recorder = new Recorder()
  const app = fastify({
    ...fastifyOptions(recorder.log),
    forceCloseConnections: true,
    ...server,
  }) as unknown as FastifyInstance
  onEnd(() => app.close())
  await app.register(requestLogger, options)
  await build(app, recorder)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  recorder.destination.clear()
  return { recorder, app, url, port: (app.server.address() as AddressInfo).port }
}

/** A server with the plugin, and what it logs. */
async function start(create: typeof fastify, own: FastifyServerOptions = {}) {
  const recorder = new Recorder()
  const app = create({ ...fastifyOptions(recorder.log), ...own } as FastifyServerOptions)
  onEnd(() => app.close())
  await app.register(requestLogger)
  return { app, recorder }
}

/** Fastify's files once more in a folder of their own: another class of everything. */
function secondCopy(): typeof fastify {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-fastify-'))
  onEnd(() => rmSync(folder, { recursive: true, force: true }))
  const from = realpathSync(join(import.meta.dirname, '../node_modules/fastify'))
  const modules = join(from, '..')
  const to = join(folder, 'node_modules')
  cpSync(from, join(to, 'fastify'), { recursive: true })
  for (const name of readdirSync(modules)) if (name !== 'fastify') symlinkSync(join(modules, name), join(to, name))
  const copy = createRequire(join(folder, 'app.js'))('fastify')
  expect(copy).not.toBe(createRequire(import.meta.url)('fastify'))
  return copy
}

describe('Fastify', () => {
  it('says no more than that a request was aborted when its own calls end with it', async () => {
    const { recorder, port } = await serve((app) => {
      app.get('/', async (_request, reply) => {
        const controller = new AbortController()
        reply.raw.once('close', () => controller.abort())
        await fetch(`http://127.0.0.1:${port}/slow`, { signal: controller.signal })
      })
      app.get('/slow', { config: { requestLogger: false } }, async () => {
        await delay(60_000, undefined, { ref: false })
        return 'ok'
      })
    })
    const socket = await connection(port, request('GET', '/'))
    await recorder.started()
    await delay(30)
    socket.destroy()
    expect(await recorder.end()).toMatchObject({ message: 'Request aborted', level: 'WARN', aborted_by: 'client' })
    expect(recorder.lines('Request failed')).toEqual([])
  })

  it('has one id and one pair of lines, and none of its own', async () => {
    const { recorder, url } = await serve((app) => {
      app.get('/users/:id', async (request) => {
        request.log.info('by the request')
        request.server.log.info('by the server')
        return { id: request.id }
      })
    })
    const response = await fetch(`${url}/users/42`, { headers: { 'x-request-id': 'req-1' } })
    expect(await response.json()).toEqual({ id: 'req-1' })
    expect(response.headers.get('x-request-id')).toBe('req-1')
    const end = await recorder.end()
    expect(end).toMatchObject({ route: '/users/:id', path: '/users/42', status_code: 200, request_id: 'req-1' })
    expect(recorder.lines().map(({ message, request_id }) => [message, request_id])).toEqual([
      ['Request started', 'req-1'],
      ['by the request', 'req-1'],
      ['by the server', 'req-1'],
      ['Request completed', 'req-1'],
    ])
    for (const line of recorder.destination.lines) expect(line).not.toContain('reqId')
  })

  it.each<[string, (reply: FastifyReply) => void]>([
    ['by the reply', (reply) => reply.send('x')],
    ['by a stream', (reply) => reply.send(Readable.from(['x']))],
    ['by the raw response', (reply) => reply.hijack().raw.end('x')],
    ['by the raw response, with a head', (reply) => reply.hijack().raw.writeHead(200, { 'x-own': '1' }).end('x')],
    [
      'by the raw response, with a reason',
      (reply) => reply.hijack().raw.writeHead(200, 'Fine', { 'x-own': '1' }).end(),
    ],
    ['by an error', (reply) => reply.send(new Error('boom'))],
  ])('answers with the id once, %s', async (_, answer) => {
    const { url } = await serve((app) => {
      app.get('/', (_request, reply) => answer(reply))
    })
    const response = await fetch(url, { headers: { 'x-request-id': 'req-1' } })
    expect(response.headers.get('x-request-id')).toBe('req-1')
    await response.text()
  })

  it('leaves the header to an application that answers with its own', async () => {
    const { url } = await serve((app) => {
      app.get('/reply', (_request, reply) => reply.header('X-Request-ID', 'own').send('x'))
      app.get('/raw', (_request, reply) => reply.hijack().raw.writeHead(200, { 'X-Request-ID': 'own' }).end('x'))
    })
    for (const path of ['/reply', '/raw']) {
      expect((await fetch(url + path)).headers.get('x-request-id')).toBe('own')
    }
  })

  it('names the route with its prefixes', async () => {
    const { recorder, url } = await serve((app) => {
      app.register(
        async (scope) => {
          scope.register(async (inner) => inner.get('/users/:id', async () => 'x'), { prefix: '/deep' })
        },
        { prefix: '/orgs/:org' },
      )
    })
    await fetch(`${url}/orgs/acme/deep/users/1`)
    expect((await recorder.end()).route).toBe('/orgs/:org/deep/users/:id')
  })

  it('logs a route that does not exist as 404 without a route', async () => {
    const { recorder, url } = await serve(() => {})
    await fetch(`${url}/nowhere`)
    const end = await recorder.end()
    expect(end).toMatchObject({ level: 'WARN', status_code: 404 })
    expect(end).not.toHaveProperty('route')
    expect(recorder.lines()).toHaveLength(2)
  })

  it('honours bindings, serializers and levels of child loggers', async () => {
    const { recorder, url } = await serve((app) => {
      app.get(
        '/quiet',
        { logLevel: 'warn', logSerializers: { user: (user: { name: string }) => user.name.toUpperCase() } },
        async (request) => {
          request.log.info('not this')
          request.log.warn({ user: { name: 'ada' } }, 'this')
          request.log.child({ job: 7 }, { serializers: { user: () => 'own' } }).warn({ user: {} }, 'and this')
          return 'x'
        },
      )
      app.get('/loud', async (request) => {
        request.log.info({ user: { name: 'ada' } }, 'plain')
        return 'x'
      })
    })
    await fetch(`${url}/quiet`, { headers: { 'x-request-id': 'quiet-1' } })
    await fetch(`${url}/loud`)
    await recorder.ends()
    const quiet = recorder.lines().filter(({ request_id }) => request_id === 'quiet-1')
    expect(quiet).toMatchObject([
      { message: 'this', user: 'ADA' },
      { message: 'and this', user: 'own', job: 7 },
    ])
    expect(recorder.lines('plain')).toMatchObject([{ user: { name: 'ada' } }])
  })

  it('honours a child logger factory', async () => {
    const { recorder, url } = await serve((app) => {
      app.setChildLoggerFactory((logger, bindings, options) => logger.child({ ...bindings, tenant: 't1' }, options))
      app.get('/', async (request) => {
        request.log.info('mine')
        return 'x'
      })
    })
    await fetch(url)
    await recorder.end()
    for (const line of recorder.lines()) expect(line.tenant).toBe('t1')
  })

  it('leaves out a route whose config says so', async () => {
    const { recorder, url } = await serve((app) => {
      app.get('/health', { config: { requestLogger: false } }, async (request) => {
        request.log.info('mine')
        return 'x'
      })
    })
    await fetch(`${url}/health`, { headers: { 'x-request-id': 'probe' } })
    await delay(20)
    expect(recorder.lines()).toMatchObject([{ message: 'mine', request_id: 'probe' }])
  })

  it('takes a logger of its own, and ids without fastifyOptions', async () => {
    const recorder = new Recorder()
    const app = fastify()
    onEnd(() => app.close())
    await app.register(plugin, { logger: recorder.log, requestIdHeader: 'x-correlation-id' })
    app.get('/', async (request) => {
      request.log.info('mine')
      return { id: request.id }
    })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const response = await fetch(url, { headers: { 'x-correlation-id': 'corr-1' } })
    expect(await response.json()).toEqual({ id: 'corr-1' })
    expect(response.headers.get('x-correlation-id')).toBe('corr-1')
    await recorder.end()
    expect(recorder.lines('mine')).toMatchObject([{ request_id: 'corr-1' }])
  })

  it("tells the client's address by trustProxy", async () => {
    const { recorder, url } = await serve((app) => app.get('/', async () => 'x'), {
      server: { trustProxy: '127.0.0.1' },
    })
    await fetch(url, { headers: { 'x-forwarded-for': '203.0.113.9, 198.51.100.7' } })
    expect((await recorder.end()).remote_addr).toBe('198.51.100.7')
  })

  it('logs a body that is asked for, redacted', async () => {
    const { recorder, url } = await serve((app) => app.post('/', async () => 'x'), { plugin: { logBody: true } })
    const body = JSON.stringify({ a: 1, password: 'hunter2' })
    await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
    expect((await recorder.end()).body).toEqual({ a: 1, password: '***REDACTED***' })
  })

  it('has its pair of lines for injected requests', async () => {
    const { recorder, app } = await serve((app) => app.get('/', async () => 'x'))
    await app.inject('/')
    expect(await recorder.end()).toMatchObject({ message: 'Request completed', status_code: 200, response_bytes: 1 })
  })

  describe('logs an error once, at ERROR', () => {
    const boom = () => Object.assign(new RangeError('boom'), { code: 'E_BOOM' })
    const expected = {
      error: 'boom',
      error_type: 'RangeError',
      error_code: 'E_BOOM',
      traceback: expect.stringContaining('RangeError: boom'),
      request_id: 'req-1',
    }
    const failing = async (build: (app: FastifyInstance) => unknown) => {
      const { recorder, port } = await serve(build)
      const socket = await connection(port, request('GET', '/', ['X-Request-ID: req-1', 'Connection: close']))
      await recorder.end()
      await until(() => socket.received().length > 0)
      return {
        errors: recorder.lines().filter(({ level }) => level === 'ERROR'),
        received: socket.received(),
        recorder,
      }
    }

    it('that was thrown in an async handler', async () => {
      const { errors, received } = await failing((app) =>
        app.get('/', async () => {
          await delay(1)
          throw boom()
        }),
      )
      expect(errors).toMatchObject([{ ...expected, message: 'Request completed', status_code: 500, route: '/' }])
      expect(received).toContain('"message":"boom"')
    })

    it('that was thrown in a hook', async () => {
      const { errors } = await failing((app) => {
        app.addHook('preHandler', async () => {
          throw boom()
        })
        app.get('/', async () => 'x')
      })
      expect(errors).toMatchObject([{ ...expected, status_code: 500 }])
    })

    it('that an error handler answers', async () => {
      const { errors, received } = await failing((app) => {
        app.setErrorHandler((error, _request, reply) => reply.code(503).send({ told: (error as Error).message }))
        app.get('/', async () => {
          throw boom()
        })
      })
      expect(errors).toMatchObject([{ ...expected, status_code: 503 }])
      expect(received).toContain('{"told":"boom"}')
    })

    it('that came from a stream before its first byte', async () => {
      const { errors } = await failing((app) =>
        app.get('/', (_request, reply) => {
          reply.send(
            new Readable({
              read() {
                this.destroy(boom())
              },
            }),
          )
        }),
      )
      expect(errors).toMatchObject([{ ...expected, status_code: 500 }])
    })

    async function* half() {
      yield 'half'
      await delay(10)
      throw boom()
    }
    it.each([
      ['a stream', () => Readable.from(half(), { objectMode: false })],
      ['a web stream', () => Readable.toWeb(Readable.from(half(), { objectMode: false }))],
    ])('that came from %s after the headers were sent', async (_kind, make) => {
      const { errors, recorder } = await failing((app) => app.get('/', (_request, reply) => reply.send(make())))
      expect(errors).toMatchObject([
        { ...expected, message: 'Request aborted', status_code: 200, aborted_by: 'server' },
      ])
      expect(recorder.lines()).toHaveLength(2)
    })
  })

  it("logs an error that is the client's at WARN, with the error", async () => {
    const { recorder, url } = await serve((app) => app.post('/', async () => 'x'))
    await fetch(url, { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } })
    expect(await recorder.end()).toMatchObject({ level: 'WARN', status_code: 400 })
    expect((await recorder.end()).error).toBeDefined()
  })

  it('that is left by its client during a stream is one line', async () => {
    const { recorder, port } = await serve((app) =>
      app.get('/', (_request, reply) =>
        reply.send(
          new Readable({
            read() {
              setTimeout(() => this.push('x'.repeat(1000)), 2)
            },
          }),
        ),
      ),
    )
    const socket = await connection(port, request('GET', '/'))
    await until(() => socket.received().length > 3000)
    socket.destroy()
    expect(await recorder.end()).toMatchObject({ message: 'Request aborted', level: 'WARN', aborted_by: 'client' })
    await delay(30)
    expect(recorder.messages()).toEqual(['Request started', 'Request aborted'])
  })

  it('that takes too long is completed with 503', async () => {
    const { recorder, url } = await serve((app) => app.get('/', { handlerTimeout: 30 }, () => new Promise(() => {})))
    await fetch(url)
    expect(await recorder.end()).toMatchObject({ level: 'ERROR', status_code: 503 })
  })

  it('holds the context after a multipart upload, in hooks and in streams', async () => {
    const { recorder, url } = await serve(async (app) => {
      await app.register(multipart)
      app.addHook('preHandler', async (request) => {
        request.log.info({ seen: context.get('request_id') }, 'hook')
      })
      app.post('/', async (request) => {
        const sizes: number[] = []
        for await (const part of request.parts()) {
          if (part.type === 'file') sizes.push((await part.toBuffer()).length)
        }
        return { id: context.get('request_id'), sizes }
      })
    })
    const ids = Array.from({ length: 8 }, (_, i) => `req-${i}`)
    const answers = await Promise.all(
      ids.map(async (id) => {
        const body = new FormData()
        body.set('file', new Blob(['y'.repeat(300_000)]), 'file.txt')
        return (await fetch(url, { method: 'POST', body, headers: { 'x-request-id': id } })).json()
      }),
    )
    expect(answers).toEqual(ids.map((id) => ({ id, sizes: [300_000] })))
    await recorder.ends(8)
    for (const line of recorder.lines('hook')) expect(line.seen).toBe(line.request_id)
  })

  it('follows a WebSocket from its upgrade to its end', async () => {
    const { recorder, port } = await serve(async (app) => {
      await app.register(websocket)
      app.get('/ws', { websocket: true }, (socket, request) => {
        socket.on('message', (message) => {
          request.log.info('message')
          socket.send(String(message))
        })
      })
    })
    const client = new WebSocket(`ws://127.0.0.1:${port}/ws`, { headers: { 'x-request-id': 'ws-1' } })
    await new Promise((resolve) => client.once('open', resolve))
    client.send('hello')
    await new Promise((resolve) => client.once('message', resolve))
    expect(recorder.messages()).toEqual(['Request started', 'message'])
    client.close()
    const end = await recorder.end()
    expect(end).toMatchObject({ message: 'Request completed', status_code: 101, request_id: 'ws-1', route: '/ws' })
    expect(recorder.lines('message')).toMatchObject([{ request_id: 'ws-1' }])
  })

  describe('over HTTP/2', () => {
    const serve2 = async () => {
      const recorder = new Recorder()
      const app = fastify({ ...fastifyOptions(recorder.log), http2: true })
      onEnd(() => app.close())
      await app.register(requestLogger)
      app.get('/users/:id', async (request) => {
        request.log.info('mine')
        return { id: request.id }
      })
      app.get('/never', () => new Promise(() => {}))
      app.get('/fail', async () => {
        throw new RangeError('boom')
      })
      app.get('/large', (_request, reply) => {
        reply.hijack()
        reply.raw.writeHead(200)
        reply.raw.end('x'.repeat(5_000_000))
      })
      app.post('/upload', async (request) => {
        await delay(0)
        return { id: context.get('request_id'), length: JSON.stringify(request.body).length }
      })
      await app.listen({ host: '127.0.0.1', port: 0 })
      const client = connectHttp2(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`)
      onEnd(() => client.destroy())
      const send = (headers: Record<string, string>, body?: string) => {
        const stream = client.request(headers, { endStream: body === undefined })
        if (body !== undefined) stream.end(body)
        stream.on('error', () => {})
        let text = ''
        stream.on('data', (chunk) => {
          text += chunk
        })
        const answer = new Promise<string>((resolve) => stream.on('end', () => resolve(text)))
        return { stream, answer }
      }
      return { recorder, client, send }
    }

    it('a request has its pair of lines', async () => {
      const { recorder, send } = await serve2()
      const body = await send({ ':path': '/users/1', 'x-request-id': 'h2-1' }).answer
      expect(body).toBe('{"id":"h2-1"}')
      expect(await recorder.end()).toMatchObject({
        message: 'Request completed',
        method: 'GET',
        path: '/users/1',
        route: '/users/:id',
        status_code: 200,
        request_id: 'h2-1',
        response_bytes: 13,
        remote_addr: '127.0.0.1',
      })
    })

    it('many on one connection keep apart, uploads too', async () => {
      const { recorder, send } = await serve2()
      const ids = Array.from({ length: 50 }, (_, i) => `h2-${i}`)
      const answers = await Promise.all(
        ids.map(
          (id) =>
            send(
              { ':path': '/upload', ':method': 'POST', 'content-type': 'application/json', 'x-request-id': id },
              JSON.stringify('x'.repeat(40_000)),
            ).answer,
        ),
      )
      expect(answers.map((answer) => JSON.parse(answer).id)).toEqual(ids)
      for (const end of await recorder.ends(50)) expect(end).toMatchObject({ status_code: 200, request_bytes: 40_002 })
    })

    it('one that is reset is aborted', async () => {
      const { recorder, send } = await serve2()
      const { stream } = send({ ':path': '/never' })
      await recorder.started()
      stream.close(constants.NGHTTP2_CANCEL)
      const end = await recorder.end()
      expect(end).toMatchObject({ message: 'Request aborted', level: 'WARN', aborted: true, aborted_by: 'client' })
      expect(end).not.toHaveProperty('status_code')
    })

    it('one that is reset while its answer flows is aborted, with the status that was seen', async () => {
      const { recorder, send } = await serve2()
      const { stream } = send({ ':path': '/large' })
      stream.once('data', () => stream.close(constants.NGHTTP2_CANCEL))
      expect(await recorder.end()).toMatchObject({ message: 'Request aborted', aborted: true, status_code: 200 })
    })

    it('those on a connection that breaks are aborted', async () => {
      const { recorder, client, send } = await serve2()
      for (let i = 0; i < 3; i++) send({ ':path': '/never' })
      await recorder.started(3)
      client.destroy()
      expect(await recorder.ends(3)).toMatchObject(Array(3).fill({ message: 'Request aborted', aborted: true }))
    })

    it('one that fails is an ERROR', async () => {
      const { recorder, send } = await serve2()
      await send({ ':path': '/fail' }).answer
      expect(await recorder.end()).toMatchObject({ level: 'ERROR', status_code: 500, error: 'boom' })
    })

    it('HEAD is completed', async () => {
      const { recorder, send } = await serve2()
      await send({ ':path': '/users/1', ':method': 'HEAD' }).answer
      expect(await recorder.end()).toMatchObject({ method: 'HEAD', status_code: 200, response_bytes: 0 })
    })

    it('a repeated request id is refused', async () => {
      const { recorder, send } = await serve2()
      await send({ ':path': '/users/1', 'x-request-id': ['a', 'b'] as never }).answer
      expect(await recorder.end()).toMatchObject({ request_id_rejected: 'repeated' })
    })
  })

  it("logs an onResponse hook's error and an onSend hook's once, on the last line", async () => {
    const { app, recorder } = await start(fastify)
    app.addHook('onResponse', async () => {
      throw new Error('too late')
    })
    app.get('/', async () => 'ok')
    await app.inject('/')
    await recorder.ends()
    expect(recorder.messages()).toEqual(['Request started', 'Request completed'])
    expect(recorder.lines()[1]).toMatchObject({ level: 'ERROR', error: 'too late', status_code: 200 })

    const other = await start(fastify)
    other.app.addHook('onSend', async () => {
      throw new Error('not sent')
    })
    other.app.get('/', async () => 'ok')
    expect((await other.app.inject('/')).statusCode).toBe(500)
    await other.recorder.ends()
    expect(other.recorder.messages()).toEqual(['Request started', 'Request completed'])
    expect(other.recorder.lines()[1]).toMatchObject({ level: 'ERROR', error: 'not sent', status_code: 500 })
  })

  it.each([
    ['a URL that cannot be decoded', '/%zz', 400, 'FST_ERR_BAD_URL'],
    ['a parameter that is too long', `/a/${'x'.repeat(200)}`, 414, 'FST_ERR_MAX_PARAM_LENGTH'],
  ])('logs and answers %s with its id', async (_, url, status, code) => {
    const { app, recorder } = await start(fastify)
    app.get('/a/:id', async () => 'ok')
    const response = await app.inject({ url, headers: { 'x-request-id': 'req-7' } })
    expect(response.statusCode).toBe(status)
    expect(response.headers['x-request-id']).toBe('req-7')
    expect(response.json()).toMatchObject({ code, statusCode: status })
    expect(await recorder.end()).toMatchObject({
      request_id: 'req-7',
      status_code: status,
      level: 'WARN',
      error_code: code,
    })
    expect(recorder.messages()).toEqual(['Request started', 'Request completed'])
  })

  it("takes ids that Fastify's own options make, by the same rule", async () => {
    const idOf = async (own: FastifyServerOptions, headers: Record<string, string> = {}) => {
      const { app, recorder } = await start(fastify, own)
      app.get('/', async (request) => request.id)
      const answer = await app.inject({ url: '/', headers })
      const { request_id, request_id_rejected } = await recorder.end()
      expect(answer.body).toBe(request_id)
      return [request_id, request_id_rejected]
    }
    expect(await idOf({ genReqId: () => 'ulid-1' })).toEqual(['ulid-1', undefined])
    expect(await idOf({ genReqId: () => 'ulid-1' }, { 'x-request-id': 'r-1' })).toEqual(['r-1', undefined])
    expect(await idOf({ genReqId: () => 'a b' })).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), 'characters'])
    expect(await idOf({ requestIdHeader: 'x-req' }, { 'x-req': 'r-2', 'x-request-id': 'r-1' })).toEqual([
      'r-2',
      undefined,
    ])
    expect(await idOf({ requestIdHeader: 'x-req' }, { 'x-request-id': 'r-1' })).toEqual(['r-1', undefined])
    const unfit = await idOf({ requestIdHeader: 'x-req' }, { 'x-req': 'a b' })
    expect(unfit).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), 'characters'])
  })

  it('writes errors and requests as the logger does, not as Fastify does', async () => {
    const failure = Object.assign(new Error('failed', { cause: new Error('the cause') }), {
      config: { headers: { Authorization: 'Bearer s3cr3t-t0ken' }, auth: { password: 'hunter2' } },
      request: { socket: { data: 'x'.repeat(200_000) } },
    })
    const { app, recorder } = await start(fastify)
    app.get('/', async (request) => {
      request.log.error({ err: failure, req: request }, 'by the request')
      app.log.error({ err: failure }, 'by the instance')
    })
    await app.inject('/?token=s3cr3t-query')
    await recorder.end()
    const said = recorder.lines().filter(({ message }) => String(message).startsWith('by the'))
    expect(said).toHaveLength(2)
    expect(JSON.stringify(said)).toContain('the cause')
    expect(JSON.stringify(said)).not.toMatch(/s3cr3t|hunter2/)
    expect(said[0]).toMatchObject({ req: { method: 'GET', path: '/' } })

    const own = fastify({ loggerInstance: recorder.log.child({}, { serializers: { req: () => 'ours' } }) })
    onEnd(() => own.close())
    own.log.info({ req: {} }, 'by its own')
    expect(recorder.lines('by its own')).toMatchObject([{ req: 'ours' }])
  })

  it('refuses options of the plugin in fastifyOptions', () => {
    const { log } = new Recorder()
    for (const options of [{ ignore: '/x' }, { logStart: false }]) {
      expect(() => fastifyOptions(log, options as object)).toThrow(
        /fastifyOptions: unknown option "\w+"; accepted: requestId/,
      )
    }
  })

  it('works with a second copy of Fastify, which other packages bring', async () => {
    const { app, recorder } = await start(secondCopy())
    app.get('/', async (request) => {
      request.log.info('by its own logger')
      throw new Error('no')
    })
    expect((await app.inject('/none')).statusCode).toBe(404)
    expect((await app.inject({ url: '/', headers: { 'x-request-id': 'req-7' } })).statusCode).toBe(500)
    await recorder.ends(2)
    expect(recorder.messages()).toEqual([
      ...['Request started', 'Request completed', 'Request started', 'by its own logger', 'Request completed'],
    ])
    expect(recorder.lines()[4]).toMatchObject({ request_id: 'req-7', error: 'no', level: 'ERROR' })
  })

  it('refuses options that it cannot use', async () => {
    const log = createLogger({ env: {}, destination: memory() })
    const register = async (options: object, server = fastifyOptions(log)) => {
      const app = fastify(server)
      onEnd(() => app.close())
      await app.register(requestLogger, options)
    }
    await expect(register({ logStart: 'yes' })).rejects.toThrow(
      'requestLogger({ logStart }): got string; accepted: true or false',
    )
    await expect(register({ logStrat: true })).rejects.toThrow(
      /requestLogger: unknown option "logStrat"; accepted: .*logStart/,
    )
    await expect(register({ requestIdHeader: 'x' })).rejects.toThrow(
      /{ requestIdHeader }\): got string; accepted: nothing: .*fastifyOptions/,
    )
    await expect(register({}, {} as never)).rejects.toThrow(
      'requestLogger({ logger }): got object; accepted: a logger made by createLogger',
    )
    expect(() => fastifyOptions({} as Logger)).toThrow(TypeError)
    expect(() => fastifyOptions(log, { trustIncoming: 1 as never })).toThrow(
      'fastifyOptions(log, { trustIncoming }): got 1',
    )
  })

  it('takes a Logger wherever it takes its own', () => {
    const log: FastifyBaseLogger = createLogger({ env: {}, destination: memory() })
    const child: FastifyBaseLogger = log.child({ a: 1 }, { level: 'warn' })
    expect(child.level).toBe('warn')
  })
})
