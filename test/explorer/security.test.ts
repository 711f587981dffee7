import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { shop } from '../cli/shop.js'
import { folderWith } from '../cli/throughline.js'
import { type Explorer, explorer, raw } from './explorer.js'

const PATHS = ['query', 'query_range', 'labels', 'label/app/values', 'series', 'index/stats'].map(
  (name) => `/loki/api/v1/${name}`,
)
const API = [
  ...PATHS,
  '/api/status',
  '/api/request?id=1',
  '/api/request-page?id=1',
  '/nothing',
  '/loki/api/v1/push',
  '/..%2f..%2fetc/passwd',
]

const open = () => explorer(['gateway.log'], { cwd: folderWith(shop) })

/** How an upgrade ended: the status that refused it, or the protocol that was agreed upon. */
function upgrade(
  port: number,
  protocols: readonly string[],
  headers: Readonly<Record<string, string>> = {},
): Promise<number | string> {
  const socket = new WebSocket(
    `ws://127.0.0.1:${port}/loki/api/v1/tail?query=%7Bapp%3D~%22.%2B%22%7D`,
    [...protocols],
    { headers },
  )
  onTestFinished(() => socket.terminate())
  return new Promise((resolve) => {
    socket.on('open', () => resolve(socket.protocol))
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0))
    socket.on('error', () => {})
  })
}

describe('the explorer', () => {
  it('gives the static files without the token, and nothing else', async () => {
    const { port } = await open()
    for (const path of ['/', '/page.js', '/page.css']) expect((await raw(port, path, {})).status).toBe(200)
    for (const path of API) expect({ path, status: (await raw(port, path, {})).status }).toEqual({ path, status: 401 })
    for (const token of ['', 'x', 'Bearer', 'Bearer x', 'Basic x'])
      expect((await raw(port, '/api/status', { authorization: token })).status).toBe(401)
  })

  it('takes the token as a header, not from a query or a cookie', async () => {
    const { port, token } = await open()
    expect((await raw(port, '/api/status', { authorization: `Bearer ${token}` })).status).toBe(200)
    expect((await raw(port, `/api/status?token=${token}`, {})).status).toBe(401)
    expect((await raw(port, '/api/status', { cookie: `token=${token}` })).status).toBe(401)
  })

  it.each([
    'evil.example',
    'evil.example:80',
    '127.0.0.1.evil.example',
    '0.0.0.0',
    '127.0.0.2',
    'localhost.',
    '[::2]',
    '',
  ])('answers 421 to the Host %j', async (host) => {
    const { port, token } = await open()
    for (const path of ['/', '/page.js', '/api/status', ...PATHS])
      expect((await raw(port, path, { host, authorization: `Bearer ${token}` })).status).toBe(421)
    // An empty Host is what the WebSocket client replaces.
    const upgraded =
      host === ''
        ? (
            await raw(port, '/loki/api/v1/tail', {
              host,
              connection: 'upgrade',
              upgrade: 'websocket',
            })
          ).status
        : await upgrade(port, ['throughline-tail', `throughline-token.${token}`], { host })
    expect(upgraded).toBe(421)
  })

  it.each(['127.0.0.1:9', 'localhost', 'localhost:9000', '[::1]:7', 'LOCALHOST:1'])(
    'takes the Host %s, as ssh -L makes it',
    async (host) => {
      const { port, token } = await open()
      expect((await raw(port, '/api/status', { host, authorization: `Bearer ${token}` })).status).toBe(200)
      expect(
        (await raw(port, '/api/status', { host, origin: `http://${host}`, authorization: `Bearer ${token}` })).status,
      ).toBe(200)
    },
  )

  it.each([
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:1' },
    { origin: 'https://127.0.0.1' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
  ])('answers 403 to %j, before an upgrade too', async (headers) => {
    const { port, token } = await open()
    for (const path of ['/', '/page.js', '/api/status', ...PATHS])
      expect((await raw(port, path, { ...headers, authorization: `Bearer ${token}` })).status).toBe(403)
    expect(await upgrade(port, ['throughline-tail', `throughline-token.${token}`], headers)).toBe(403)
  })

  it('may be linked to, which shows the page without a line', async () => {
    const { port, token } = await open()
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    expect((await raw(port, '/', link)).status).toBe(200)
    expect((await raw(port, '/api/status', { ...link, authorization: `Bearer ${token}` })).status).toBe(403)
  })

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'])('answers 405 to %s', async (method) => {
    const { port, token } = await open()
    for (const path of ['/', '/api/status', '/loki/api/v1/query'])
      expect((await raw(port, path, { authorization: `Bearer ${token}` }, method)).status).toBe(405)
  })

  it('opens a tail with the token as a protocol, and does not send it back', async () => {
    const { port, token } = await open()
    expect(await upgrade(port, ['throughline-tail'])).toBe(401)
    expect(await upgrade(port, ['throughline-tail', 'throughline-token.x'])).toBe(401)
    expect(await upgrade(port, ['throughline-tail', `throughline-token.${token}`])).toBe('throughline-tail')
  })

  it('sends its policy with every answer', async () => {
    const { port, token } = await open()
    for (const [path, status] of [
      ['/', 200],
      ['/page.js', 200],
      ['/api/status', 200],
      ['/nothing', 404],
    ] as const) {
      const reply = await raw(port, path, { authorization: `Bearer ${token}` })
      expect(reply.status).toBe(status)
      expect(reply.headers['content-security-policy']).toMatch(
        /^default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; style-src 'self' 'nonce-[\w+/=]+'; frame-ancestors 'none'; base-uri 'none'$/,
      )
      expect(reply.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
      expect(reply.headers['access-control-allow-origin']).toBeUndefined()
    }
    const [first, second] = [await raw(port, '/', {}), await raw(port, '/', {})]
    expect(first.headers['content-security-policy']).not.toBe(second.headers['content-security-policy'])
  })

  it('listens on loopback only', async () => {
    const { port } = await open()
    const others = Object.values(networkInterfaces()).flatMap(
      (all) => all?.filter(({ internal, family }) => !internal && family === 'IPv4') ?? [],
    )
    for (const { address } of others) {
      const answer = await fetch(`http://${address}:${port}/`).then(
        () => 'answered',
        () => 'refused',
      )
      expect(answer).toBe('refused')
    }
  })
})

