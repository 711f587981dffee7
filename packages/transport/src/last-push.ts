import { Worker } from 'node:worker_threads'
import { warnOnce } from 'throughline/destination'
import type { Answer } from './answer.js'
import type { Endpoint } from './endpoint.js'
import { lastPushThread } from './last-push.thread.inline.js'
import { threadOptions } from './thread-options.js'
import type { TlsOptions } from './tls.js'

/** What the thread finds as `workerData`. */
export interface LastPushData {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly gzip: boolean
  readonly tls: TlsOptions
  readonly bodies: readonly Uint8Array[]
  /** When it has to be over, by `Date.now()`. */
  readonly deadline: number
  /** Bodies under way at the same time. */
  readonly parallel: number
  /** `Int32`: first whether all is done, then for each body the status, 0 while there is none. */
  readonly statuses: SharedArrayBuffer
  /** For each body the start of the answer's text, zeros after it. */
  readonly words: SharedArrayBuffer
}

/** What is kept of each answer's text. */
const WORDS_BYTES = 512

export interface LastPushOptions {
  readonly name: string
  readonly endpoint: Endpoint
  readonly contentType: string
  readonly tls: TlsOptions | undefined
  readonly gzip: boolean
  readonly timeoutMs: number
  readonly maxRequests: number
}

/**
 * Sends bodies before it returns. At the end of the process nothing asynchronous runs any more, in this thread: another one
 * does the sending, and this one waits for it. Seen to work in `exit`, in signals and after an uncaught exception, on Node 20
 * to 26 (`test/shipping/ending.test.ts`).
 *
 * @returns for each body its answer; `undefined` where none came in time.
 */
export function lastPush(bodies: readonly Uint8Array[], options: LastPushOptions): readonly (Answer | undefined)[] {
  const { endpoint, timeoutMs } = options
  const statuses = new Int32Array(new SharedArrayBuffer(4 * (bodies.length + 1)))
  const words = new Uint8Array(new SharedArrayBuffer(WORDS_BYTES * bodies.length))
  const workerData: LastPushData = {
    url: endpoint.origin + endpoint.path,
    headers: { ...endpoint.headers, ...authorizationOf(endpoint), 'content-type': options.contentType },
    gzip: options.gzip,
    tls: options.tls ?? {},
    bodies,
    deadline: Date.now() + timeoutMs,
    parallel: options.maxRequests,
    statuses: statuses.buffer as SharedArrayBuffer,
    words: words.buffer as SharedArrayBuffer,
  }
  try {
    // Its streams are ours, and stay unread: what it wrote would wait for a turn that does not come.
    const worker = new Worker(lastPushThread, { ...threadOptions(), stdout: true, stderr: true, workerData })
    worker.on('error', () => {})
    worker.unref()
    Atomics.wait(statuses, 0, 0, timeoutMs)
    void worker.terminate()
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException
    warnOnce(`${options.name}: nothing can be sent at the end of the process (${code ?? name})`)
  }
  return bodies.map((_, i) => {
    const status = Atomics.load(statuses, i + 1)
    if (status === 0) return undefined
    return answerOf(status, words.slice(i * WORDS_BYTES, (i + 1) * WORDS_BYTES), endpoint)
  })
}

function authorizationOf({ token }: Endpoint): { readonly authorization?: string } {
  const text = token?.getSync()
  return text === undefined ? {} : { authorization: `Bearer ${text}` }
}

function answerOf(status: number, bytes: Uint8Array, { secrets }: Endpoint): Answer {
  const end = bytes.indexOf(0)
  const body = end === -1 ? bytes : bytes.subarray(0, end)
  const words = secrets.wordsOf(new TextDecoder().decode(body), end === -1)
  return { status, contentType: '', retryAfterMs: undefined, body, words }
}
