import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { context, createLogger, type Logger, type MemoryDestination, memory } from 'throughline'
import * as undici6 from 'undici-6'
import * as undici7 from 'undici-7'
import * as undici8 from 'undici-8'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Loopback, refusing } from '../test-support/loopback.js'
import { correlation } from './correlation.js'

/** The versions side by side. What is used of them has one type. */
type Undici = typeof undici7
const versions = [
  { version: 6, undici: undici6 as unknown as Undici },
  { version: 7, undici: undici7 },
  { version: 8, undici: undici8 as unknown as Undici },
]

let server: Loopback
let lines: MemoryDestination
let log: Logger
const rejections: unknown[] = []
const onRejection = (reason: unknown) => rejections.push(reason)

beforeAll(async () => {
  server = await Loopback.start()
  process.on('unhandledRejection', onRejection)
})
beforeEach(() => {
  lines = memory()
  log = createLogger({ service: 'test', env: {}, level: 'debug', destination: lines })
})
afterEach(async () => {
  // A rejection that nobody handles is told after the microtasks of its turn.
  await new Promise(setImmediate)
  expect(rejections).toEqual([])
})
afterAll(async () => {
  process.off('unhandledRejection', onRejection)
  await server[Symbol.asyncDispose]()
})

/** The lines about calls. */
function calls(): Record<string, unknown>[] {
  return lines.records.filter(({ message }) => message === 'Outgoing request completed')
}

