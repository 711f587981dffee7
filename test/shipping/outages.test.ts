import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { loki } from '@throughline/loki'
import { createLogger, type Logger } from 'throughline'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../child.js'
import { LokiServer, type Trouble } from './loki-server.js'

const folder = temporaryFolder()

/** For each kind of trouble. Run with 100,000 before a release; it takes two minutes. */
const LINES = Number(process.env.SHIPPING_LINES ?? 10_000)
/** While the store is away. */
const MANY_LINES = 100_000
/** How long it is away. Run with 30,000 before a release. */
const AWAY_MS = Number(process.env.SHIPPING_AWAY_MS ?? 2_000)

const status =
  (code: number, headers = {}) =>
  (request: IncomingMessage, response: ServerResponse) => {
    request.resume()
    response.writeHead(code, headers).end(`status ${code}`)
    return true
  }

/** The requests that trouble befalls: the first, and every so many after it. */
function every(count: number, trouble: Trouble): Trouble {
  let requests = 0
  return (...pair) => requests++ % count === 0 && trouble(...pair)
}

/** Each kind of trouble that a store can be in. */
const troubles: Readonly<Record<string, () => Trouble>> = {
  'answers 429 with Retry-After': () => every(3, status(429, { 'retry-after': '1' })),
  'answers 500 at random':
    () =>
    (...pair) =>
      Math.random() < 0.4 && status(500)(...pair),
  'hangs now and then': () =>
    every(5, (request) => {
      request.resume()
      return true
    }),
  'cuts connections, before it stores or after': () => async (request, response) => {
    if (Math.random() < 0.4) return response.destroy() !== undefined
    // Stored, and the answer never arrives: it has to be sent again.
    if (Math.random() < 0.3) response.writeHead = (() => response.destroy()) as never
    return request.destroyed
  },
  'answers slowly': () => async () => {
    await setTimeout(300)
    return false
  },
}

function log(server: LokiServer, options: object): Logger {
  // Small, so that the trouble befalls some of many requests.
  const batch = { bytes: 64 * 1024, ms: 200 }
  const retry = { baseMs: 50, maxMs: 500 }
  const destination = loki({ url: server.url, timeoutMs: 1_500, closeTimeoutMs: 60_000, batch, retry, ...options })
  return createLogger({ service: 'shipping', env: {}, destination })
}

/** Logs as a busy service does: some lines each turn, over a second and more. */
async function produce(logger: Logger, from: number, to: number): Promise<void> {
  for (let n = from; n < to; n++) {
    logger.info('a line of a busy service', { n })
    if (n % 100 === 0) await setTimeout(0)
  }
}

function expectEachOnce(server: LokiServer, lines: number): void {
  const numbers = server.records().flatMap(({ n }) => (typeof n === 'number' ? [n] : []))
  expect(numbers).toHaveLength(lines)
  expect(new Set(numbers).size).toBe(lines)
}

// Most of it is waiting.
describe.concurrent.each([
  ['in memory', () => ({})],
  ['in a spool', () => ({ spool: { dir: folder } })],
])('lines that wait %s', (_, options) => {
  it.each(Object.entries(troubles))('are all stored once by a store that %s', async (_, trouble) => {
    await using server = await LokiServer.start()
    server.trouble = trouble()
    const logger = log(server, options())
    await produce(logger, 0, LINES)
    await logger.close()
    expectEachOnce(server, LINES)
    expect(logger.stats().dropped).toBe(0)
  })

  it('are all stored once by a store that goes away and comes back', async () => {
    await using server = await LokiServer.start()
    const logger = log(server, options())
    await produce(logger, 0, MANY_LINES / 2)
    await server.close()
    const back = setTimeout(AWAY_MS).then(() => server.open())
    await produce(logger, MANY_LINES / 2, MANY_LINES)
    await back
    await logger.close()
    expectEachOnce(server, MANY_LINES)
    expect(logger.stats().dropped).toBe(0)
  })
})
