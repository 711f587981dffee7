import { ownTraffic } from 'throughline/internal'
import { type Dispatcher, Pool } from 'undici'
import type { Answer } from './answer.js'
import type { Endpoint } from './endpoint.js'
import { retryAfterMs } from './retry-after.js'
import type { TlsOptions } from './tls.js'

/** What is read of an answer: a dead letter quotes less. */
const MOST_ANSWER_BYTES = 64 * 1024

export interface ClientOptions {
  readonly timeoutMs: number
  /** Requests under way at the same time. */
  readonly maxRequests: number
  readonly tls: TlsOptions | undefined
}

/** A request's body, as it goes over the wire. */
export interface Body {
  readonly bytes: Uint8Array
  readonly encoding: 'gzip' | undefined
}

/**
 * Our own connections to the one store: nothing that the application does to its clients or to the global dispatcher
 * reaches them, no redirect is followed, and the mark of our own traffic keeps instrumentations off.
 */
export class Client {
  private readonly pool: Pool

  constructor(
    private readonly endpoint: Endpoint,
    private readonly contentType: string,
    private readonly options: ClientOptions,
  ) {
    this.pool = new Pool(endpoint.origin, {
      connections: options.maxRequests,
      pipelining: 1,
      connect: { ...options.tls, timeout: options.timeoutMs },
    })
  }

  /** @throws what the network says, `ETIMEDOUT` among it: no answer came. */
  async post(body: Body, signal: AbortSignal): Promise<Answer> {
    // Not `AbortSignal.any` with `AbortSignal.timeout`: nobody holds those, and one that is collected never fires.
    const ending = new AbortController()
    const late = () => ending.abort(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }))
    const timer = setTimeout(late, this.options.timeoutMs)
    const cut = () => ending.abort(signal.reason)
    signal.addEventListener('abort', cut, { once: true })
    try {
      return await ownTraffic(() => this.authorized(body, ending.signal))
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', cut)
    }
  }

  /** Cuts what is under way. */
  async close(): Promise<void> {
    await this.pool.destroy()
  }

  /** A 401 may mean that the token was renewed: then the store is asked once more, with the new one. */
  private async authorized(body: Body, signal: AbortSignal): Promise<Answer> {
    const { token } = this.endpoint
    if (token === undefined) return await this.request(body, signal, {})
    const used = await token.get()
    const answer = await this.request(body, signal, { authorization: `Bearer ${used}` })
    if (answer.status !== 401 || !(await token.renew(used))) return answer
    return await this.request(body, signal, { authorization: `Bearer ${await token.get()}` })
  }

  private async request(
    { bytes, encoding }: Body,
    signal: AbortSignal,
    authorization: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    const response = await this.pool.request({
      path: this.endpoint.path,
      method: 'POST',
      headers: {
        ...this.endpoint.headers,
        ...authorization,
        'content-type': this.contentType,
        ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
      },
      body: bytes,
      signal,
    })
    return await this.read(response)
  }

  private async read({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<Answer> {
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk)
      length += chunk.length
      if (length > MOST_ANSWER_BYTES) break
    }
    return this.answer(statusCode, headers, Buffer.concat(chunks).subarray(0, MOST_ANSWER_BYTES))
  }

  private answer(status: number, headers: Dispatcher.ResponseData['headers'], body: Buffer): Answer {
    return {
      status,
      contentType: text(headers['content-type']) ?? '',
      retryAfterMs: retryAfterMs(text(headers['retry-after']), Date.now()),
      body,
      words: this.endpoint.secrets.wordsOf(body.toString('utf8'), body.length === MOST_ANSWER_BYTES),
    }
  }
}

function text(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header
}
