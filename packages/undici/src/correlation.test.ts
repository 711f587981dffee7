import { Writable } from 'node:stream'
import { context, createLogger, memory } from 'throughline'
import { ownTraffic } from 'throughline/internal'
import * as undici6 from 'undici-6'
import * as undici7 from 'undici-7'
import * as undici8 from 'undici-8'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Loopback, proxy } from '../test-support/loopback.js'
import { correlation } from './correlation.js'

/** The versions side by side. What is used of them has one type. */
type Undici = typeof undici7
const versions = [
  { version: 6, undici: undici6 as unknown as Undici },
  { version: 7, undici: undici7 },
  { version: 8, undici: undici8 as unknown as Undici },
]

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'

let server: Loopback
let other: Loopback
beforeAll(async () => {
  server = await Loopback.start()
  other = await Loopback.start()
})
beforeEach(() => {
  server.received.length = 0
  other.received.length = 0
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await other[Symbol.asyncDispose]()
})

/** Runs a function in contexts of their own, all at once. */
function inContexts<T>(count: number, fn: (id: string) => Promise<T>): Promise<T[]> {
  const ids = Array.from({ length: count }, (_, i) => `r-${i}`)
  return Promise.all(ids.map((id) => context.run({ request_id: id }, () => fn(id))))
}

/** The requests that carry another id than the one that their path names. */
function wrong({ received }: Loopback): unknown[] {
  return received.filter(
    ({ url, headers }) => new URL(url, 'http://x').searchParams.get('id') !== headers['x-request-id'],
  )
}

