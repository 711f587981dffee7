import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { ended, noPosix, start, temporaryFolder } from '../child.js'
import { LokiServer } from './loki-server.js'

const folder = temporaryFolder()
const tls = join(import.meta.dirname, 'tls')
const path = join(import.meta.dirname, 'ending.mjs')

async function run(url: string, ...args: string[]) {
  const child = start({ path, args: [url, ...args], env: { CA: join(tls, 'cert.pem') } }, ['ignore', 'ignore', 'pipe'])
  const [stderr, ending] = await Promise.all([text(child.stderr as NodeJS.ReadableStream), ended(child)])
  return { stderr, ...ending }
}

const numbers = (server: LokiServer) => server.records().flatMap(({ n }) => (typeof n === 'number' ? [n] : []))

describe.skipIf(noPosix)('a process that ends without close()', () => {
  it.each([
    ['natural', 0, null, 100],
    ['exit', 3, null, 100],
    ['crash', 1, null, 100],
    ['SIGTERM', null, 'SIGTERM', 100],
    ['SIGINT', null, 'SIGINT', 100],
    ['handled', 0, null, 101],
  ])('has sent every line when its end is %s', async (ending, code, signal, lines) => {
    for (const spool of [[], [join(folder, ending)]]) {
      await using server = await LokiServer.start()
      expect(await run(server.url, ending, ...spool)).toMatchObject({ code, signal })
      expect(new Set(numbers(server)).size).toBe(lines)
      if (ending === 'crash') expect(server.records().map(({ message }) => message)).toContain('Process crashed')
    }
  })

  it('has sent every line over TLS', async () => {
    const identity = { key: readFileSync(join(tls, 'key.pem')), cert: readFileSync(join(tls, 'cert.pem')) }
    await using server = await LokiServer.start(identity)
    expect(await run(server.url, 'exit')).toEqual({ code: 3, signal: null, stderr: '' })
    expect(new Set(numbers(server)).size).toBe(100)
  })

  it('asks a busy store again when that asked for it, and not where that would be too late', async () => {
    await using server = await LokiServer.start()
    const busy = (seconds: number, times: number) => {
      server.requests = 0
      server.trouble = (request, response) => {
        if (server.requests > times) return false
        request.resume()
        response.writeHead(429, { 'retry-after': String(seconds) }).end()
        return true
      }
    }
    busy(1, 1)
    expect(await run(server.url, 'exit')).toEqual({ code: 3, signal: null, stderr: '' })
    expect(server.requests).toBe(2)
    expect(numbers(server)).toHaveLength(100)
    busy(60, 100)
    expect((await run(server.url, 'exit')).stderr).toMatch(/100 lines could not be sent/)
    expect(server.requests).toBe(1)
  })

  it('tells what it could not send, and leaves it in the spool to the next', async () => {
    const server = await LokiServer.start()
    await server.close()
    const lost = await run(server.url, 'exit')
    expect(lost.stderr).toMatch(/100 lines could not be sent/)
    const dir = join(folder, 'left')
    expect((await run(server.url, 'exit', dir)).code).toBe(3)
    await server.open()
    await using _ = server
    await run(server.url, 'exit', dir)
    // Both processes' lines, which say the same at different times.
    expect(numbers(server)).toHaveLength(200)
  })
})
