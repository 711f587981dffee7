import { loki } from '@throughline/loki'
import { describe, expect, it } from 'vitest'
import { LokiServer } from './loki-server.js'

/** A server that is busy once, and when it was asked. */
async function busyOnce(status: number, retryAfter: () => string) {
  const server = await LokiServer.start()
  const asked: number[] = []
  server.trouble = (request, response) => {
    asked.push(Date.now())
    if (asked.length > 1) return false
    request.resume()
    response.writeHead(status, { 'retry-after': retryAfter() }).end()
    return true
  }
  return { server, asked }
}

const inTwoSeconds = () => new Date(Date.now() + 2_000).toUTCString()

describe.each([429, 503])('a store that answers %i with Retry-After', (status) => {
  it.each([
    ['seconds', () => '1'],
    // It names whole seconds, and so at least one from now.
    ['a date', inTwoSeconds],
  ])('is not asked again before the time that it names as %s', async (_, retryAfter) => {
    const { server, asked } = await busyOnce(status, retryAfter)
    await using _server = server
    const destination = loki({ url: server.url, retry: { baseMs: 1, maxMs: 1 } })
    destination.write('{"message":"x"}\n', 30)
    await destination.close()
    expect(server.records()).toEqual([{ message: 'x' }])
    const [first = 0, second = 0] = asked
    // Timers and the clock may differ by a millisecond.
    expect(second - first).toBeGreaterThanOrEqual(990)
  })
})
