import { Agent, createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { withRequestLogging } from '@throughline/http'
import { createLogger, memory, type SamplingOptions } from 'throughline'

/** What a service wrote about its requests. */
export interface Written {
  readonly lines: number
  readonly bytes: number
  /** Requests whose lines were written. */
  readonly requests: number
  readonly failures: number
  /** The requests that the summary lines count. */
  readonly counted: number
  readonly summaryBytes: number
}

export const REQUESTS = 4000
export const FAILURES = REQUESTS / 100
const AT_ONCE = 20

/**
 * The workload that docs/explanation/cost.md tells of: real requests to a real server, three lines of the application in
 * each, one in a hundred failing. Their ids are fixed, so that the same are kept each time.
 */
export async function written(sampling: SamplingOptions | undefined): Promise<Written> {
  const destination = memory()
  const log = createLogger({ service: 'shop', env: {}, destination, ...(sampling && { sampling }) })
  const server = createServer(
    withRequestLogging(
      log,
      (req, res) => {
        const order_id = req.url?.split('/')[2]
        req.log.info('Fetching order', { order_id, user_id: 'user-456' })
        req.log.info('Query finished', { table: 'orders', rows: 1, duration_ms: 3.2 })
        req.log.info('Rendering', { template: 'order', items: 3 })
        res.writeHead(order_id?.endsWith('07') ? 503 : 200).end('{"ok":true}')
      },
      { route: () => '/orders/:id' },
    ),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => ask((server.address() as AddressInfo).port, i)))
  await new Promise((resolve) => server.close(resolve))
  await log.close()
  const { records, lines } = destination
  const bytesOf = (some: readonly string[]) => some.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0)
  const ended = records.filter(({ message }) => message === 'Request completed')
  const summaries = records.filter(({ message }) => message === 'Request summary')
  return {
    lines: lines.length,
    bytes: bytesOf(lines),
    requests: ended.length,
    failures: ended.filter(({ status_code }) => status_code === 503).length,
    counted: summaries.reduce((sum, { count }) => sum + Number(count), 0),
    summaryBytes: bytesOf(lines.filter((line) => line.includes('"message":"Request summary"'))),
  }
}

/** Every twentieth request, one after the other on a connection that is kept. */
async function ask(port: number, first: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  for (let i = first; i < REQUESTS; i += AT_ONCE) {
    const headers = { 'x-request-id': `req-${String(i).padStart(12, '0')}`, 'user-agent': 'checkout-web/7.2' }
    await new Promise<void>((resolve, reject) => {
      get({ agent, port, host: '127.0.0.1', path: `/orders/${String(i).padStart(6, '0')}`, headers }, (res) =>
        res.resume().on('end', resolve),
      ).on('error', reject)
    })
  }
  agent.destroy()
}
