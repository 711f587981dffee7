import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type LokiOptions, loki } from '@throughline/loki'
import { describe, expect, it, vi } from 'vitest'
import { ended, start, temporaryFolder } from '../child.js'
import { LokiServer } from './loki-server.js'

const folder = temporaryFolder()
const path = join(import.meta.dirname, 'both-ways.mjs')

type Given = Partial<LokiOptions> & { readonly path?: string }

async function run(url: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const child = start({ path, args: [url], env }, ['ignore', 'ignore', 'pipe'])
  const [stderr, ending] = await Promise.all([text(child.stderr as NodeJS.ReadableStream), ended(child)])
  expect(ending).toEqual({ code: 0, signal: null })
  return stderr
}

describe('no line goes elsewhere than to the configured store', () => {
  it.each([301, 302, 303, 307, 308])('where that answers %i with another address', async (status) => {
    await using server = await LokiServer.start()
    await using elsewhere = await LokiServer.start()
    server.trouble = (request, response) => {
      request.resume()
      response.writeHead(status, { location: `${elsewhere.url}/loki/api/v1/push` }).end()
      return true
    }
    expect(await run(server.url)).toContain(`refused lines: status ${status}`)
    expect(server.requests).toBe(2)
    expect(elsewhere.requests).toBe(0)
  })

  it.each<[string, Given, Given]>([
    ['of another user', { auth: { username: 'a', password: 'x' } }, { auth: { username: 'b', password: 'x' } }],
    ['of another tenant', { tenant: 'a' }, { tenant: 'b' }],
    ['of another address', { path: '/a' }, { path: '/b' }],
  ])('where lines %s were left in the same folder', async (name, one, another) => {
    await using server = await LokiServer.start()
    const open = ({ path = '', ...options }: Given) => {
      const spool = { dir: join(folder, name) }
      return loki({ url: server.url + path, spool, closeTimeoutMs: 5_000, exitTimeoutMs: 0, ...options })
    }
    await server.close()
    const left = open({ ...one, closeTimeoutMs: 1 })
    left.write('{"message":"of one"}\n', 30)
    await left.close()
    await server.open()
    const other = open(another)
    other.write('{"message":"of another"}\n', 30)
    await other.close()
    expect(server.records()).toEqual([{ message: 'of another' }])
    const again = open(one)
    again.write('{"message":"of one again"}\n', 30)
    await again.close()
    await vi.waitFor(() => expect(server.records().map(({ message }) => message)).toContain('of one'))
  })

  it('where the environment names a proxy', async () => {
    await using server = await LokiServer.start()
    let connections = 0
    const proxy = createServer((socket) => {
      connections++
      socket.destroy()
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => proxy.once('listening', resolve))
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy']
    const env = Object.fromEntries(names.map((name) => [name, address]))
    expect(await run(server.url, { ...env, NO_PROXY: '', no_proxy: '', NODE_USE_ENV_PROXY: '1' })).toBe('')
    proxy.close()
    expect(connections).toBe(0)
    expect(server.records()).toHaveLength(2)
  })
})