describe('the temporary database', () => {
  const folders = (parent: string) => readdirSync(parent).filter((name) => name.startsWith('throughline-explorer-'))

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)("is this user's alone, and gone after %s", async (signal) => {
    const parent = folderWith()
    const { child } = await explorer(['*.log'], { cwd: folderWith(shop), env: { TMPDIR: parent } })
    const [name = ''] = folders(parent)
    expect(statSync(join(parent, name)).mode & 0o777).toBe(0o700)
    expect(statSync(join(parent, name, 'lines.db')).mode & 0o777).toBe(0o600)
    child.kill(signal)
    const [code] = await once(child, 'exit')
    expect(code).toBe({ SIGTERM: 143, SIGINT: 130, SIGHUP: 129 }[signal])
    expect(folders(parent)).toEqual([])
  })

  it('is swept by the next explorer when SIGKILL left it, and only then', async () => {
    const parent = folderWith()
    const other = join(parent, `throughline-explorer-${process.pid}-alive`)
    mkdirSync(other)
    const { child } = await explorer(['*.log'], { cwd: folderWith(shop), env: { TMPDIR: parent } })
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(folders(parent)).toHaveLength(2)
    await explorer(['*.log'], { cwd: folderWith(shop), env: { TMPDIR: parent } })
    expect(folders(parent)).toHaveLength(2)
    expect(existsSync(other)).toBe(true)
  })
})

describe('the explorer of a Loki', () => {
  interface Asked {
    readonly method: string | undefined
    readonly url: string | undefined
    readonly headers: Readonly<Record<string, string | string[] | undefined>>
  }

  async function upstream(): Promise<{ readonly url: string; readonly asked: Asked[] }> {
    const asked: Asked[] = []
    const server = createServer(({ method, url, headers }, response) => {
      asked.push({ method, url, headers })
      response.setHeader('content-type', 'application/json').setHeader('set-cookie', 'a=b')
      if (url?.includes('moved') === true) response.writeHead(302, { location: 'http://127.0.0.1:9/' })
      response.end('{"status":"success","data":["app"]}')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    return { url: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
  }

  const through = (found: Explorer, path: string) =>
    raw(found.port, path, { authorization: `Bearer ${found.token}`, cookie: 'own=1' })

  it('passes on reads alone, with credentials that the page never gets', async () => {
    const { url, asked } = await upstream()
    const found = await explorer(['--loki', `http://me:secret@${url}/prefix/`], {
      isLoaded: false,
      env: { LOKI_ORG_ID: 'team' },
    })
    const reply = await through(found, '/loki/api/v1/query?query=%7Ba%3D%22b%22%7D')
    expect(reply).toMatchObject({ status: 200, body: '{"status":"success","data":["app"]}' })
    expect(reply.headers['set-cookie']).toBeUndefined()
    expect(asked).toHaveLength(1)
    expect(asked[0]).toMatchObject({
      method: 'GET',
      url: '/prefix/loki/api/v1/query?query=%7Ba%3D%22b%22%7D',
      headers: { authorization: `Basic ${Buffer.from('me:secret').toString('base64')}`, 'x-scope-orgid': 'team' },
    })
    expect(asked[0]?.headers.cookie).toBeUndefined()
    for (const path of [
      '/loki/api/v1/push',
      '/loki/api/v1/delete',
      '/config',
      '/metrics',
      '/loki/api/v1/label/a%2Fb/values',
      '/loki/api/v1/../../config',
      '//127.0.0.1:1/loki/api/v1/query',
    ])
      expect({ path, status: (await through(found, path)).status }).toEqual({ path, status: 404 })
    expect(asked).toHaveLength(1)
    const status = await through(found, '/api/status')
    expect(status.body).not.toContain('secret')
    expect(JSON.parse(status.body)).toMatchObject({ mode: 'loki', name: `http://${url}/prefix` })
  })

  it('follows no redirection, and names a Loki that is not there', async () => {
    const { url } = await upstream()
    const found = await explorer(['--loki', `http://${url}`], { isLoaded: false })
    expect((await through(found, '/loki/api/v1/query?query=moved')).status).toBe(502)
    const nobody = await explorer(['--loki', `http://127.0.0.1:${await freePort()}`], { isLoaded: false })
    expect(await through(nobody, '/loki/api/v1/labels')).toMatchObject({
      status: 502,
      body: expect.stringContaining('ECONNREFUSED'),
    })
  })
})

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
