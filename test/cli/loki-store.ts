import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { onTestFinished } from 'vitest'

/** A line that the store has. */
export interface Stored {
  readonly labels: Readonly<Record<string, string>>
  /** Nanoseconds since the epoch. */
  readonly time: bigint
  readonly line: string
}

interface Exchange {
  readonly status: number
  readonly error?: string
  readonly query?: string
  readonly result?: {
    readonly resultType: string
    readonly result: readonly { stream: object; values: [string, string][] }[]
  }
}

/** What a real Loki answered. */
export const recorded: readonly Exchange[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'loki-exchanges.json'), 'utf8'),
).exchanges

/** A recorded refusal, by a part of its words, with other numbers in them. */
function refusal(words: string, numbers: (text: string) => string = (text) => text): Exchange {
  const found = recorded.find(({ error }) => error?.includes(words))
  if (found === undefined) throw new Error(`nothing recorded: ${words}`)
  return { ...found, error: numbers(found.error ?? '') }
}

/** What befalls a request before the store itself sees it: returns whether it was dealt with. */
export type Trouble = (request: IncomingMessage, response: ServerResponse) => boolean

export interface StoreOptions {
  /** `max_entries_limit_per_query`. */
  readonly mostLines?: number
  /** `max_query_length`, in nanoseconds. */
  readonly longest?: bigint
  readonly trouble?: Trouble
  readonly tls?: { readonly key: Buffer; readonly cert: Buffer }
}

export interface Store {
  readonly url: string
  readonly requests: { readonly url: URL; readonly headers: IncomingMessage['headers'] }[]
}

/** A real server on loopback that pages and refuses as Loki was recorded to: start included, end not, the oldest first. */
export async function startStore(entries: readonly Stored[], options: StoreOptions = {}): Promise<Store> {
  const { mostLines = 5000, longest = 721n * 3_600_000_000_000n, trouble, tls } = options
  const requests: Store['requests'] = []
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '', 'http://loki')
    requests.push({ url, headers: request.headers })
    if (trouble?.(request, response) === true) return
    const get = (name: string) => url.searchParams.get(name) ?? ''
    const [start, end, limit] = [BigInt(get('start')), BigInt(get('end')), Number(get('limit'))]
    if (url.pathname !== '/loki/api/v1/query_range') return void response.writeHead(404).end('404 page not found\n')
    if (limit > mostLines) {
      const { status, error } = refusal('max entries limit', (text) =>
        text.replace('6000 > 5000', `${limit} > ${mostLines}`),
      )
      return void refuse(response, status, error)
    }
    if (end - start > longest) {
      const { status, error } = refusal('time range exceeds')
      return void refuse(response, status, error)
    }
    const parseError = recorded.find(({ query, error }) => query === get('query') && error?.startsWith('parse error'))
    if (parseError !== undefined) return void refuse(response, parseError.status, parseError.error)
    const found = entries
      .filter(({ time, line }) => time >= start && time < end && matches(line, get('query')))
      .toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
      .slice(0, limit)
    const streams = new Map<string, [string, string][]>()
    for (const { labels, time, line } of found) {
      const key = JSON.stringify(labels)
      streams.set(key, [...(streams.get(key) ?? []), [String(time), line]])
    }
    const result = [...streams].map(([labels, values]) => ({ stream: JSON.parse(labels), values }))
    const body = JSON.stringify({ status: 'success', data: { resultType: 'streams', result, stats: {} } })
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync(body))
  }
  const server = tls === undefined ? createServer(handle) : createTlsServer(tls, handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, requests }
}

/** Loki answers in text, with a newline. */
export function refuse(response: ServerResponse, status: number, error = ''): void {
  response
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8' })
    .end(error.endsWith('\n') ? error : `${error}\n`)
}

/** The line filters of a query. */
function matches(line: string, query: string): boolean {
  for (const [, operator, text] of query.matchAll(/\|(=|~) ("(?:[^"\\]|\\.)*")/g)) {
    const value = JSON.parse(text ?? '""') as string
    if (operator === '=' ? !line.includes(value) : !new RegExp(value).test(line)) return false
  }
  return true
}
