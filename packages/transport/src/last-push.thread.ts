/**
 * The whole of the thread that sends at the end of the process. It stands on Node alone: `inline-worker.ts` makes one text of
 * it, which is all that a bundle has to hold.
 */
import type { EventEmitter } from 'node:events'
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import type { SecureContextOptions } from 'node:tls'
import { workerData } from 'node:worker_threads'
import { gzipSync } from 'node:zlib'
import type { LastPushData } from './last-push.js'
import { retryAfterMs } from './retry-after.js'

/** A connection while its other end is not known yet; missing in Node's types. */
interface TlsSocket extends EventEmitter {
  readonly secureConnecting: boolean
}

/** Between two attempts: a server that is restarting may be back within the deadline. */
const PAUSE_MS = 100

const { url, headers, gzip, tls, bodies, deadline, parallel, ...shared } = workerData as LastPushData
const statuses = new Int32Array(shared.statuses)
const wordsBytes = shared.words.byteLength / bodies.length
const target = new URL(url)
const isPlain = target.protocol === 'http:'
const agent = isPlain
  ? new HttpAgent({ keepAlive: true, maxSockets: parallel })
  : new HttpsAgent({ ...(tls as SecureContextOptions), keepAlive: true, maxSockets: parallel })
const request = isPlain ? requestHttp : requestHttps

void Promise.all(bodies.map(send)).then(() => {
  Atomics.store(statuses, 0, 1)
  Atomics.notify(statuses, 0)
})

async function send(body: Uint8Array, index: number): Promise<void> {
  const bytes = gzip ? gzipSync(body) : body
  for (let next = Date.now(); next < deadline; ) {
    await new Promise((resolve) => setTimeout(resolve, next - Date.now()))
    const { status, afterMs = 0 } = await post(bytes, index)
    const isRetryable = status === undefined || status === 408 || status === 429 || status >= 500
    if (!isRetryable) {
      Atomics.store(statuses, index + 1, status)
      return
    }
    // Where the server asks for more than there is, the process need not wait either.
    next = Date.now() + Math.max(PAUSE_MS, afterMs)
  }
}

/** What came of one attempt: no status where no answer came. */
interface Attempt {
  readonly status?: number | undefined
  /** What `Retry-After` asks for. */
  readonly afterMs?: number | undefined
}

function post(bytes: Uint8Array, index: number): Promise<Attempt> {
  return new Promise((resolve) => {
    const encoding = gzip ? { 'content-encoding': 'gzip' } : {}
    const options = { method: 'POST', agent, headers: { ...headers, ...encoding, 'content-length': bytes.length } }
    const sent = request(target, options, (response: IncomingMessage) => {
      let at = 0
      const words = new Uint8Array(shared.words, index * wordsBytes, wordsBytes)
      response.on('data', (chunk: Buffer) => {
        const part = chunk.subarray(0, wordsBytes - at)
        words.set(part, at)
        at += part.length
      })
      const afterMs = retryAfterMs(response.headers['retry-after'], Date.now())
      response.on('end', () => resolve({ status: response.statusCode, afterMs }))
      response.on('close', () => resolve({}))
    })
    sent.on('error', () => resolve({}))
    // Not before it is known whose the connection is: what waits in a connection that is being secured goes out as soon as it
    // is, even where this thread is being stopped and looks at no certificate any more.
    sent.on('socket', (socket: Partial<TlsSocket>) => {
      if (socket.secureConnecting === true) socket.once?.('secureConnect', () => sent.end(bytes))
      else sent.end(bytes)
    })
  })
}
