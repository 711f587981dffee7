import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'

/** An entry as Loki keeps it. */
export interface Stored {
  readonly labels: Readonly<Record<string, string>>
  /** Nanoseconds. */
  readonly time: bigint
  readonly line: string
  readonly metadata: Readonly<Record<string, string>>
}

/** What befalls a request before Loki itself sees it: returns whether it was dealt with. */
export type Trouble = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>

const MINUTE = 60_000_000_000n
const OLDEST = 7n * 24n * 60n * MINUTE
const NEWEST = 10n * MINUTE
const MOST_LINE_BYTES = 65_536
const MOST_LABELS = 15

type Push = { streams?: { stream: Record<string, string>; values: unknown[][] }[] }

/**
 * A real server on loopback that answers pushes as Loki 3.4.6 was recorded to: 204, or 400 with a text for the entry that it
 * refuses while it stores the others, 422 for no streams. Repeats of a time and a line in a stream are dropped.
 */
export class LokiServer implements AsyncDisposable {
  trouble: Trouble | undefined
  /** Every entry that it has, once. */
  readonly entries: Stored[] = []
  /** Entries that came once more. */
  readonly repeats: Stored[] = []
  requests = 0
  readonly headers: IncomingMessage['headers'][] = []
  private readonly seen = new Set<string>()
  private server: Server | undefined
  private port = 0

  private readonly tls: { readonly key: Buffer; readonly cert: Buffer } | undefined

  // No parameter property: Node runs this file as it is, in the soak.
  private constructor(tls: { readonly key: Buffer; readonly cert: Buffer } | undefined) {
    this.tls = tls
  }

  static async start(tls?: { readonly key: Buffer; readonly cert: Buffer }): Promise<LokiServer> {
    const loki = new LokiServer(tls)
    await loki.open()
    return loki
  }

  get url(): string {
    return `${this.tls === undefined ? 'http' : 'https'}://127.0.0.1:${this.port}`
  }

  /** Comes back under the address that it had. */
  async open(): Promise<void> {
    const handle = (request: IncomingMessage, response: ServerResponse) => void this.handle(request, response)
    this.server = this.tls === undefined ? createServer(handle) : createTlsServer(this.tls, handle)
    this.server.listen(this.port, '127.0.0.1')
    await once(this.server, 'listening')
    this.port = (this.server.address() as AddressInfo).port
  }

  /** Goes away: connections are cut, new ones refused. */
  async close(): Promise<void> {
    const { server } = this
    if (server === undefined) return
    this.server = undefined
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** The fields of every line that it has. */
  records(): Record<string, unknown>[] {
    return this.entries.map(({ line }) => JSON.parse(line) as Record<string, unknown>)
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests++
    this.headers.push(request.headers)
    request.on('error', () => {})
    response.on('error', () => {})
    try {
      if ((await this.trouble?.(request, response)) === true) return
      const bytes = await buffer(request)
      const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
      this.answer(request, text.toString(), response)
    } catch {
      response.destroy()
    }
  }

  private answer(request: IncomingMessage, text: string, response: ServerResponse): void {
    const refuse = (status: number, words: string) =>
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${words}\n`)
    if (request.headers['content-type'] !== 'application/json') return void refuse(400, 'snappy: corrupt input')
    let push: Push
    try {
      push = JSON.parse(text) as Push
    } catch {
      return void refuse(400, 'loghttp.PushRequest.Streams: []loghttp.LogProtoStream: Skip: do not know how to skip: 0')
    }
    if ((push.streams ?? []).length === 0) {
      return void refuse(422, 'error at least one valid stream is required for ingestion')
    }
    const problem = malformed(push)
    if (problem !== undefined) return void refuse(400, problem)
    const words = (push.streams ?? []).flatMap(({ stream, values }) => this.store(stream, values))
    if (words.length > 0) refuse(400, words[0] as string)
    else response.writeHead(204).end()
  }

  /** @returns what it has to say to the entries that it refuses. */
  private store(labels: Record<string, string>, values: unknown[][]): string[] {
    const name = `{${Object.keys(labels)
      .sort()
      .map((key) => `${key}="${labels[key]}"`)
      .join(', ')}}`
    const count = Object.keys(labels).length
    if (count > MOST_LABELS) return [`entry for stream '${name}' has ${count} label names; limit ${MOST_LABELS}`]
    return values.flatMap(([time, line, metadata = {}]) => {
      const entry = { labels, time: BigInt(time as string), line: line as string, metadata } as Stored
      const refusal = refusalOf(entry, name)
      if (refusal !== undefined) return [refusal]
      const key = `${name} ${time} ${line}`
      if (this.seen.has(key)) this.repeats.push(entry)
      else this.entries.push(entry)
      this.seen.add(key)
      return []
    })
  }
}

/** Why a whole request is refused before anything of it is stored. */
function malformed({ streams = [] }: Push): string | undefined {
  for (const { stream, values } of streams) {
    const bad = Object.keys(stream).find((name) => !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name))
    if (bad !== undefined) return "couldn't parse labels: 1:5: parse error: unexpected character inside braces: '-'"
    for (const [time, line, metadata = {}] of values) {
      if (typeof time !== 'string' || !/^\d+$/.test(time)) {
        return 'loghttp.PushRequest.Streams: []loghttp.LogProtoStream: unmarshalerDecoder: Value looks like Number/Boolean/None'
      }
      const texts = [line, ...Object.values(metadata as object)]
      if (texts.some((text) => typeof text !== 'string')) {
        return "loghttp.PushRequest.Streams: []loghttp.LogProtoStream: unmarshalerDecoder: Value is string, but can't find closing"
      }
    }
  }
  return undefined
}

function refusalOf({ time, line }: Stored, name: string): string | undefined {
  const now = BigInt(Date.now()) * 1_000_000n
  const date = (nanoseconds: bigint) => new Date(Number(nanoseconds / 1_000_000n)).toISOString()
  if (time < now - OLDEST) {
    return `entry for stream '${name}' has timestamp too old: ${date(time)}, oldest acceptable timestamp is: ${date(now - OLDEST)}`
  }
  if (time > now + NEWEST) return `entry for stream '${name}' has timestamp too new: ${date(time)}`
  const bytes = Buffer.byteLength(line)
  if (bytes <= MOST_LINE_BYTES) return undefined
  return `Max entry size '${MOST_LINE_BYTES}' bytes exceeded for stream '${name}' while adding an entry with length '${bytes}' bytes`
}
