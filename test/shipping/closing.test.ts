import { join } from 'node:path'
import { loki } from '@throughline/loki'
import { createLogger, fanOut, memory } from 'throughline'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../child.js'
import { LokiServer } from './loki-server.js'

const folder = temporaryFolder()

describe.each([
  ['in memory', () => ({})],
  ['in a spool', (name: string) => ({ spool: { dir: join(folder, name) } })],
])('close(), with what waits %s', (_, options) => {
  it('has sent every line, of each destination beside others', async () => {
    await using server = await LokiServer.start()
    const kept = memory()
    const destination = fanOut([kept, loki({ url: server.url, ...options('sent') })])
    const log = createLogger({ service: 'closing', env: {}, destination })
    for (let n = 0; n < 100; n++) log.info('a line', { n })
    await log.close()
    expect(server.records().map(({ n }) => n)).toEqual(Array.from({ length: 100 }, (_, n) => n))
    expect(kept.records).toHaveLength(100)
  })

  it('gives up for everybody who waits for a store that never answers', async () => {
    await using server = await LokiServer.start()
    server.trouble = (request) => {
      request.resume()
      return true
    }
    const destination = loki({ url: server.url, closeTimeoutMs: 100, exitTimeoutMs: 0, ...options('hanging') })
    destination.write('{"message":"x"}\n', 30)
    let isGivenUp = false
    const closing = destination.close().then(() => {
      isGivenUp = true
    })
    // Neither is over before the lines are given up.
    const others = [destination.flush(), destination.close()].map(async (other) => {
      await other
      return isGivenUp
    })
    await closing
    expect(await Promise.all(others)).toEqual([true, true])
    // What was left is nobody's any more, or another process's.
    const { requests } = server
    destination.flushSync()
    await destination.flush()
    await destination.close()
    expect(server.requests).toBe(requests)
  })
})
