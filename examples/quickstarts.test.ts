import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Example } from './run-example.js'

describe.each(['express', 'fastify'])('%s-quickstart', (framework) => {
  it('logs a request, its failure and no health check', async () => {
    const example = new Example(join(import.meta.dirname, `${framework}-quickstart/server.ts`))
    const url = await example.url()
    await fetch(`${url}/health`)
    const user = await fetch(`${url}/users/42`, { headers: { 'x-request-id': 'req-1' } })
    expect(await user.json()).toEqual({ id: '42', request_id: 'req-1' })
    const order = await fetch(`${url}/orders`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json', 'x-request-id': 'req-2' },
    })
    expect(order.status).toBe(500)
    await example.line({ message: 'Request completed', request_id: 'req-2' })
    await example.stop()
    const of = (id: string) => example.lines.filter(({ request_id }) => request_id === id)
    expect(of('req-1')).toMatchObject([
      { message: 'Request started', path: '/users/42' },
      { message: 'Fetching user', user_id: '42' },
      { message: 'Request completed', level: 'INFO', status_code: 200, route: '/users/:id', user_id: '42' },
    ])
    expect(of('req-2')).toMatchObject([
      { message: 'Request started' },
      { message: 'Request completed', level: 'ERROR', status_code: 500, error_type: 'TypeError', route: '/orders' },
    ])
    expect(JSON.stringify(example.lines)).not.toContain('/health')
  })
})

describe('queue-worker', () => {
  it('carries a request through the queue into the worker', async () => {
    const example = new Example(join(import.meta.dirname, 'queue-worker/api.ts'))
    const url = await example.url()
    const send = (id: string, amount: number) =>
      fetch(url, {
        method: 'POST',
        body: JSON.stringify({ job_id: `job-${id}`, amount }),
        headers: { 'x-request-id': id, tracestate: 'rojo=1' },
      })
    expect((await send('req-1', 12)).status).toBe(202)
    await send('req-2', 0)
    const sent = await example.line({ message: 'Operation completed', request_id: 'req-1' })
    const failed = await example.line({ message: 'Operation failed', request_id: 'req-2' })
    const request = await example.line({ message: 'Request completed', request_id: 'req-1' })
    expect(sent).toMatchObject({ service: 'invoice-worker', job_id: 'job-req-1', trace_id: request.trace_id })
    expect(sent.parent_span_id).toBe(request.span_id)
    expect(sent.span_id).not.toBe(request.span_id)
    expect(await example.line({ message: 'Invoice sent' })).toMatchObject({
      request_id: 'req-1',
      span_id: sent.span_id,
    })
    expect(failed).toMatchObject({ level: 'ERROR', error_type: 'RangeError', error: 'nothing to invoice' })
    await example.stop()
  })
})
