import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loki } from '@throughline/loki'
import { describe, expect, it } from 'vitest'
import { LokiServer } from './loki-server.js'

// Of nobody, for 127.0.0.1, and good for a hundred years.
const file = (name: string) => readFileSync(join(import.meta.dirname, 'tls', name))
const identity = { key: file('key.pem'), cert: file('cert.pem') }
const line = '{"message":"x","n":1}\n'

describe('over TLS', () => {
  it('lines reach a server whose authority is trusted', async () => {
    await using server = await LokiServer.start(identity)
    const destination = loki({ url: server.url, tls: { ca: identity.cert } })
    destination.write(line, 30)
    await destination.close()
    expect(server.records()).toEqual([{ message: 'x', n: 1 }])
  })

  it('lines reach no server of another name, wherever the name may lead', async () => {
    await using server = await LokiServer.start(identity)
    // The certificate is trusted, and is not for this name.
    const tls = { ca: identity.cert, servername: 'logs.example.com' }
    const patience = { closeTimeoutMs: 1_000, exitTimeoutMs: 1_000, retry: { baseMs: 10, maxMs: 20 } }
    const destination = loki({ url: server.url, tls, ...patience })
    destination.write(line, 30)
    destination.flushSync()
    await destination.close()
    expect(destination.dropped?.()).toEqual({ INFO: 1 })
    expect(server.requests).toBe(0)
  })

  // Several times: a connection is in the middle of being secured when the last push is given up.
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('lines reach no other server, at the end of the process neither (%i)', async () => {
    await using server = await LokiServer.start(identity)
    const destination = loki({ url: server.url, closeTimeoutMs: 300, exitTimeoutMs: 300, retry: { baseMs: 10 } })
    destination.write(line, 30)
    destination.flushSync()
    await destination.close()
    expect(destination.dropped?.()).toEqual({ INFO: 1 })
    expect(server.requests).toBe(0)
  })
})
