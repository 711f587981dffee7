import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { onTestFinished } from 'vitest'

export interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number
  readonly attributes: readonly Attribute[]
}

export interface Attribute {
  readonly key: string
  readonly value: { readonly stringValue?: string; readonly intValue?: string | number }
}

export interface LogRecord {
  readonly traceId?: string
  readonly spanId?: string
  readonly body: { readonly stringValue: string }
}

/** A collector on loopback, for OTLP/HTTP in JSON: what was exported to it. */
export class OtlpReceiver {
  readonly spans: Span[] = []
  readonly logs: LogRecord[] = []
  readonly #server = createServer(async (req, res) => {
    this.#take(req.url, JSON.parse((await bodyOf(req)).toString()))
    res.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })

  /** Listens until the test is over. */
  async listen(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => {
      this.#server.closeAllConnections()
      this.#server.close()
    })
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  #take(path: string | undefined, { resourceSpans = [], resourceLogs = [] }: Exported): void {
    for (const { scopeSpans } of resourceSpans) for (const { spans } of scopeSpans) this.spans.push(...spans)
    for (const { scopeLogs } of resourceLogs) for (const { logRecords } of scopeLogs) this.logs.push(...logRecords)
    if (path !== '/v1/traces' && path !== '/v1/logs') throw new Error(`nothing is taken under ${path}`)
  }
}

interface Exported {
  readonly resourceSpans?: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[]
  readonly resourceLogs?: readonly { readonly scopeLogs: readonly { readonly logRecords: readonly LogRecord[] }[] }[]
}

async function bodyOf(req: IncomingMessage): Promise<Buffer> {
  const bytes = await buffer(req)
  return req.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
}
