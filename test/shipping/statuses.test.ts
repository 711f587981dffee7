import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { loki } from '@throughline/loki'
import { otlp } from '@throughline/otlp'
import { createLogger } from 'throughline'
import { describe, expect, it, vi } from 'vitest'
import { temporaryFolder } from '../child.js'

/** A store that answers whatever the test wants, and counts its requests. */
class Store implements AsyncDisposable {
  requests = 0
  readonly headers: (string | undefined)[] = []
  answer: (response: ServerResponse) => void = (response) => void response.writeHead(204).end()
  private readonly server = createServer((request, response) => {
    this.requests++
    this.headers.push(request.headers.authorization)
    request.resume().on('end', () => this.answer(response))
  })

  static async start(): Promise<Store> {
    const store = new Store()
    await new Promise<void>((resolve) => store.server.listen(0, '127.0.0.1', resolve))
    return store
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/push`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

const stores = { loki, otlp: (options: object) => otlp({ env: {}, ...options }) } as const
const until = (check: () => void) => vi.waitFor(check, { timeout: 60_000, interval: 10 })
const quick = {
  batch: { ms: 5 },
  retry: { baseMs: 5, maxMs: 40 },
  timeoutMs: 300,
  closeTimeoutMs: 300,
  exitTimeoutMs: 0,
}

/** Statuses after which the same lines are never sent again; each of a class, and those that proxies add. */
const REFUSING = [
  ...[300, 301, 302, 303, 304, 307, 308],
  ...[400, 401, 402, 403, 404, 405, 406, 409, 410, 411, 413, 414, 415, 421, 422, 426, 431, 451],
]
/** And those after which they are. */
const AWAY = [408, 429, 500, 501, 502, 503, 504, 520, 599]

const kinds = Object.keys(stores) as (keyof typeof stores)[]
const ways = [
  ['in memory', (_: string) => ({})],
  ['in a spool', (dir: string) => ({ spool: { dir } })],
] as const
const cases = kinds.flatMap((kind) => ways.map(([way, options]) => [kind, way, options] as const))

function lettersIn(dir: string): number[] {
  const path = join(dir, 'dead-letters.jsonl')
  if (!existsSync(path)) return []
  const text = readFileSync(path, 'utf8').trimEnd()
  if (text === '') return []
  return text
    .split('\n')
    .flatMap((line) => (JSON.parse(line) as { entries: { n: number }[] }).entries.map(({ n }) => n))
    .sort((a, b) => a - b)
}

describe.concurrent.each(cases)('%s, with lines %s', (kind, _, options) => {
  it.each(REFUSING)('sends nothing again after a %i, counts the lines once, and is idle', async (status) => {
    await using store = await Store.start()
    store.answer = (response) =>
      void response.writeHead(status, { location: store.url }).end('none of these'.repeat(status % 2))
    const dir = temporaryFolder()
    const destination = stores[kind]({
      url: store.url,
      ...quick,
      ...options(dir),
      deadLetters: join(dir, 'dead-letters.jsonl'),
    })
    const log = createLogger({ service: 'a', env: {}, destination })
    for (let n = 0; n < 20; n++) log.info('a line', { n })
    await log.flush()
    await until(() => expect(log.stats().droppedByLevel).toEqual({ INFO: 20 }))
    expect(lettersIn(dir)).toEqual(Array.from({ length: 20 }, (_, n) => n))
    const { requests } = store
    // A search for single lines that are refused has its bound.
    expect(requests).toBeLessThan(70)
    await wait(150)
    expect(store.requests).toBe(requests)
    // Nothing was stored: a report of the loss would be lost too.
    expect(log.stats()).toMatchObject({ dropped: 20, transports: [{ stored: 0, refused: 20, waiting: 0, spooled: 0 }] })
    // A line later the store takes again: then the log says what it lacks, once.
    store.answer = (response) => void response.writeHead(200).end()
    log.info('again')
    await until(() => expect(log.stats().transports?.[0]?.stored).toBe(2))
    log.info('and again')
    await log.close()
    expect(log.stats()).toMatchObject({ dropped: 20, transports: [{ stored: 3, refused: 20 }] })
  })

  it.each(AWAY)('keeps the lines after a %i, and has each of them stored or counted in the end', async (status) => {
    await using store = await Store.start()
    store.answer = (response) => void response.writeHead(status).end()
    const dir = temporaryFolder()
    const log = createLogger({
      ...{ service: 'a', env: {} },
      destination: stores[kind]({ url: store.url, ...quick, ...options(dir), closeTimeoutMs: 20_000 }),
    })
    for (let n = 0; n < 20; n++) log.info('a line', { n })
    await until(() => expect(store.requests).toBeGreaterThan(2))
    const [health] = log.stats().transports ?? []
    expect({ ...health, lines: (health?.waiting ?? 0) + (health?.spooled ?? 0) }).toMatchObject({
      ...{ stored: 0, refused: 0, lines: 20, lastError: `status ${status}` },
    })
    store.answer = (response) => void response.writeHead(200).end()
    await log.close()
    expect(log.stats()).toMatchObject({ dropped: 0, transports: [{ stored: 20, refused: 0, waiting: 0, spooled: 0 }] })
  })

  it.each([
    ['never answers', () => {}, 'ETIMEDOUT'],
    ['cuts the connection', (response: ServerResponse) => void response.destroy(), /ECONNRESET|UND_ERR_SOCKET/],
    [
      'cuts its answer',
      (response: ServerResponse) =>
        void response.writeHead(200, { 'content-length': 9 }).write('x', () => response.destroy()),
      /./,
    ],
    ['answers with informational heads alone', (response: ServerResponse) => response.writeProcessing(), 'ETIMEDOUT'],
    [
      'switches protocols',
      (response: ServerResponse) => void response.writeHead(101, { upgrade: 'x', connection: 'upgrade' }).end(),
      /./,
    ],
  ])('keeps the lines while the store %s, and counts or leaves what is left once', async (_what, answer, error) => {
    await using store = await Store.start()
    store.answer = answer
    const dir = temporaryFolder()
    const log = createLogger({
      ...{ service: 'a', env: {} },
      destination: stores[kind]({ url: store.url, ...quick, ...options(dir) }),
    })
    for (let n = 0; n < 20; n++) log.info('a line', { n })
    await until(() => expect(log.stats().transports?.[0]?.lastError).toMatch(error))
    await log.close()
    const isSpooled = 'spool' in options(dir)
    expect(log.stats().droppedByLevel).toEqual(isSpooled ? {} : { INFO: 20 })
    const segments = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.segment'))
    expect(segments.length > 0).toBe(isSpooled)
  })

  it('does not go round when only its report is refused', async () => {
    await using store = await Store.start()
    const dir = temporaryFolder()
    store.answer = (response) => void response.writeHead(403).end('no')
    const log = createLogger({
      ...{ service: 'a', env: {} },
      destination: stores[kind]({ url: store.url, ...quick, ...options(dir) }),
    })
    log.info('refused')
    await until(() => expect(log.stats().dropped).toBe(1))
    let answers = 0
    store.answer = (response) => void response.writeHead(answers++ === 0 ? 204 : 403).end('no')
    log.info('stored')
    // Its report is refused, and counted like any line.
    await until(() => expect(log.stats().dropped).toBe(2))
    const { requests } = store
    await wait(150)
    expect(store.requests).toBe(requests)
    await log.close()
    expect(store.requests).toBe(requests)
  })
})

describe('a store that finds every request too large', () => {
  it.each(ways)('is asked a bounded number of times for a batch (%s)', async (_, options) => {
    await using store = await Store.start()
    store.answer = (response) => void response.writeHead(413).end()
    const dir = temporaryFolder()
    const log = createLogger({
      ...{ service: 'a', env: {} },
      destination: loki({ url: store.url, ...quick, ...options(dir), closeTimeoutMs: 60_000 }),
    })
    for (let n = 0; n < 5_000; n++) log.info('a line', { n })
    await log.close()
    expect(log.stats().droppedByLevel).toEqual({ INFO: 5_000 })
    expect(store.requests).toBeLessThan(100)
  })
})

describe('a token that is renewed', () => {
  it('is read again after a 401, by a function or from a file, and what it refused is sent with the new one', async () => {
    for (const form of ['function', 'file']) {
      await using store = await Store.start()
      const path = join(temporaryFolder(), 'token')
      let token = 'first-token'
      const renew = (next: string) => {
        token = next
        writeFileSync(path, `${next}\n`)
      }
      renew('first-token')
      const auth = form === 'file' ? { bearerFile: path } : { bearer: async () => token }
      const log = createLogger({ service: 'a', env: {}, destination: loki({ url: store.url, ...quick, auth }) })
      log.info('one')
      await until(() => expect(log.stats().transports?.[0]?.stored).toBe(1))
      store.answer = (response) =>
        void response.writeHead(store.headers.at(-1) === 'Bearer second-token' ? 204 : 401).end('first-token expired')
      renew('second-token')
      log.info('two')
      await until(() => expect(log.stats().transports?.[0]?.stored).toBe(2))
      expect(store.headers).toEqual(['Bearer first-token', 'Bearer first-token', 'Bearer second-token'])
      // The same token again: the store means it.
      store.answer = (response) => void response.writeHead(401).end('no second-token here')
      log.info('three')
      await log.close()
      expect(log.stats()).toMatchObject({ dropped: 1 })
      expect(JSON.stringify(log.stats())).not.toMatch(/(first|second)-token/)
      expect(store.requests).toBe(4)
    }
  })
})