describe.each(versions)('the line of a call with undici $version', ({ version, undici }) => {
  const agent = new undici.Agent()
  const correlated = agent.compose(correlation())
  afterAll(() => agent.destroy())

  const operation = () => log.begin({ name: 'request', kind: 'request', fields: { request_id: 'r-1' } })
  const get = async (path: string, options: object = {}) => {
    const { body } = await undici.request(`${server.origin}${path}`, { dispatcher: correlated, ...options })
    return body.text()
  }
  /** Runs calls that fail in a request of their own. */
  const failing = (path: string, options: object = {}) => operation().run(() => get(path, options).catch(String))

  it('says what came of it at DEBUG, as the span whose id went along', async () => {
    const request = operation()
    await request.run(() => get('/echo?a=1'))
    const [line] = calls()
    expect(line).toMatchObject({ level: 'DEBUG', method: 'GET', path: '/echo', status_code: 200, request_id: 'r-1' })
    expect(line?.host).toBe(new URL(server.origin).host)
    expect(line?.duration_ms).toBeGreaterThan(0)
    expect(line?.parent_span_id).toBe(request.fields().span_id)
    expect(server.received.at(-1)?.headers['throughline-trace']).toBe(`${line?.trace_id}-${line?.span_id}`)
    expect(calls()).toHaveLength(1)
    expect(line).not.toHaveProperty('attempt')
  })

  const given = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  it.each([
    ['an object', { TraceParent: given }],
    ['a flat list', ['traceparent', given]],
    ['Headers', new Headers({ traceparent: given })],
  ])('is the span that the caller sent by a traceparent of its own, in %s', async (_, headers) => {
    await operation().run(() => get('/echo', { headers }))
    expect(server.received.at(-1)?.headers).toMatchObject({ traceparent: given })
    expect(server.received.at(-1)?.headers).not.toHaveProperty('throughline-trace')
    expect(calls()[0]).toMatchObject({ trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16), request_id: 'r-1' })
    expect(calls()[0]).not.toHaveProperty('parent_span_id')
  })

  it('stays the span of the request where none was sent, or that one was', async () => {
    const fields = context.extract({ traceparent: given })
    const elsewhere = agent.compose(correlation({ to: ['elsewhere.example'] }))
    const without = agent.compose(correlation({ trace: false }))
    await log.begin({ name: 'request', kind: 'request', fields }).run(async () => {
      await get('/echo', { dispatcher: elsewhere })
      await get('/echo', { dispatcher: without })
      await get('/echo', { headers: { traceparent: undefined } })
      await get('/echo', { headers: { traceparent: 'broken' } })
      await get('/echo', { headers: context.inject({}) })
    })
    const { trace_id, span_id, parent_span_id } = fields
    expect(server.all('throughline-trace').slice(-5)).toEqual(Array(5).fill(undefined))
    expect(calls().map((line) => [line.trace_id, line.span_id, line.parent_span_id])).toEqual(
      Array(5).fill([trace_id, span_id, parent_span_id]),
    )
  })

  it('says at WARN that the server failed, and at DEBUG that it refused', async () => {
    await failing('/status/503')
    await failing('/status/404')
    expect(calls()).toMatchObject([
      { level: 'WARN', status_code: 503 },
      { level: 'DEBUG', status_code: 404 },
    ])
  })

  it('has one line for a refused connection, with the error', async () => {
    const origin = await refusing()
    await operation().run(() => undici.request(origin, { dispatcher: correlated }).catch(String))
    expect(calls()).toHaveLength(1)
    expect(calls()[0]).toMatchObject({ level: 'WARN', error_code: 'ECONNREFUSED', host: new URL(origin).host })
    expect(calls()[0]).not.toHaveProperty('status_code')
  })

  it('has one line for a server that is too slow', async () => {
    await failing('/never', { headersTimeout: 1 })
    await failing('/never', { signal: AbortSignal.timeout(5) })
    expect(calls()).toMatchObject([
      { level: 'WARN', error_code: 'UND_ERR_HEADERS_TIMEOUT' },
      { level: 'WARN', error_type: 'TimeoutError' },
    ])
    expect(calls()[1]).not.toHaveProperty('aborted')
  })

  it('has one line for a call that the application gave up, which is no failure', async () => {
    const controller = new AbortController()
    const request = failing('/never', { signal: controller.signal })
    await expect.poll(() => server.received.at(-1)?.url).toBe('/never')
    controller.abort()
    await request
    expect(calls()).toHaveLength(1)
    expect(calls()[0]).toMatchObject({ level: 'DEBUG', aborted: true, error_type: 'AbortError' })
    expect(calls()[0]).not.toHaveProperty('status_code')
  })

  it('has one line for a call that was given up before it had a connection', async () => {
    const pool = new undici.Pool(server.origin, { connections: 1 })
    const controller = new AbortController()
    const dispatcher = pool.compose(correlation())
    const first = new AbortController()
    const busy = failing('/never', { dispatcher, signal: first.signal })
    const queued = failing('/echo', { dispatcher, signal: controller.signal })
    controller.abort()
    first.abort()
    await Promise.all([busy, queued])
    expect(calls()).toMatchObject([
      { path: '/never', aborted: true },
      { path: '/echo', aborted: true },
    ])
    await pool.destroy()
  })

  it('has one line for a response that is cut off, and one for a body that is not read on', async () => {
    await failing('/cut')
    const { body } = await operation().run(() => undici.request(`${server.origin}/cut`, { dispatcher: correlated }))
    body.on('error', () => {}).destroy()
    await expect.poll(() => calls().length).toBe(2)
    expect(calls()).toMatchObject([
      { level: 'WARN', status_code: 200, error_code: expect.any(String) },
      { level: 'DEBUG', status_code: 200, aborted: true },
    ])
  })

  it('has one line for each call when the dispatcher is destroyed', async () => {
    const doomed = new undici.Agent({ connections: 1 })
    const dispatcher = doomed.compose(correlation())
    const requests = [failing('/never', { dispatcher }), failing('/never', { dispatcher })]
    await doomed.destroy()
    await Promise.all(requests)
    await failing('/echo', { dispatcher })
    expect(calls()).toHaveLength(3)
    expect(new Set(calls().map(({ level }) => level))).toEqual(new Set(['WARN']))
  })

  it('has one line for what undici refuses to send', async () => {
    await failing('/echo', { headers: { 'bad name': '1' } })
    expect(calls()).toMatchObject([{ level: 'WARN', error_type: 'InvalidArgumentError' }])
  })

  it('counts the attempts of retries above it, a line for each', async () => {
    const retry = undici.interceptors.retry({ minTimeout: 1 })
    const dispatcher = agent.compose(correlation(), undici.interceptors.redirect(), retry)
    await operation().run(() => get(`/flaky/2?lines-${version}`, { dispatcher }))
    expect(calls()).toMatchObject([
      { level: 'WARN', status_code: 503 },
      { level: 'WARN', status_code: 503, attempt: 2 },
      { level: 'DEBUG', status_code: 200, attempt: 3 },
    ])
    expect(calls().map((line) => line.aborted)).toEqual([undefined, undefined, undefined])
  })

  it('counts the attempts of retries beneath it in one line, where undici tells of them', async () => {
    const dispatcher = agent.compose(undici.interceptors.retry({ minTimeout: 1 }), correlation())
    await operation().run(() => get(`/flaky/2?one-line-${version}`, { dispatcher }))
    expect(calls()).toMatchObject([{ level: 'DEBUG', status_code: 200, ...(version === 6 ? {} : { attempt: 3 }) }])
    expect(calls()).toHaveLength(1)
  })

  it('says what the answer was when retries beneath it have come to their end', async () => {
    const retry = undici.interceptors.retry({ minTimeout: 1, maxRetries: 1 })
    await failing('/status/503', { dispatcher: agent.compose(retry, correlation()) })
    expect(calls()).toMatchObject([{ level: 'WARN', status_code: 503 }])
    expect(calls()).toHaveLength(1)
  })

  it('takes no redirect and no other call for another attempt', async () => {
    const redirect = () => undici.interceptors.redirect({ maxRedirections: 2 })
    for (const dispatcher of [agent.compose(correlation(), redirect()), agent.compose(redirect(), correlation())]) {
      await operation().run(() => get('/redirect/?to=/echo', { dispatcher }))
    }
    await operation().run(() => failing('/status/503').then(() => get('/status/503')))
    expect(calls().map(({ path }) => path)).toEqual(['/redirect/', '/echo', '/redirect/', '/status/503', '/status/503'])
    expect(calls().filter((line) => 'attempt' in line)).toEqual([])
  })

  it('never shows userinfo or a query, nor does an error that quotes them', async () => {
    const url = new URL(`${server.origin}/status/500?api=hunter2`)
    url.username = 'admin'
    url.password = 'hunter3'
    await operation().run(() => undici.request(url, { dispatcher: correlated }).then(({ body }) => body.dump()))
    const mock = new undici.MockAgent()
    mock.disableNetConnect()
    mock.get(server.origin)
    await failing('/none?api=hunter2', { dispatcher: mock.compose(correlation()) })
    expect(calls()).toMatchObject([{ path: '/status/500' }, { path: '/none', error_type: 'MockNotMatchedError' }])
    expect(lines.lines.join()).not.toMatch(/hunter|admin/)
    await mock.close()
  })

  it('goes to the logger of the option, in the context of the call, and nowhere with false', async () => {
    const own = memory()
    const log = createLogger({ service: 'own', env: {}, level: 'debug', destination: own })
    const pool = new undici.Pool(server.origin, { connections: 1 })
    const dispatcher = pool.compose(correlation({ log }))
    const ids = Array.from({ length: 20 }, (_, i) => `r-${i}`)
    await Promise.all(ids.map((id) => operationOf(id).run(() => get(`/echo/${id}`, { dispatcher }))))
    expect(own.records.map(({ path }) => path)).toHaveLength(20)
    expect(own.records.filter(({ path, request_id }) => path !== `/echo/${request_id}`)).toEqual([])
    await operation().run(() => get('/echo', { dispatcher: pool.compose(correlation({ log: false })) }))
    await get('/echo')
    expect(calls()).toEqual([])
    await pool.close()
  })
  const operationOf = (id: string) => log.begin({ name: 'request', kind: 'request', fields: { request_id: id } })

  it.each([
    ['a failure of the server', '/status/500', {}, true],
    ['a network error', '/cut', {}, true],
    ['a deadline', '/never', { signal: () => AbortSignal.timeout(5) }, true],
    ['a refusal of the server', '/status/404', {}, false],
    ['success', '/echo', {}, false],
  ])(
    'lets %s decide whether the operation is kept, without a line too',
    async (_, path, { signal }: { signal?: () => AbortSignal }, isKept) => {
      const sampled = memory()
      const sampling = { success: 0 }
      const log = createLogger({ service: 'test', env: {}, destination: sampled, sampling })
      const request = log.begin({ name: 'request', kind: 'request', fields: { request_id: 'r-1' } })
      const dispatcher = agent.compose(correlation({ log: false }))
      await request.run(async () => {
        log.info('held')
        await get(path, { dispatcher, signal: signal?.() }).catch(String)
      })
      request.end({ message: 'Request completed', level: 'info', fields: {}, failed: false, durationMs: 1 })
      expect(sampled.records.map(({ message }) => message)).toEqual(isKept ? ['held', 'Request completed'] : [])
      await log.close()
    },
  )

  it('leaves the streams of a call as they are', async () => {
    const content = randomBytes(3_000_000)
    const { body } = await operation().run(() =>
      undici.request(`${server.origin}/mirror`, {
        dispatcher: correlated,
        method: 'POST',
        body: Readable.from([content.subarray(0, 1_000_000), content.subarray(1_000_000)]),
      }),
    )
    const hash = createHash('sha256')
    for await (const chunk of body) hash.update(chunk as Buffer)
    expect(hash.digest('hex')).toBe(createHash('sha256').update(content).digest('hex'))
    expect(calls()).toMatchObject([{ method: 'POST', status_code: 200 }])
  })

  it('waits for a reader that is slow, as without it', async () => {
    const size = 40_000_000
    const { body } = await operation().run(() =>
      undici.request(`${server.origin}/zeros/${size}`, { dispatcher: correlated }),
    )
    // What was not read stays with the server: the stream holds what its buffer takes and a chunk of the socket.
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(body.readableLength).toBeLessThan(1_000_000)
    let read = 0
    for await (const chunk of body) read += (chunk as Buffer).length
    expect(read).toBe(size)
  })

  it('logs an upgrade with its status', async () => {
    const client = new undici.Client(server.origin)
    const { socket } = await operation().run(() => client.compose(correlation()).upgrade({ path: '/upgrade' }))
    socket.destroy()
    expect(calls()).toMatchObject([{ path: '/upgrade', status_code: 101, level: 'DEBUG' }])
    await client.destroy()
  })
})
