import { once } from 'node:events'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { noteError } from '@throughline/http'
import { context, type Logger } from 'throughline'
import { describe, expect, it } from 'vitest'
import { connection, frameworks, type Handler, type Line, Recorder, request, until } from './rig.js'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'

function fail(): never {
  throw new Error('not now')
}

describe.each(Object.entries(frameworks))('a request to %s', (_, serve) => {
  it('has a line at its start and one at its end, and its ids on all between', async () => {
    const recorder = new Recorder()
    const { url } = await serve(recorder.log, async (req, res) => {
      req.log.info('by its own logger')
      recorder.log.info('by any logger')
      context.set({ user_id: 'user-456' })
      await delay(1)
      recorder.log.info('later')
      res.end('hello')
    })
    const response = await fetch(`${url}/users/42?full=1`, { headers: { 'user-agent': 'test/1' } })
    await response.text()
    const end = await recorder.end()
    expect(recorder.messages()).toEqual([
      'Request started',
      'by its own logger',
      'by any logger',
      'later',
      'Request completed',
    ])
    const { request_id, trace_id, span_id } = end
    expect(request_id).toMatch(UUID)
    for (const line of recorder.lines()) expect(line).toMatchObject({ request_id, trace_id, span_id })
    expect(response.headers.get('x-request-id')).toBe(request_id)
    expect(recorder.lines()[0]).toMatchObject({ level: 'INFO', method: 'GET', path: '/users/42' })
    expect(end).toMatchObject({
      level: 'INFO',
      method: 'GET',
      path: '/users/42',
      status_code: 200,
      user_agent: 'test/1',
      remote_addr: '127.0.0.1',
      request_bytes: 0,
      response_bytes: 5,
      user_id: 'user-456',
    })
    for (const name of ['aborted', 'query', 'headers', 'body', 'parent_span_id', 'request_id_rejected', 'error']) {
      expect(end).not.toHaveProperty(name)
    }
    expect(typeof end.response_time_ms).toBe('number')
    expect(String(end.response_time_ms)).toMatch(/^\d+(\.\d{1,3})?$/)
  })

  it.each([
    [200, 'INFO'],
    [302, 'INFO'],
    [404, 'WARN'],
    [499, 'WARN'],
    [500, 'ERROR'],
    [503, 'ERROR'],
  ])('is logged by its status: %i at %s', async (status, level) => {
    const recorder = new Recorder()
    const { url } = await serve(recorder.log, (_req, res) => {
      res.statusCode = status
      res.end()
    })
    await fetch(url, { redirect: 'manual' })
    expect(await recorder.end()).toMatchObject({ message: 'Request completed', level, status_code: status })
  })

  it('takes its levels from the options', async () => {
    const recorder = new Recorder()
    const levels = { started: 'debug', completed: 'trace', clientError: 'info', serverError: 'fatal' } as const
    const { url } = await serve(
      recorder.log,
      (req, res) => {
        res.statusCode = Number(req.url?.slice(1))
        res.end()
      },
      { levels },
    )
    for (const status of [200, 404, 500]) await fetch(`${url}/${status}`)
    const ends = await recorder.ends(3)
    expect(ends.map(({ level }) => level)).toEqual(['TRACE', 'INFO', 'FATAL'])
    expect(recorder.lines('Request started')[0]).toMatchObject({ level: 'DEBUG' })
  })

  it('can do without the start line', async () => {
    const recorder = new Recorder()
    const { url } = await serve(recorder.log, (_req, res) => res.end(), { logStart: false })
    await fetch(url)
    await recorder.ends()
    expect(recorder.messages()).toEqual(['Request completed'])
  })

  describe('takes over ids', () => {
    const echo = async (headers: readonly string[], options = {}) => {
      const recorder = new Recorder()
      const { port } = await serve(recorder.log, (_req, res) => res.end(), options)
      const socket = await connection(port, request('GET', '/', [...headers, 'Connection: close']))
      const end = await recorder.end()
      await until(() => socket.received().includes('\r\n\r\n'))
      const answered = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(socket.received())?.[1]
      return { end, answered, start: recorder.lines('Request started')[0] as Line }
    }

    it('a request id, and answers with it', async () => {
      const { end, answered, start } = await echo(['X-Request-ID: req-123-abc'])
      expect(end.request_id).toBe('req-123-abc')
      expect(start.request_id).toBe('req-123-abc')
      expect(answered('x-request-id')).toBe('req-123-abc')
    })

    it.each([
      ['too_long', [`X-Request-ID: ${'a'.repeat(129)}`]],
      ['characters', ['X-Request-ID: a b']],
      ['characters', ['X-Request-ID: "},{"level":"INFO']],
      ['characters', ['X-Request-ID: \u00e4']],
      ['empty', ['X-Request-ID:']],
      ['repeated', ['X-Request-ID: one', 'X-Request-ID: two']],
      ['repeated', ['X-Request-ID: same', 'x-request-id: same']],
    ])('but not one that is unfit, and says why: %s', async (reason, headers) => {
      const { end, answered, start } = await echo(headers)
      expect(end.request_id).toMatch(UUID)
      expect(end.request_id_rejected).toBe(reason)
      expect(start.request_id_rejected).toBe(reason)
      expect(answered('x-request-id')).toBe(end.request_id)
      expect(JSON.stringify([start, end])).not.toContain(headers[0]?.slice(14) || 'never')
    })

    it('from the first of several headers that has a fit one', async () => {
      const options = { requestIdHeader: ['X-Correlation-ID', 'X-Amzn-Trace-Id'] }
      const { end, answered } = await echo(
        ['X-Correlation-ID: a b', 'X-Amzn-Trace-Id: Root=1-67891233-abcdef'],
        options,
      )
      expect(end.request_id).toBe('Root=1-67891233-abcdef')
      expect(answered('x-correlation-id')).toBe('Root=1-67891233-abcdef')
      expect(end).not.toHaveProperty('request_id_rejected')
    })

    it('of a trace, with a span of its own', async () => {
      const { end } = await echo([`Traceparent: 00-${TRACE}-${SPAN}-01`])
      expect(end).toMatchObject({ trace_id: TRACE, parent_span_id: SPAN })
      expect(end.span_id).toMatch(/^[0-9a-f]{16}$/)
      expect(end.span_id).not.toBe(SPAN)
    })

    it.each([
      ['broken', [`traceparent: 00-${TRACE}-${SPAN}-01-more`]],
      ['repeated', [`traceparent: 00-${TRACE}-${SPAN}-01`, `traceparent: 00-${TRACE}-${SPAN}-01`]],
    ])('but not of a %s trace', async (_reason, headers) => {
      const { end } = await echo(headers)
      expect(end.trace_id).toMatch(/^[0-9a-f]{32}$/)
      expect(end.trace_id).not.toBe(TRACE)
      expect(end).not.toHaveProperty('parent_span_id')
    })

    it('of a trace without a tracer, which a traceparent wins over', async () => {
      const own = `throughline-trace: ${TRACE}-${SPAN}`
      const { end } = await echo([own])
      expect(end).toMatchObject({
        trace_id: TRACE,
        parent_span_id: SPAN,
        span_id: expect.stringMatching(/^[0-9a-f]{16}$/),
      })
      const other = await echo([own, `traceparent: 00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`])
      expect(other.end).toMatchObject({ trace_id: 'a'.repeat(32), parent_span_id: 'b'.repeat(16) })
      for (const headers of [[`${own}0`], [own, own], [`${own.toUpperCase()}`]]) {
        const { end: unfit } = await echo(headers)
        expect(unfit.trace_id).not.toBe(TRACE)
        expect(unfit).not.toHaveProperty('parent_span_id')
      }
    })

    it('or a new one by the application’s rule, which has to be fit as well', async () => {
      const generateId = (req: { readonly method?: string }) => `shop-${req.method}`
      expect((await echo([], { generateId })).end).toMatchObject({ request_id: 'shop-GET' })
      expect((await echo(['X-Request-ID: req-1'], { generateId })).end).toMatchObject({ request_id: 'req-1' })
      expect((await echo(['X-Request-ID: a b'], { generateId })).end).toMatchObject({
        request_id: 'shop-GET',
        request_id_rejected: 'characters',
      })
      for (const [id, reason] of [
        ['a b', 'characters'],
        ['x'.repeat(129), 'too_long'],
        ['', 'empty'],
      ]) {
        const { end, answered } = await echo([], { generateId: () => id })
        expect(end).toMatchObject({ request_id: expect.stringMatching(UUID), request_id_rejected: reason })
        expect(answered('x-request-id')).toBe(end.request_id)
      }
      for (const unfit of [() => 7, () => undefined, () => Promise.resolve('x'), () => fail()]) {
        expect((await echo([], { generateId: unfit })).end.request_id).toMatch(UUID)
      }
    })

    it('of a tracer that it does not know', async () => {
      const ids = { trace_id: '1-67891233-abcdef012345678912345678', span_id: '53995c3f42cd8ad8' }
      const incoming = [`traceparent: 00-${TRACE}-${SPAN}-01`]
      expect((await echo(incoming, { traceIds: () => ids })).end).toMatchObject(ids)
      const same = await echo(incoming, { traceIds: () => ({ ...ids, trace_id: TRACE }) })
      expect(same.end).toMatchObject({ trace_id: TRACE, span_id: ids.span_id, parent_span_id: SPAN })
      for (const none of [undefined, null, {}, { trace_id: 'a\nb' }, { span_id: 'x' }]) {
        expect((await echo(incoming, { traceIds: () => none })).end).toMatchObject({ trace_id: TRACE })
      }
      expect((await echo(incoming, { traceIds: () => fail() })).end).toMatchObject({ trace_id: TRACE })
    })

    it.each([false, () => false])('from nobody it does not trust', async (trustIncoming) => {
      const { end } = await echo(
        ['X-Request-ID: req-1', `traceparent: 00-${TRACE}-${SPAN}-01`, `throughline-trace: ${TRACE}-${SPAN}`],
        {
          trustIncoming,
        },
      )
      expect(end.request_id).toMatch(UUID)
      expect(end.trace_id).not.toBe(TRACE)
      expect(end).not.toHaveProperty('request_id_rejected')
    })
  })

  it('passes flags and state of its trace on', async () => {
    const recorder = new Recorder()
    let carrier: Record<string, unknown> = {}
    const { port } = await serve(recorder.log, (_req, res) => {
      carrier = context.inject({})
      res.end()
    })
    const headers = [`traceparent: 00-${TRACE}-${SPAN}-03`, 'tracestate: rojo=1', 'tracestate: congo=2']
    await connection(port, request('GET', '/', [...headers, 'Connection: close']))
    const end = await recorder.end()
    expect(carrier).toEqual({
      'x-request-id': end.request_id,
      traceparent: `00-${TRACE}-${end.span_id}-03`,
      tracestate: 'rojo=1,congo=2',
    })
  })

  describe('whose client goes away', () => {
    it('before an answer is aborted, at WARN, without a status', async () => {
      const recorder = new Recorder()
      const { port } = await serve(recorder.log, () => {})
      const socket = await connection(port, request('GET', '/slow'))
      await recorder.started()
      await delay(30)
      socket.destroy()
      const end = await recorder.end()
      expect(end).toMatchObject({ message: 'Request aborted', level: 'WARN', aborted: true, aborted_by: 'client' })
      expect(end).not.toHaveProperty('status_code')
      expect(end.response_time_ms).toBeGreaterThan(25)
    })

    it('by a reset is aborted', async () => {
      const recorder = new Recorder()
      const { port } = await serve(recorder.log, () => {})
      const socket = await connection(port, request('GET', '/'))
      await recorder.started()
      socket.resetAndDestroy()
      expect(await recorder.end()).toMatchObject({ message: 'Request aborted', aborted: true, aborted_by: 'client' })
    })

    it('by closing its half is aborted', async () => {
      const recorder = new Recorder()
      const { port } = await serve(recorder.log, () => {})
      const socket = await connection(port, request('GET', '/'))
      await recorder.started()
      socket.end()
      expect(await recorder.end()).toMatchObject({ message: 'Request aborted', aborted: true, aborted_by: 'client' })
    })

    it('in the middle of its upload is aborted, with the bytes that came', async () => {
      const recorder = new Recorder()
      const { port } = await serve(recorder.log, (req) => req.resume())
      const socket = await connection(port, request('POST', '/', ['Content-Length: 1000'], 'x'.repeat(300)))
      await recorder.started()
      await delay(20)
      socket.destroy()
      const end = await recorder.end()
      expect(end).toMatchObject({ message: 'Request aborted', level: 'WARN', aborted: true, request_bytes: 300 })
      expect(end).not.toHaveProperty('status_code')
      expect(end).not.toHaveProperty('error')
    })

    it('in the middle of its download is aborted, with the status that it has seen', async () => {
      const recorder = new Recorder()
      const { port } = await serve(recorder.log, (_req, res) => {
        res.setHeader('Content-Length', 100_000_000)
        res.write('x'.repeat(1000))
      })
      const socket = await connection(port, request('GET', '/'))
      await until(() => socket.received().length > 1000)
      socket.destroy()
      const end = await recorder.end()
      expect(end).toMatchObject({ message: 'Request aborted', aborted: true, status_code: 200 })
      expect(end).not.toHaveProperty('response_bytes')
    })
  })

  it('that is cut by the server is aborted by the server', async () => {
    const recorder = new Recorder()
    const { server, port } = await serve(recorder.log, () => {})
    await connection(port, request('GET', '/'))
    await recorder.started()
    server.closeAllConnections()
    expect(await recorder.end()).toMatchObject({ level: 'WARN', aborted: true, aborted_by: 'server' })
  })

  it('that times out is aborted by the server', async () => {
    const recorder = new Recorder()
    const { server, port } = await serve(recorder.log, () => {})
    server.setTimeout(50)
    await connection(port, request('GET', '/'))
    expect(await recorder.end()).toMatchObject({ level: 'WARN', aborted: true, aborted_by: 'server' })
  })

  it('counts a streamed response, such as server-sent events', async () => {
    const recorder = new Recorder()
    const { url } = await serve(recorder.log, async (req, res) => {
      res.writeHead(200, { 'Content-Type': 'text/event-stream' })
      for (let i = 0; i < 3; i++) {
        res.write(`data: ${i}\n\n`)
        await delay(5)
        req.log.info('sent', { i })
      }
      res.end()
    })
    await (await fetch(url)).text()
    expect(await recorder.end()).toMatchObject({ message: 'Request completed', status_code: 200, response_bytes: 27 })
    expect(recorder.lines('sent')).toHaveLength(3)
  })

  it('of server-sent events that the client leaves is aborted', async () => {
    const recorder = new Recorder()
    const { port } = await serve(recorder.log, (_req, res) => {
      res.writeHead(200, { 'Content-Type': 'text/event-stream' })
      res.write('data: 1\n\n')
    })
    const socket = await connection(port, request('GET', '/'))
    await until(() => socket.received().includes('data: 1'))
    socket.destroy()
    expect(await recorder.end()).toMatchObject({ level: 'WARN', aborted: true, status_code: 200 })
  })

  it('by HEAD is completed without a body', async () => {
    const recorder = new Recorder()
    const { url } = await serve(recorder.log, (_req, res) => res.end('hello'))
    await fetch(url, { method: 'HEAD' })
    expect(await recorder.end()).toMatchObject({ method: 'HEAD', status_code: 200, response_bytes: 0 })
  })

  it('counts the bytes of its body, as they came', async () => {
    const recorder = new Recorder()
    const { url } = await serve(recorder.log, async (req, res) => {
      for await (const _chunk of req) recorder.log.info('chunk')
      res.end('äöü')
    })
    await (await fetch(url, { method: 'POST', body: 'é'.repeat(500) })).text()
    expect(await recorder.end()).toMatchObject({ request_bytes: 1000, response_bytes: 6 })
    expect(recorder.lines('chunk')[0]).toHaveProperty('request_id')
  })

  it('after another on a kept-alive connection has a context of its own', async () => {
    const recorder = new Recorder()
    const { port } = await serve(recorder.log, (_req, res) => res.end('x'))
    const socket = await connection(port)
    for (const id of ['a', 'b', 'c']) {
      socket.write(request('GET', `/${id}`, [`X-Request-ID: ${id}`]))
      await recorder.ends('abc'.indexOf(id) + 1)
    }
    expect((await recorder.ends(3)).map(({ request_id, path }) => `${path}=${request_id}`)).toEqual([
      '/a=a',
      '/b=b',
      '/c=c',
    ])
  })

  it('among pipelined ones has its own pair of lines, whatever becomes of the connection', async () => {
    const recorder = new Recorder()
    const { port } = await serve(recorder.log, (req, res) => {
      if (req.url !== '/never') res.end('x')
    })
    const ids = ['one', 'two', 'never', 'queued', 'last']
    const socket = await connection(port, ids.map((id) => request('GET', `/${id}`, [`X-Request-ID: ${id}`])).join(''))
    await recorder.started(5)
    await delay(20)
    socket.destroy()
    const ends = await recorder.ends(5)
    expect(ends.map(({ request_id, path }) => `/${request_id}` === path)).toEqual(Array(5).fill(true))
    const outcome = (id: string) => ends.filter(({ request_id }) => request_id === id).map(({ message }) => message)
    expect(ids.map(outcome)).toEqual([
      ['Request completed'],
      ['Request completed'],
      ['Request aborted'],
      ['Request aborted'],
      ['Request aborted'],
    ])
  })

  it('leaves no listener on a connection', async () => {
    const recorder = new Recorder({ level: 'silent' })
    const sockets = new Set<import('node:net').Socket>()
    const counts: string[] = []
    const { port } = await serve(recorder.log, (req, res) => {
      sockets.add(req.socket)
      counts.push(
        req.socket
          .eventNames()
          .map((name) => `${String(name)} ${req.socket.listenerCount(name)}`)
          .join(),
      )
      res.end('x')
    })
    const socket = await connection(port)
    for (let i = 0; i < 50; i++) {
      socket.write(request('GET', '/'))
      await until(() => counts.length === i + 1)
      await delay(1)
    }
    expect(sockets.size).toBe(1)
    expect(counts[49]).toBe(counts[5])
  })

  describe('whose error is answered by something that caught it', () => {
    it('tells of it on the completion line, at the level of the status', async () => {
      const recorder = new Recorder()
      let noted = false
      const { url } = await serve(recorder.log, async (_req, res) => {
        await recorder.log.operation('charge', { order_id: 'o-1' }, async () => {
          await delay(1)
          noted = noteError(new RangeError('nothing to charge'))
        })
        res.statusCode = 422
        res.end(String(noted))
      })
      expect(await (await fetch(url)).text()).toBe('true')
      expect(await recorder.end()).toMatchObject({
        level: 'WARN',
        status_code: 422,
        error: 'nothing to charge',
        error_type: 'RangeError',
      })
      expect(recorder.lines('Request failed')).toEqual([])
    })

    it('leaves it to the caller when the request is ignored', async () => {
      const recorder = new Recorder()
      const answer: Handler = (_req, res) => {
        res.end(String(noteError(new RangeError('nothing to charge'))))
      }
      const { url } = await serve(recorder.log, answer, { ignore: '/**' })
      expect(await (await fetch(url)).text()).toBe('false')
      expect(recorder.lines()).toEqual([])
    })
  })

  describe('with a stream that fails', () => {
    it('after the headers were sent is an ERROR with the error, and cut', async () => {
      const recorder = new Recorder()
      const { port } = await serve(recorder.log, async (_req, res) => {
        const source = Readable.from(
          (async function* () {
            yield 'x'.repeat(100)
            await delay(10)
            throw new RangeError('disk gone')
          })(),
        )
        await pipeline(source, res).catch(() => {})
      })
      const socket = await connection(port, request('GET', '/'))
      await once(socket, 'close')
      const end = await recorder.end()
      expect(end).toMatchObject({
        level: 'ERROR',
        error: 'disk gone',
        error_type: 'RangeError',
        aborted: true,
        aborted_by: 'server',
        status_code: 200,
      })
      expect(end.traceback).toContain('RangeError: disk gone')
      expect(recorder.lines().filter(({ level }) => level === 'ERROR')).toHaveLength(1)
    })
  })

  describe('that is to be ignored', () => {
    it.each([
      ['path', '/health'],
      ['glob', '/heal*'],
      ['list', ['/x', '/h*']],
      ['function', (req: { url?: string }) => req.url?.startsWith('/health') === true],
    ])('by %s has no lines of its own, but its ids', async (_kind, ignore) => {
      const recorder = new Recorder()
      const handler = async (req: { log: Logger }, res: { end(): void }) => {
        await delay(1)
        req.log.info('mine')
        recorder.log.info('any')
        res.end()
      }
      const { url } = await serve(recorder.log, handler as never, { ignore: ignore as never })
      const response = await fetch(`${url}/health?deep=1`, { headers: { 'x-request-id': 'probe-1' } })
      expect(response.headers.get('x-request-id')).toBe('probe-1')
      await delay(20)
      expect(recorder.lines().map(({ message, request_id }) => `${message} ${request_id}`)).toEqual([
        'mine probe-1',
        'any probe-1',
      ])
      await fetch(`${url}/other`)
      expect(await recorder.end()).toMatchObject({ path: '/other' })
    })
  })

  it('shows headers and query that are asked for, redacted', async () => {
    const recorder = new Recorder()
    const { url } = await serve(recorder.log, (_req, res) => res.end(), {
      logHeaders: ['Accept-Language', 'Authorization', 'X-Missing'],
      logQuery: true,
    })
    await fetch(`${url}/?tag=a&tag=b&password=hunter2`, {
      headers: { 'accept-language': 'de', authorization: 'Bearer abc.def.ghi' },
    })
    const end = await recorder.end()
    expect(end.headers).toEqual({ 'accept-language': 'de', authorization: '***REDACTED***' })
    expect(end.query).toEqual({ tag: ['a', 'b'], password: '***REDACTED***' })
    expect(recorder.destination.lines.join()).not.toMatch(/hunter2|abc\.def/)
  })

  it('takes more fields from the application', async () => {
    const recorder = new Recorder()
    const customFields = (req: { url?: string }, res: { statusCode: number }) => ({ u: req.url, s: res.statusCode })
    const { url } = await serve(recorder.log, (_req, res) => res.end(), { customFields: customFields as never })
    await fetch(`${url}/x`)
    expect(await recorder.end()).toMatchObject({ u: '/x', s: 200 })
  })

  it('survives options that throw, and says so once', async () => {
    const recorder = new Recorder()
    const boom = () => {
      throw new Error('boom')
    }
    const options = { ignore: boom, trustIncoming: boom, customFields: boom }
    const { url } = await serve(recorder.log, (_req, res) => res.end('fine'), options)
    for (let i = 0; i < 2; i++) expect(await (await fetch(url)).text()).toBe('fine')
    const ends = await recorder.ends(2)
    expect(ends).toMatchObject([{ status_code: 200 }, { status_code: 200 }])
    const warned = recorder.lines().filter(({ level }) => level === 'WARN')
    expect(warned.map(({ option }) => option).sort()).toEqual(['customFields', 'ignore', 'trustIncoming'])
  })
})

it('is not there for an error that is noted outside any request', () => {
  expect(noteError(new Error('of nobody'))).toBe(false)
})
