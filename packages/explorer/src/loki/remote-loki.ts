import { WebSocket } from 'ws'
import type { Answer } from '../server/headers.js'
import { text } from '../server/headers.js'
import type { Loki, Read } from './loki.js'
import { TAIL_PATH } from './loki.js'

/** A Loki elsewhere. */
export interface Upstream {
  /** With a path before `/loki/api/v1` where it has one; credentials in it are sent as Basic authentication. */
  readonly url: URL
  /** logcli's variables: `LOKI_USERNAME`, `LOKI_PASSWORD`, `LOKI_BEARER_TOKEN`, `LOKI_ORG_ID`. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Longer than Loki's own `query_timeout` (1 minute). */
const TIMEOUT_MS = 120_000

/** Passes reads on to one Loki, with credentials that the page never gets. */
export class RemoteLoki implements Loki {
  private readonly base: string
  private readonly headers: Readonly<Record<string, string>>

  constructor({ url, env }: Upstream) {
    let { pathname } = url
    while (pathname.endsWith('/')) pathname = pathname.slice(0, -1)
    this.base = url.origin + pathname
    this.headers = headersFor(url, env)
  }

  /** Where it is, without credentials. */
  get name(): string {
    return this.base
  }

  async answer({ path, params, flags }: Read, signal: AbortSignal): Promise<Answer> {
    try {
      const response = await fetch(`${this.base}${path}?${params}`, {
        headers: { ...this.headers, ...(flags !== undefined && { 'X-Loki-Response-Encoding-Flags': flags }) },
        // The upstream is the one that was named: no other gets the credentials.
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      })
      if (response.status >= 300 && response.status < 400)
        return text(`${this.base} answers with a redirection, which is not followed`, 502)
      const type = response.headers.get('content-type') ?? 'text/plain; charset=utf-8'
      return { status: response.status, type, body: Buffer.from(await response.arrayBuffer()) }
    } catch (error) {
      return text(`${this.base}: ${reasonOf(error)}`, 502)
    }
  }

  tail(params: URLSearchParams, send: (message: string) => void, signal: AbortSignal): Promise<void> {
    const socket = new WebSocket(`${this.base.replace(/^http/, 'ws')}${TAIL_PATH}?${params}`, {
      headers: this.headers,
      followRedirects: false,
    })
    const stop = () => socket.terminate()
    signal.addEventListener('abort', stop)
    return new Promise<void>((resolve, reject) => {
      socket.on('message', (data) => send(String(data)))
      socket.on('close', () => resolve())
      socket.on('error', (error) => (signal.aborted ? resolve() : reject(error)))
      if (signal.aborted) stop()
    }).finally(() => signal.removeEventListener('abort', stop))
  }
}

function headersFor({ username, password }: URL, env: Upstream['env']): Readonly<Record<string, string>> {
  const user = decodeURIComponent(username) || env.LOKI_USERNAME
  const secret = decodeURIComponent(password) || env.LOKI_PASSWORD
  const basic = Buffer.from(`${user ?? ''}:${secret ?? ''}`).toString('base64')
  return {
    ...(user === undefined && secret === undefined ? {} : { authorization: `Basic ${basic}` }),
    ...(env.LOKI_BEARER_TOKEN === undefined ? {} : { authorization: `Bearer ${env.LOKI_BEARER_TOKEN}` }),
    ...(env.LOKI_ORG_ID === undefined ? {} : { 'x-scope-orgid': env.LOKI_ORG_ID }),
  }
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error
  return cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : message
}
