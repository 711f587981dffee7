import { once } from 'node:events'
import http, { type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { instrumentHttpClient } from '@throughline/http'
import axios from 'axios'
import got from 'got'
import superagent from 'superagent'
import { context, createLogger, memory } from 'throughline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

interface Client {
  get(url: string): Promise<unknown>
  post(url: string, body: object): Promise<unknown>
  /** A call that is given up when the signal says so. */
  cancelled(url: string, signal: AbortSignal): Promise<unknown>
}

const clients: readonly (Client & { readonly name: string })[] = [
  {
    name: 'axios',
    get: (url) => axios.get(url),
    post: (url, body) => axios.post(url, body),
    cancelled: (url, signal) => axios.get(url, { signal }),
  },
  {
    name: 'got',
    get: (url) => got(url, { retry: { limit: 0 } }).text(),
    post: (url, body) => got.post(url, { json: body }).text(),
    cancelled: (url, signal) => got(url, { signal, retry: { limit: 0 } }).text(),
  },
  {
    name: 'superagent',
    get: (url) => superagent.get(url).then((response) => response.text),
    post: (url, body) => superagent.post(url).send(body),
    cancelled: (url, signal) => {
      const request = superagent.get(url)
      signal.addEventListener('abort', () => void request.abort())
      return request.then(String)
    },
  },
]

const lines = memory()
const log = createLogger({ service: 'test', env: {}, level: 'debug', destination: lines })
let received: { readonly url: string | undefined; readonly id: unknown; readonly host: unknown }[] = []
let origin = ''
let elsewhere = ''

const servers = [0, 1].map(() =>
  http.createServer((req: IncomingMessage, res) => {
    received.push({ url: req.url, id: req.headers['x-request-id'], host: req.headers.host })
    const { pathname, searchParams } = new URL(req.url ?? '', 'http://x')
    if (pathname === '/redirect') res.writeHead(302, { location: searchParams.get('to') ?? '' }).end()
    else if (pathname === '/status/503') res.writeHead(503).end()
    else if (pathname === '/mirror') req.pipe(res)
    else if (pathname !== '/never') res.end('done')
  }),
)

let undo = () => {}
beforeAll(async () => {
  const origins = servers.map(async (server) => {
    await once(server.listen(0, '127.0.0.1'), 'listening')
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  ;[origin = '', elsewhere = ''] = await Promise.all(origins)
  undo = instrumentHttpClient({ log, to: [origin] })
})
afterAll(() => {
  undo()
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

describe.each(clients)('instrumentHttpClient with $name', (client) => {
  const inRequest = <T>(fn: () => Promise<T>) => {
    received = []
    lines.clear()
    // superagent sends when its promise is waited for, which is to happen within.
    return context.run({ request_id: 'r-1' }, async () => await fn())
  }

  /** The lines, once there are so many: a request is over when its connection has let go of it. */
  const linesOf = async (count: number) => {
    await expect.poll(() => lines.records.length).toBe(count)
    return lines.records
  }

  it('sends the ids and logs the call', async () => {
    await inRequest(() => client.get(`${origin}/echo?token=hunter2`))
    expect(received).toMatchObject([{ url: '/echo?token=hunter2', id: 'r-1' }])
    expect(await linesOf(1)).toMatchObject([{ level: 'DEBUG', path: '/echo', status_code: 200, request_id: 'r-1' }])
    expect(lines.lines.join()).not.toContain('hunter2')
  })

  it('sends a body as it is', async () => {
    await inRequest(() => client.post(`${origin}/mirror`, { order: 7 }))
    expect(await linesOf(1)).toMatchObject([{ method: 'POST', path: '/mirror', status_code: 200 }])
    expect(received).toMatchObject([{ id: 'r-1' }])
  })

  it('follows redirects with the ids, but not to where they are not allowed', async () => {
    const there = encodeURIComponent(`/redirect?to=${encodeURIComponent(`${elsewhere}/echo`)}`)
    await inRequest(() => client.get(`${origin}/redirect?to=${there}`))
    expect(received.map(({ id }) => id)).toEqual(['r-1', 'r-1', undefined])
    expect((await linesOf(3)).map((line) => line.status_code)).toEqual([302, 302, 200])
    expect(new Set(lines.records.map((line) => line.request_id))).toEqual(new Set(['r-1']))
  })

  it('keeps the ids of dozens of requests apart', async () => {
    received = []
    lines.clear()
    const ids = Array.from({ length: 40 }, (_, i) => `r-${i}`)
    await Promise.all(ids.map((id) => context.run({ request_id: id }, () => client.get(`${origin}/echo/${id}`))))
    expect(received.filter(({ url, id }) => url === `/echo/${id}`)).toHaveLength(40)
    await linesOf(40)
  })

  it('has one line for a failure, one for a refusal and one for what was given up', async () => {
    await inRequest(() => client.get(`${origin}/status/503`).catch(String))
    expect(await linesOf(1)).toMatchObject([{ level: 'WARN', status_code: 503 }])
    await inRequest(() => client.get('http://127.0.0.1:1/').catch(String))
    expect(await linesOf(1)).toMatchObject([{ level: 'WARN', error_code: 'ECONNREFUSED' }])
    const controller = new AbortController()
    const cancelled = inRequest(() => client.cancelled(`${origin}/never`, controller.signal).catch(String))
    await expect.poll(() => received.length).toBe(1)
    controller.abort()
    await cancelled
    expect(await linesOf(1)).toMatchObject([{ level: 'DEBUG', aborted: true, path: '/never' }])
  })
})
