import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loki } from '@throughline/loki'
import { createLogger } from 'throughline'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../child.js'
import { LokiServer } from './loki-server.js'

const folder = temporaryFolder()
let files = 0
const deadLetters = () => join(folder, `dead-${files++}.jsonl`)
type Letter = { readonly answer: string; readonly lines: number; readonly entries: { readonly n: number }[] }
const lettersIn = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Letter)

describe('what the store refuses', () => {
  it('is on record with its words and counted, and the good lines of its batch are stored', async () => {
    await using server = await LokiServer.start()
    const path = deadLetters()
    const destination = loki({ url: server.url, deadLetters: path })
    const old = '{"timestamp":"2020-01-01T00:00:00.000Z","level":"WARN","message":"old","n":7}\n'
    for (let n = 0; n < 100; n++) {
      if (n === 7) destination.write(old, 40)
      else
        destination.write(`{"timestamp":"${new Date().toISOString()}","level":"INFO","message":"new","n":${n}}\n`, 30)
    }
    await destination.close()
    expect(server.records()).toHaveLength(99)
    expect(destination.dropped?.()).toEqual({ WARN: 1 })
    const [letter, ...more] = lettersIn(path)
    expect(more).toEqual([])
    expect(letter?.entries).toEqual([JSON.parse(old)])
    expect(letter?.answer).toContain('timestamp too old')
  })

  it('is not sent again where nothing of it was stored', async () => {
    await using server = await LokiServer.start()
    server.trouble = (request, response) => {
      request.resume()
      response.writeHead(401).end('no such tenant')
      return true
    }
    const path = deadLetters()
    const log = createLogger({ service: 'a', env: {}, destination: loki({ url: server.url, deadLetters: path }) })
    for (let n = 0; n < 10; n++) log.info('x', { n })
    await log.flush()
    expect(server.requests).toBe(1)
    expect(log.stats().droppedByLevel).toEqual({ INFO: 10 })
    expect(lettersIn(path)).toMatchObject([{ answer: 'no such tenant', lines: 10 }])
    server.trouble = undefined
    log.info('again')
    await log.flush()
    log.info('and again')
    await log.close()
    expect(server.records().map(({ message }) => message)).toContain('Log lines dropped')
  })

  it('is a text in its letter where it is no JSON', async () => {
    await using server = await LokiServer.start()
    server.trouble = (request, response) => {
      request.resume()
      response.writeHead(404).end()
      return true
    }
    const path = deadLetters()
    const destination = loki({ url: server.url, deadLetters: path })
    destination.write('{"n":1}\n', 30)
    destination.write('no "JSON"\n', 30)
    await destination.close()
    expect(lettersIn(path)).toMatchObject([{ answer: 'status 404', entries: [{ n: 1 }, 'no "JSON"'] }])
  })

  it('is made smaller when it is more than the rate allows at once', async () => {
    await using server = await LokiServer.start()
    server.trouble = (request, response) => {
      if (Number(request.headers['content-length'] ?? 0) < 20_000) return false
      request.resume()
      response.writeHead(429).end('Ingestion rate limit exceeded')
      return true
    }
    const destination = loki({ url: server.url, gzip: false, retry: { baseMs: 1, maxMs: 2 } })
    const log = createLogger({ service: 'a', env: {}, destination })
    for (let n = 0; n < 1_000; n++) log.info('x', { n })
    await log.close()
    expect(server.records()).toHaveLength(1_000)
  })
})

it('is told of a tenant in a header', async () => {
  await using server = await LokiServer.start()
  const destination = loki({ url: server.url, tenant: 'team-a' })
  destination.write('{"message":"x"}\n', 30)
  await destination.close()
  expect(server.headers[0]).toMatchObject({ 'x-scope-orgid': 'team-a' })
})

describe('an option that cannot be used', () => {
  const url = 'http://127.0.0.1:9'
  writeFileSync(join(folder, 'file'), '')
  it.each([
    [{}, /loki\(\{ url \}\): got undefined/],
    [{ url: 'loki:3100' }, /begins with "loki:"/],
    [{ url, labels: ['bad-name'] }, /labels: "bad-name"/],
    [{ url, labels: ['1a'] }, /labels: "1a"/],
    [{ url, labels: ['request_id'] }, /is an id/],
    [{ url, labels: { trace: 'trace_id' } }, /is an id/],
    [{ url, labels: { request: 'X-Request-ID' } }, /is an id/],
    [{ url, labels: ['sessionId'] }, /is an id/],
    [{ url, labels: ['traceid'] }, /is an id/],
    [{ url, staticLabels: { 'a b': 'x' } }, /staticLabels: "a b"/],
    [{ url, labels: Array.from({ length: 16 }, (_, i) => `l${i}`) }, /at most 15/],
    [{ url, colour: 1 }, /unknown option "colour"/],
    [{ url, batch: { byte: 1 } }, /unknown option "byte" in batch/],
    [{ url, maxRequests: 0 }, /maxRequests.*got 0/],
    [{ url, auth: { username: 'a' } }, /auth/],
    [{ url, auth: { bearer: 'a\nb' } }, /auth/],
    [{ url, headers: { a: 'b\r\nc: d' } }, /headers/],
    [{ url, headers: { a: '語' } }, /headers: "a".*U\+00FF/],
    [{ url, headers: { 'Content-Length': '3' } }, /headers: "Content-Length".*no such header/],
    [{ url, spool: { dir: '' } }, /spool: \{ dir \}/],
    [{ url, spool: { dir: folder, fsync: 'sometimes' } }, /fsync/],
    [{ url, spool: { dir: folder, maxBytes: 10 } }, /maxBytes.*1048576/],
    [{ url, spool: { dir: join(folder, 'file', 'spool') } }, /spool: \{ dir \}.*cannot be written \(ENOTDIR\)/],
    [{ url, tenant: 'a/b' }, /tenant/],
  ])('is named when the transport is made: %j', (options, message) => {
    expect(() => loki(options as never)).toThrow(message)
    expect(existsSync(join(folder, 'dead-letters.jsonl'))).toBe(false)
  })
})
