import { once } from 'node:events'
import http, { type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { instrumentHttpClient, withRequestLogging } from '@throughline/http'
import { correlation, installGlobal } from '@throughline/undici'
import { context, createLogger, memory } from 'throughline'
import { expect, it, onTestFinished } from 'vitest'

/** Each of them makes two calls: the gateway to orders, and orders to stock. */
const REQUESTS = 5000
const AT_ONCE = 100

/** A call that arrived: what it carries, and in its query what was in force where it was made. */
interface Arrival {
  readonly service: string
  readonly carried: string
  readonly inForce: string
}

const arrivals: Arrival[] = []

/** A service of its own: a server, a logger, and what it does for a request. */
async function service(name: string, handle: (id: string) => Promise<unknown>) {
  const lines = memory({ maxLines: 10 * REQUESTS })
  const log = createLogger({ service: name, env: {}, level: 'debug', destination: lines })
  const listener = withRequestLogging(log, async (req, res) => {
    const { searchParams } = new URL(req.url ?? '', 'http://x')
    const { 'x-request-id': id, 'throughline-trace': trace } = req.headers
    const inForce = searchParams.get('in_force')
    if (inForce !== null) arrivals.push({ service: name, carried: `${id} ${traceOf(trace)}`, inForce })
    await handle(searchParams.get('id') ?? '')
    res.end('done')
  })
  const server = http.createServer(listener as RequestListener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { lines, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

function traceOf(trace: unknown): string | undefined {
  return String(trace).split('-')[0]
}

/** A path that says what is in force here. */
function path(id: string): string {
  const query = new URLSearchParams({ id, in_force: `${context.get('request_id')} ${context.get('trace_id')}` })
  return `/next?${query}`
}

/** Every client there is, each with few connections, so that calls wait for one another. */
async function clients(): Promise<readonly ((origin: string, id: string) => Promise<unknown>)[]> {
  const [undici6, undici7, undici8] = await Promise.all([import('undici-6'), import('undici-7'), import('undici')])
  const pools = new Map<string, ReturnType<InstanceType<typeof undici7.Pool>['compose']>>()
  const viaPool = (undici: typeof undici7, name: string) => async (origin: string, id: string) => {
    const pool = pools.get(name) ?? new undici.Pool(origin, { connections: 2 }).compose(correlation())
    pools.set(name, pool)
    const { body } = await pool.request({ path: path(id), method: 'GET' })
    return body.text()
  }
  const agent = new http.Agent({ keepAlive: true, maxSockets: 2 })
  onTestFinished(async () => {
    agent.destroy()
    await Promise.all([...pools.values()].map((pool) => pool.destroy()))
  })
  return [
    viaPool(undici6 as unknown as typeof undici7, 'undici 6'),
    viaPool(undici7, 'undici 7'),
    viaPool(undici8 as unknown as typeof undici7, 'undici 8'),
    async (origin, id) => (await fetch(origin + path(id))).text(),
    (origin, id) =>
      new Promise((resolve, reject) => {
        http.get(origin + path(id), { agent }, (res) => resolve(text(res))).on('error', reject)
      }),
  ]
}

it(`gives each of ${2 * REQUESTS} calls in chains of three services the ids in force at the call`, async () => {
  // Before any undici is imported: with undici 8 in the process, its global dispatcher would be the built-in fetch's.
  onTestFinished(installGlobal())
  onTestFinished(instrumentHttpClient())
  const send = await clients()
  const stock = await service('stock', async () => {})
  const orders = await service('orders', (id) => send[Number(id) % send.length]?.(stock.origin, id) as Promise<unknown>)
  const gateway = await service('gateway', (id) => send[3]?.(orders.origin, id) as Promise<unknown>)

  const ids = Array.from({ length: REQUESTS }, (_, i) => String(i)).values()
  const drive = async () => {
    for (const id of ids) {
      const response = await fetch(`${gateway.origin}/?id=${id}`, { headers: { 'X-Request-ID': `r-${id}` } })
      await response.text()
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, drive))

  expect(arrivals).toHaveLength(2 * REQUESTS)
  expect(arrivals.filter(({ carried, inForce }) => carried !== inForce)).toEqual([])
  expect(new Set(arrivals.map(({ carried }) => carried)).size).toBe(REQUESTS)

  // Every line of a request stands in one tree: what a service says begins at a line of the one before it.
  for (const [caller, callee] of [
    [gateway, orders],
    [orders, stock],
  ] as const) {
    const calls = new Map(
      caller.lines.records
        .filter(({ message }) => message === 'Outgoing request completed')
        .map((line) => [line.span_id, line.request_id]),
    )
    const completed = callee.lines.records.filter(({ message }) => message === 'Request completed')
    expect(calls.size).toBe(REQUESTS)
    expect(completed).toHaveLength(REQUESTS)
    expect(completed.filter((line) => calls.get(line.parent_span_id) !== line.request_id)).toEqual([])
  }
})