describe.each(versions)('correlation with undici $version', ({ version, undici }) => {
  const { interceptors } = undici
  const agent = new undici.Agent()
  afterAll(() => agent.close())

  async function get(dispatcher: InstanceType<typeof undici.Dispatcher>, path: string, headers?: unknown) {
    const { statusCode, body } = await undici.request(`${server.origin}${path}`, {
      dispatcher,
      headers: headers as string[],
    })
    return { statusCode, text: await body.text() }
  }

  it('sends the request id and the trace, with a span of its own for the hop', async () => {
    const correlated = agent.compose(correlation())
    const fields = context.extract({ 'x-request-id': 'r-1', traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'a=1' })
    await context.run(fields, () => get(correlated, '/echo'))
    const { headers } = server.received[0] ?? {}
    expect(headers).toMatchObject({ 'x-request-id': 'r-1', tracestate: 'a=1' })
    const [, trace, span, flags] = String(headers?.traceparent).split('-')
    expect([trace, flags]).toEqual([TRACE, '01'])
    expect([SPAN, fields.span_id]).not.toContain(span)
  })

  it('sends nothing outside a context, and no id that a header cannot carry', async () => {
    const correlated = agent.compose(correlation())
    await get(correlated, '/echo')
    await context.run({ request_id: 'a\r\nb: c' }, () => get(correlated, '/echo'))
    expect(server.all('x-request-id')).toEqual([undefined, undefined])
    expect(server.all('traceparent')).toEqual([undefined, undefined])
  })

  it('sends a trace of its own in a header of its own, and as traceparent with `trace: "always"`', async () => {
    const fields = context.extract({ 'x-request-id': 'r-1', 'throughline-trace': `${TRACE}-${SPAN}` })
    await context.run(fields, () => get(agent.compose(correlation()), '/echo'))
    await context.run(fields, () => get(agent.compose(correlation({ trace: 'always' })), '/echo'))
    await context.run(fields, () => get(agent.compose(correlation({ trace: false })), '/echo'))
    await context.run(fields, () => get(agent.compose(correlation({ to: ['elsewhere.example'] })), '/echo'))
    const own = new RegExp(`^${TRACE}-(?!${SPAN}|${fields.span_id})[0-9a-f]{16}$`)
    expect(server.all('throughline-trace')).toEqual([expect.stringMatching(own), undefined, undefined, undefined])
    const always = expect.stringMatching(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-02$`))
    expect(server.all('traceparent')).toEqual([undefined, always, undefined, undefined])
    expect(server.all('x-request-id')).toEqual(['r-1', 'r-1', 'r-1', undefined])
  })

  it('leaves traces to others with `trace: false`', async () => {
    const correlated = agent.compose(correlation({ trace: false }))
    const fields = context.extract({ 'x-request-id': 'r-1', traceparent: `00-${TRACE}-${SPAN}-01` })
    await context.run(fields, () => get(correlated, '/echo'))
    expect(server.received[0]?.headers).toMatchObject({ 'x-request-id': 'r-1' })
    expect(server.received[0]?.headers.traceparent).toBeUndefined()
  })

  it.each([
    ['an object', { a: '1' }, { a: '1', 'X-Request-ID': 'mine' }],
    ['a flat list', ['a', '1'], ['a', '1', 'X-Request-ID', 'mine']],
    ['Headers', new Headers({ a: '1' }), new Headers({ a: '1', 'X-Request-ID': 'mine' })],
    ['a Map', new Map([['a', '1']]), new Map([...Object.entries({ a: '1', 'X-Request-ID': 'mine' })])],
  ])("adds to headers in %s, where the caller's own win", async (_, headers, withOwn) => {
    const correlated = agent.compose(correlation())
    await context.run({ request_id: 'r-1' }, () => get(correlated, '/echo', headers))
    await context.run({ request_id: 'r-1' }, () => get(correlated, '/echo', withOwn))
    expect(server.all('x-request-id')).toEqual(['r-1', 'mine'])
    expect(server.all('a')).toEqual(['1', '1'])
  })

  it.each([
    ['Agent', () => new undici.Agent()],
    ['Pool', () => new undici.Pool(server.origin)],
    ['Client', () => new undici.Client(server.origin)],
    ['RetryAgent', () => new undici.RetryAgent(new undici.Agent())],
  ])('works on a %s, by its own methods too', async (_, create) => {
    const plain = create()
    const correlated = plain.compose(correlation())
    const own = { origin: server.origin, path: '/echo', method: 'GET' } as const
    await context.run({ request_id: 'r-1' }, () => get(correlated, '/echo'))
    const { body } = await context.run({ request_id: 'r-2' }, () => correlated.request(own))
    await body.dump()
    expect(server.all('x-request-id')).toEqual(['r-1', 'r-2'])
    await plain.close()
  })

  it('works on a ProxyAgent, in the tunnel and not on it', async () => {
    await using through = await proxy()
    // From undici 6.22 and 7.16 on, plain HTTP is only tunnelled when that is asked for.
    const agent = new undici.ProxyAgent({ uri: through.origin, proxyTunnel: true })
    await context.run({ request_id: 'r-1' }, () => get(agent.compose(correlation()), '/echo'))
    expect(server.all('x-request-id')).toEqual(['r-1'])
    expect(through.tunnels).toHaveLength(1)
    expect(through.tunnels[0]).not.toContain('r-1')
    await agent.close()
  })

  it('works on a MockAgent, which sees the headers', async () => {
    const agent = new undici.MockAgent()
    agent.disableNetConnect()
    const seen: unknown[] = []
    const reply = ({ headers }: { headers?: unknown }) => {
      seen.push(headers)
      return { statusCode: 200 }
    }
    agent.get(server.origin).intercept({ path: '/mocked' }).reply(reply)
    await context.run({ request_id: 'r-1' }, () => get(agent.compose(correlation()), '/mocked'))
    expect(JSON.stringify(seen)).toContain('"x-request-id":"r-1"')
    await agent.close()
  })

  it('sends the ids of the call and never of the request that frees the connection', async () => {
    const pool = new undici.Pool(server.origin, { connections: 1 })
    const correlated = pool.compose(correlation())
    await inContexts(60, (id) => get(correlated, `/echo?id=${id}`))
    expect(server.received).toHaveLength(60)
    expect(wrong(server)).toEqual([])
    await pool.close()
  })

  it('hands what arrives to the application in the context of its call', async () => {
    const pool = new undici.Pool(server.origin, { connections: 1 })
    const correlated = pool.compose(correlation())
    const seen = await inContexts(20, async () => {
      const ids = new Set<unknown>()
      const sink = new Writable({
        write(_chunk, _encoding, done) {
          ids.add(context.get('request_id'))
          done()
        },
      })
      await undici.stream(`${server.origin}/echo`, { dispatcher: correlated, method: 'GET' }, () => sink)
      return [...ids].join()
    })
    expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => `r-${i}`))
    await pool.close()
  })

  const orders = [
    ['beneath', (mine: ReturnType<typeof correlation>) => [interceptors.redirect({ maxRedirections: 3 }), mine]],
    ['above', (mine: ReturnType<typeof correlation>) => [mine, interceptors.redirect({ maxRedirections: 3 })]],
  ] as const

  describe.each(orders)('with redirects followed %s it', (_, compose) => {
    it('keeps the id', async () => {
      const pool = new undici.Agent({ connections: 1 })
      const correlated = pool.compose(compose(correlation()))
      await inContexts(20, (id) =>
        get(correlated, `/redirect/?id=${id}&to=${encodeURIComponent(`${other.origin}/echo?id=${id}`)}`),
      )
      expect([server.received.length, other.received.length]).toEqual([20, 20])
      expect([...wrong(server), ...wrong(other)]).toEqual([])
      await pool.close()
    })

    it('drops the ids where they are not allowed, and nothing that the caller set', async () => {
      const correlated = agent.compose(compose(correlation({ to: [server.origin] })))
      const path = `/redirect/?to=${encodeURIComponent(`${other.origin}/echo`)}`
      const fields = context.extract({
        'x-request-id': 'r-1',
        traceparent: `00-${TRACE}-${SPAN}-01`,
        tracestate: 'a=1',
      })
      await context.run(fields, () => get(correlated, path, { 'x-mine': '1' }))
      await context.run(fields, () => get(correlated, path, { 'X-Request-ID': 'mine' }))
      await context.run({ request_id: 'r-2' }, () => get(correlated, path))
      const own = context.extract({ 'x-request-id': 'r-3', 'throughline-trace': `${TRACE}-${SPAN}` })
      await context.run(own, () => get(correlated, path))
      expect(server.all('x-request-id')).toEqual(['r-1', 'mine', 'r-2', 'r-3'])
      expect(other.all('x-request-id')).toEqual([undefined, 'mine', undefined, undefined])
      expect(other.all('throughline-trace')).toEqual(Array(4).fill(undefined))
      expect(other.all('traceparent')).toEqual(Array(4).fill(undefined))
      expect(other.all('tracestate')).toEqual(Array(4).fill(undefined))
      expect(other.all('x-mine')).toEqual(['1', undefined, undefined, undefined])
    })

    it('keeps them where they are allowed', async () => {
      const correlated = agent.compose(compose(correlation({ to: ['127.0.0.1'] })))
      const path = `/redirect/?to=${encodeURIComponent(`${other.origin}/echo`)}`
      await context.run({ request_id: 'r-1' }, () => get(correlated, path))
      expect(other.all('x-request-id')).toEqual(['r-1'])
    })
  })

  const retry = () => interceptors.retry({ minTimeout: 1, maxTimeout: 5 })
  it.each([
    ['beneath', (mine: ReturnType<typeof correlation>) => [retry(), mine]],
    ['above', (mine: ReturnType<typeof correlation>) => [mine, retry()]],
    ['above redirects above', (mine: ReturnType<typeof correlation>) => [mine, interceptors.redirect(), retry()]],
  ])('keeps the id with retries %s it', async (where, compose) => {
    const pool = new undici.Agent({ connections: 2 })
    const correlated = pool.compose(compose(correlation()))
    const run = `${version}-${where.replaceAll(' ', '-')}`
    await inContexts(20, (id) => get(correlated, `/flaky/2?id=${id}&run=${run}`))
    expect(server.received).toHaveLength(60)
    expect(wrong(server)).toEqual([])
    await pool.close()
  })

  it('keeps a call without a context without ids when it is retried amid others', async () => {
    const pool = new undici.Agent({ connections: 1 })
    const correlated = pool.compose(correlation(), retry())
    await context.run({ request_id: 'opener' }, () => get(correlated, '/echo'))
    const outside = get(correlated, `/flaky/2?outside-${version}`)
    await inContexts(20, (id) => get(correlated, `/flaky/1?id=${id}-outside-${version}`))
    await outside
    const sent = server.received
      .filter(({ url }) => url.includes('?outside'))
      .map(({ headers }) => headers['x-request-id'])
    expect(sent).toEqual([undefined, undefined, undefined])
    await pool.close()
  })

  it('knows where a Pool goes that is not told', async () => {
    const pool = new undici.Pool(server.origin)
    const lines = memory()
    const log = createLogger({ service: 'test', env: {}, level: 'debug', destination: lines })
    const request = { path: '/echo', method: 'GET' } as const
    for (const to of [[server.origin], ['elsewhere.example']]) {
      const correlated = pool.compose(correlation({ to, log }))
      const { body } = await context.run({ request_id: 'r-1' }, () => correlated.request(request))
      await body.dump()
    }
    expect(server.all('x-request-id')).toEqual(['r-1', undefined])
    expect(lines.records[0]).toMatchObject({ host: new URL(server.origin).host })
    await pool.close()
  })

  it("leaves logging's own traffic alone", async () => {
    const lines = memory()
    const log = createLogger({ service: 'test', env: {}, level: 'debug', destination: lines })
    const correlated = agent.compose(correlation({ log }))
    await context.run({ request_id: 'r-1' }, () => ownTraffic(() => get(correlated, '/echo')))
    expect(server.all('x-request-id')).toEqual([undefined])
    expect(lines.records).toEqual([])
  })

  it("knows logging's own traffic when it is retried amid others", async () => {
    const lines = memory()
    const log = createLogger({ service: 'test', env: {}, level: 'debug', destination: lines })
    const pool = new undici.Agent({ connections: 1 })
    const correlated = pool.compose(correlation({ log }), retry())
    await context.run({ request_id: 'opener' }, () => get(correlated, '/echo'))
    lines.clear()
    await ownTraffic(() => get(correlated, `/flaky/2?own-${version}`))
    expect(server.all('x-request-id')).toEqual(['opener', undefined, undefined, undefined])
    expect(lines.records).toEqual([])
    await pool.close()
  })

  it('says what is wrong with a call in the words of undici', async () => {
    const correlated = agent.compose(correlation())
    const bad = { origin: server.origin, path: 'no slash', method: 'GET' } as const
    await expect(correlated.request(bad)).rejects.toThrow(/path must be/)
    await expect(get(correlated, '/echo', { 'bad name': '1' })).rejects.toThrow(/header key/)
  })
})

it('has the type that `compose` takes in each version', () => {
  const composed = [
    new undici6.Agent().compose(correlation()),
    new undici7.Agent().compose(undici7.interceptors.retry(), correlation()),
    new undici8.Agent().compose([correlation(), undici8.interceptors.redirect()]),
  ]
  expect(composed.map(({ dispatch }) => typeof dispatch)).toEqual(['function', 'function', 'function'])
})
