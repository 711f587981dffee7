import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'

/** A call as it arrived. */
interface Arrival {
  readonly path: string
  readonly traceparents: readonly string[]
  readonly own: readonly string[]
  readonly id: string | undefined
}

let arrivals: Arrival[] = []
const next = createServer((req, res) => {
  const values = (name: string) =>
    req.rawHeaders.filter((_, i) => i % 2 === 1 && req.rawHeaders[i - 1]?.toLowerCase() === name)
  arrivals.push({
    path: req.url ?? '',
    traceparents: values('traceparent'),
    own: values('throughline-trace'),
    id: values('x-request-id')[0],
  })
  res.end('done')
})
beforeAll(async () => {
  await once(next.listen(0, '127.0.0.1'), 'listening')
})
afterAll(() => {
  next.closeAllConnections()
  next.close()
})

interface Outcome {
  readonly active: { readonly traceId: string; readonly spanId?: string }
  readonly lines: readonly Record<string, string>[]
}

/** Sends one request to a service that is traced. */
async function request(args: readonly string[], headers: Readonly<Record<string, string>>): Promise<Outcome> {
  arrivals = []
  const service = fork(join(import.meta.dirname, 'traced-service.mjs'), [...args], {
    silent: true,
    env: {
      ...process.env,
      NEXT: `http://127.0.0.1:${(next.address() as AddressInfo).port}`,
      DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
      DD_REMOTE_CONFIGURATION_ENABLED: 'false',
      NEW_RELIC_APP_NAME: 'test',
      NEW_RELIC_LICENSE_KEY: '0'.repeat(40),
      NEW_RELIC_HOST: '127.0.0.1',
      NEW_RELIC_PORT: '9',
      NEW_RELIC_LOG_ENABLED: 'false',
    },
  })
  let stderr = ''
  service.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  try {
    const [line] = (await once(createInterface(service.stdout as Readable), 'line')) as [string]
    const { port } = JSON.parse(line) as { port: number }
    const response = await fetch(`http://127.0.0.1:${port}/`, { headers })
    expect(response.status, stderr).toBe(200)
    await response.text()
    const message = once(service, 'message')
    service.send('done')
    const [outcome] = (await message) as [Outcome]
    return outcome
  } finally {
    service.kill('SIGKILL')
  }
}

/** Whether the tracer writes a `traceparent` itself, and whether that is so without one from outside. */
const tracers = [
  { name: 'opentelemetry', order: 'early', isServer: true, decides: true },
  { name: 'opentelemetry', order: 'late', isServer: false, decides: true },
  { name: 'dd-trace', order: 'early', isServer: true, decides: true },
  { name: 'newrelic', order: 'early', isServer: false, decides: true },
  { name: 'sentry', order: 'early', isServer: false, decides: true },
  { name: 'sentry without tracing', order: 'early', isServer: true, decides: false },
]
const own = `${TRACE}-${SPAN}`
const cases = tracers.flatMap((tracer) => [
  { ...tracer, origin: 'its own', headers: { 'x-request-id': 'r-1' } },
  { ...tracer, origin: 'the caller’s', headers: { 'x-request-id': 'r-1', traceparent: `00-${TRACE}-${SPAN}-01` } },
  { ...tracer, origin: 'a service without one', headers: { 'x-request-id': 'r-1', 'throughline-trace': own } },
])

describe.each(cases)(
  'beside $name, started $order, in a trace of $origin',
  ({ name, order, headers, isServer, decides }) => {
    it('sends at most one traceparent with a call, and the line of the call has what was sent', async () => {
      const { active, lines } = await request([name, order], headers)
      const completed = lines.find(({ message }) => message === 'Request completed')
      // Started late, OpenTelemetry does not see the server's request.
      if (active !== undefined) {
        expect(completed?.trace_id).toBe(active.traceId)
        if (isServer) expect(completed?.span_id).toBe(active.spanId)
      }
      // What came without a flag decides nothing: a tracer makes its own decision, and by default that is to record.
      const isAdopted = 'throughline-trace' in headers && active === undefined
      if (!('traceparent' in headers)) expect(completed?.trace_id === TRACE).toBe(isAdopted)
      expect(arrivals.flatMap(({ traceparents }) => traceparents).filter((value) => !value.endsWith('-01'))).toEqual([])
      expect(arrivals.map(({ path }) => path)).toHaveLength(5)
      for (const { path, id, traceparents, own } of arrivals) {
        // Started late, OpenTelemetry instruments undici alone.
        const isTracers = decides && (order === 'early' || path !== '/http' || 'traceparent' in headers)
        expect([path, id, traceparents.length, own.length]).toEqual([path, 'r-1', ...(isTracers ? [1, 0] : [0, 1])])
        const line = lines.find((one) => one.message === 'Outgoing request completed' && one.path === path)
        const [sent = ''] = isTracers ? traceparents.map((value) => value.slice(3)) : own
        expect([path, line?.trace_id, line?.span_id]).toEqual([path, ...sent.split('-', 2)])
        // A tracer that does not see the server's request begins a trace at the call.
        if (active !== undefined) expect([path, line?.trace_id]).toEqual([path, completed?.trace_id])
      }
    })
  },
)
