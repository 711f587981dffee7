import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { OtlpReceiver } from './otlp-receiver.js'
import { Example } from './run-example.js'

const folder = join(import.meta.dirname, 'opentelemetry')
const CLIENT = 3
const SERVER = 2

async function start(env: Readonly<Record<string, string>> = {}) {
  const receiver = new OtlpReceiver()
  const endpoint = await receiver.listen()
  const example = new Example(join(folder, 'service.ts'), {
    nodeArgs: ['--import', join(folder, 'tracing.ts')],
    env: {
      OTEL_SERVICE_NAME: 'shop',
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      ...env,
    },
  })
  return { receiver, example, url: await example.url() }
}

// The last spans go out at the end, and Windows has no signal that would let a program have one.
describe.skipIf(process.platform === 'win32')('opentelemetry', () => {
  it("puts the SDK's ids on every line, and sends the lines beside the spans", async () => {
    const { receiver, example, url } = await start()
    const response = await fetch(`${url}/orders/7`, { headers: { 'x-request-id': 'req-1' } })
    expect(await response.json()).toEqual({ id: '7', count: 3 })
    await example.line({ message: 'Request completed', path: '/orders/7' })
    expect(await example.stop()).toBe(0)

    const { spans, logs } = receiver
    const pathOf = ({ attributes }: (typeof spans)[number]) =>
      attributes.find(({ key }) => key === 'url.path')?.value.stringValue
    const span = (kind: number, path: string) => spans.find((one) => one.kind === kind && pathOf(one) === path)
    const [order, call, stock] = [span(SERVER, '/orders/7'), span(CLIENT, '/stock/7'), span(SERVER, '/stock/7')]
    expect(call).toMatchObject({ traceId: order?.traceId, parentSpanId: order?.spanId })
    expect(stock).toMatchObject({ traceId: order?.traceId, parentSpanId: call?.spanId })

    const ofOrder = { request_id: 'req-1', trace_id: order?.traceId, span_id: order?.spanId }
    const ofStock = {
      request_id: 'req-1',
      trace_id: order?.traceId,
      span_id: stock?.spanId,
      parent_span_id: call?.spanId,
    }
    expect(example.lines.filter(({ request_id }) => request_id === 'req-1')).toMatchObject([
      { message: 'Request started', path: '/orders/7', ...ofOrder },
      { message: 'Request started', path: '/stock/7', ...ofStock },
      { message: 'Looking it up', sku: '7', ...ofStock },
      { message: 'Request completed', path: '/stock/7', ...ofStock },
      { message: 'Packing', ...ofOrder },
      { message: 'Request completed', path: '/orders/7', ...ofOrder },
    ])
    expect(logs.map(({ body, traceId, spanId }) => [body.stringValue, traceId, spanId])).toEqual(
      example.lines.map(({ message, trace_id, span_id }) => [message, trace_id, span_id]),
    )
    // Shipping is no part of the service's work.
    expect(spans.map(pathOf)).not.toContain('/v1/logs')
  })

  it('sends one traceparent with a call: that of the span of the call', async () => {
    const headers: string[][] = []
    const stock = createServer((req, res) => {
      headers.push(req.rawHeaders)
      res.end('{}')
    })
    await once(stock.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => {
      stock.closeAllConnections()
      stock.close()
    })
    const STOCK_URL = `http://127.0.0.1:${(stock.address() as AddressInfo).port}`
    const { receiver, example, url } = await start({ STOCK_URL })
    await fetch(`${url}/orders/7`, {
      headers: { 'x-request-id': 'req-1', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
    })
    await example.line({ message: 'Request completed' })
    await example.stop()

    const call = receiver.spans.find(({ kind }) => kind === CLIENT)
    expect(call?.traceId).toBe('0af7651916cd43dd8448eb211c80319c')
    const [sent = []] = headers
    const values = (name: string) => sent.filter((_, i) => i % 2 === 1 && sent[i - 1]?.toLowerCase() === name)
    expect(values('traceparent')).toEqual([`00-${call?.traceId}-${call?.spanId}-01`])
    expect(values('x-request-id')).toEqual(['req-1'])
  })
})
