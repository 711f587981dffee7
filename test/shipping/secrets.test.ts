import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { ended, start, temporaryFolder } from '../child.js'
import { LokiServer } from './loki-server.js'

const folder = temporaryFolder()
const path = join(import.meta.dirname, 'secrets.mjs')
const PASSWORD = 'p4ssw#rd-that-nobody-sees'
const TOKEN = 't0k3n.that-nobody-sees'
const basic = Buffer.from(`user:${PASSWORD}`).toString('base64')

/** Everything that a run leaves where people see it: both outputs, and every file. */
async function left(url: string, dir: string, options: object) {
  const given = JSON.stringify({ options, password: PASSWORD })
  const child = start({ path, args: [url, dir, given] }, ['ignore', 'pipe', 'pipe'])
  const [stdout, stderr, ending] = await Promise.all([
    text(child.stdout as NodeJS.ReadableStream),
    text(child.stderr as NodeJS.ReadableStream),
    ended(child),
  ])
  expect(ending).toEqual({ code: 0, signal: null })
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((file) => join(dir, file))
  const onDisk = files.map((file) => file + (statSync(file).isFile() ? readFileSync(file, 'latin1') : '')).join('\n')
  return { stdout, stderr, onDisk }
}

describe('credentials', () => {
  it.each<[string, (url: string) => { url: string; options: object }, object]>([
    [
      'in the address',
      (url) => ({ url: url.replace('//', `//user:${encodeURIComponent(PASSWORD)}@`), options: {} }),
      { authorization: `Basic ${basic}` },
    ],
    [
      'of a user',
      (url) => ({ url, options: { auth: { username: 'user', password: PASSWORD } } }),
      { authorization: `Basic ${basic}` },
    ],
    ['as a token', (url) => ({ url, options: { auth: { bearer: TOKEN } } }), { authorization: `Bearer ${TOKEN}` }],
    ['as a header', (url) => ({ url, options: { headers: { 'X-Api-Key': TOKEN } } }), { 'x-api-key': TOKEN }],
    ['in the path', (url) => ({ url: `${url}/receiver/${TOKEN}/push`, options: {} }), {}],
    ['in the query', (url) => ({ url: `${url}/loki/api/v1/push?token=${TOKEN}`, options: {} }), {}],
  ])('%s reach the store, and nothing else', async (kind, configured, headers) => {
    await using server = await LokiServer.start()
    server.trouble = (request, response) => {
      request.resume()
      // A server that says back what it was told, as debugging proxies do, and at the length where what is kept is cut.
      const { authorization = '', 'x-api-key': key = '' } = request.headers
      const credentials = authorization.replace(/^\w+ /, '')
      const token = new URL(request.url ?? '', server.url).searchParams.get('token') ?? ''
      const segment = request.url?.split('/')[2] ?? ''
      const told = [credentials, Buffer.from(credentials, 'base64').toString(), key, token, segment].join(' ').trim()
      response.writeHead(403).end(`denied: ${told} `.padEnd(495, '.') + told.repeat(10))
      return true
    }
    const { url, options } = configured(server.url)
    const dir = join(folder, kind.replaceAll(' ', '-'))
    const { stdout, stderr, onDisk } = await left(url, dir, options)
    expect(server.requests).toBeGreaterThan(1)
    expect(server.headers.at(0)).toMatchObject(headers)
    expect(server.headers.at(-1)).toMatchObject(headers)
    expect(stdout).not.toContain('taken')
    expect(stderr).toMatch(/refused lines: denied: /)
    expect(onDisk).toContain('"answer":"denied: ')
    // The half of one is one too.
    for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), basic, TOKEN]) {
      expect(stdout + stderr + onDisk).not.toContain(secret.slice(0, 10))
    }
  })

  it('of a store that is not there are in no warning', async () => {
    const server = await LokiServer.start()
    await server.close()
    const url = server.url.replace('//', `//user:${encodeURIComponent(PASSWORD)}@`)
    const { stdout, stderr, onDisk } = await left(url, join(folder, 'away'), { exitTimeoutMs: 200 })
    expect(stderr).toMatch(/takes no lines now \(ECONNREFUSED\)/)
    for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), basic]) {
      expect(stdout + stderr + onDisk).not.toContain(secret.slice(0, 10))
    }
  })
})
