import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLogger, file } from 'throughline'
import { describe, expect, it } from 'vitest'
import { line } from './shop.js'
import { folderWith, throughline } from './throughline.js'

/** Too long for a narrow terminal. */
const ODD_ROUTE = '/organizations/:organization_id/projects/:project_id/invoices/odd'

/** 1,000 requests in 1,000 seconds: each a millisecond slower than the one before, each tenth failed. */
const requests = Array.from({ length: 1000 }, (_, i) => {
  const failed = i % 10 === 9
  return line(i * 1000, failed ? 'ERROR' : 'INFO', i % 4 === 0 ? 'web' : 'api', 'Request completed', {
    request_id: `r-${i}`,
    method: 'GET',
    route: i % 2 === 0 ? '/even' : ODD_ROUTE,
    path: `/odd/${i}`,
    status_code: failed ? 500 : 200,
    response_time_ms: i + 1,
    ...(failed
      ? { error: `no ${i} can be paid before the organization has confirmed it`, error_type: 'OddError' }
      : {}),
  })
}).join('')

interface Route {
  readonly service: string
  readonly route: string
}

const figures = async (input: string) => JSON.parse((await throughline(['stats', '--json'], { input })).stdout)

describe('throughline stats', () => {
  it('counts the bytes of all parts of a line that a container runtime has split', async () => {
    const input = ['P {"message":"a",', 'P "service":"api",', 'F "level":"INFO"}']
      .map((part) => `2024-01-22T10:15:23.12Z stdout ${part}\n`)
      .join('')
    const all = { lines: 1, bytes: input.length }
    const { lines, bytes, by_service, by_level } = await figures(input)
    expect({ lines, bytes, by_service, by_level }).toEqual({
      ...all,
      by_service: [{ name: 'api', ...all }],
      by_level: [{ name: 'INFO', ...all }],
    })
  })

  it.each([60, 80, 120])('reports in %i columns', async (columns) => {
    const cwd = folderWith({ 'api.log': requests })
    const { stdout, status } = await throughline(['stats', 'api.log'], { cwd, env: { COLUMNS: String(columns) } })
    expect(status).toBe(0)
    await expect(stdout).toMatchFileSnapshot(`golden/stats-${columns}.txt`)
  })

  it('counts requests, failures, durations, errors, services, levels, lines and bytes', async () => {
    const found = await figures(`${requests}plain\n`)
    expect(found).toMatchObject({
      lines: 1001,
      bytes: requests.length + 6,
      not_json: 1,
      from: '2024-01-22T10:15:23.000Z',
      to: '2024-01-22T10:32:02.000Z',
      requests: { count: 1000, failed: 100, error_share: 0.1 },
      errors: [{ type: 'OddError', count: 100, example: 'no 9 can be paid before the organization has confirmed it' }],
      sampling: { is_sampled: false, from_lines: 1000, from_summaries: 0, estimated: 0 },
    })
    // One route of two services is two rows.
    const named = found.routes.map(({ service, route }: Route) => `${service} ${route}`)
    expect(named).toEqual([`api ${ODD_ROUTE}`, 'web /even', 'api /even'])
    const [odd, ...evens] = found.routes
    for (const half of evens)
      expect(half).toMatchObject({ method: 'GET', count: 250, failed: 0, from_outside: 250, is_estimate: false })
    expect(odd).toMatchObject({ route: ODD_ROUTE, count: 500, failed: 100, error_share: 0.2, mean_ms: 501 })
    for (const [name, exact] of [
      ['p50_ms', 500],
      ['p95_ms', 950],
      ['p99_ms', 990],
    ] as const) {
      expect(Math.abs(odd[name] - exact)).toBeLessThan(exact * 0.015)
    }
    expect(found.slowest.map((slow: { request_id: string }) => slow.request_id).slice(0, 3)).toEqual([
      'r-999',
      'r-998',
      'r-997',
    ])
    const volume = (list: { name: string; lines: number }[]) =>
      Object.fromEntries(list.map(({ name, lines }) => [name, lines]))
    expect(volume(found.by_service)).toEqual({ api: 750, web: 250, 'not JSON': 1 })
    expect(volume(found.by_level)).toEqual({ INFO: 900, ERROR: 100, 'not JSON': 1 })
  })

  it('weighs kept lines by their sample_rate, and says so', async () => {
    const kept = requests.replaceAll('"status_code":200', '"status_code":200,"sample_rate":0.05')
    const { stdout } = await throughline(['stats'], { input: kept })
    expect(stdout).toContain(
      'sampled: 0 % of the counts are exact, from summary lines; 94 % are estimated by sample_rate',
    )
    expect((await figures(kept)).requests).toMatchObject({ count: 900 * 20 + 100, failed: 100 })
  })

  it("is exact on what a real logger sampled, by the logger's own summaries", async () => {
    const path = join(folderWith(), 'api.log')
    const log = createLogger({ service: 'api', sampling: { success: 0.05 }, destination: file(path), env: {} })
    const done = { message: 'Request completed', aborted: false, route: '/users/:id' }
    for (let i = 1; i <= 500; i++) {
      const failed = i % 50 === 0
      const operation = log.begin({
        name: 'GET',
        kind: 'request',
        method: 'GET',
        fields: { request_id: `r-${i}`, trace_id: '', method: 'GET' },
      })
      const status = failed ? 500 : 200
      const fields = { status_code: status, response_time_ms: i, route: '/users/:id' }
      operation.end({ ...done, level: failed ? 'error' : 'info', fields, failed, status, durationMs: i })
    }
    await log.close()
    const written = readFileSync(path, 'utf8')
    expect(written.match(/Request completed/g)?.length).toBeLessThan(100)
    const found = await figures(written)
    expect(found).toMatchObject({
      requests: { count: 500, failed: 10, error_share: 0.02 },
      sampling: { is_sampled: true, from_summaries: 500, estimated: 0 },
      routes: [{ method: 'GET', route: '/users/:id', count: 500, max_ms: 500, mean_ms: 250.5 }],
    })
    for (const [name, exact] of [
      ['p50_ms', 250],
      ['p95_ms', 475],
      ['p99_ms', 495],
    ] as const) {
      expect(Math.abs(found.routes[0][name] - exact)).toBeLessThan(exact * 0.03)
    }
    const { stdout } = await throughline(['stats'], { input: written })
    expect(stdout).toContain('sampled: 100 % of the counts are exact, from summary lines\n')
  })

  it('has the true quantiles of one route that two processes summarized, each its own part', async () => {
    const parts = [
      // 22 ms at the 95th of a hundred; a hundredth takes 1.8 s in one of them, where they are its 99th.
      Array.from({ length: 2000 }, (_, i) => (i % 100 === 99 ? 1800 : 5 + (i % 18))),
      Array.from({ length: 20 }, () => 1800),
    ]
    const written = await Promise.all(
      parts.map(async (durations, process) => {
        const path = join(folderWith(), `${process}.log`)
        const log = createLogger({ service: 'api', sampling: { success: 0 }, destination: file(path), env: {} })
        for (const durationMs of durations) {
          const ids = { request_id: crypto.randomUUID(), trace_id: '', method: 'GET' }
          const operation = log.begin({ name: 'GET', kind: 'request', method: 'GET', fields: ids })
          const fields = { status_code: 200, response_time_ms: durationMs, route: '/x' }
          const end = {
            message: 'Request completed',
            aborted: false,
            route: '/x',
            level: 'info',
            failed: false,
          } as const
          operation.end({ ...end, fields, status: 200, durationMs })
        }
        await log.close()
        return readFileSync(path, 'utf8')
      }),
    )
    const sorted = parts.flat().sort((a, b) => a - b)
    const { routes } = await figures(written.join(''))
    expect(routes).toMatchObject([{ service: 'api', route: '/x', count: 2020, is_estimate: false }])
    for (const [name, share] of [
      ['p50_ms', 0.5],
      ['p95_ms', 0.95],
      ['p99_ms', 0.99],
    ] as const) {
      const exact = sorted[Math.floor(share * (sorted.length - 1))] ?? 0
      expect(Math.abs(routes[0][name] - exact)).toBeLessThanOrEqual(exact * 0.0101)
    }
  })

  it('says that the quantiles of summary lines without a sketch are an estimate', async () => {
    const old = (service: string) =>
      line(0, 'INFO', service, 'Request summary', {
        method: 'GET',
        route: '/x',
        status_class: '2xx',
        count: 100,
        duration_ms_min: 1,
        duration_ms_p50: 5,
        duration_ms_p95: 20,
        duration_ms_p99: 30,
        duration_ms_max: 40,
      })
    const { stdout } = await throughline(['stats'], { input: old('api') + requests })
    expect(stdout).toContain('quantiles marked ≈ (1 of 4 rows) are an estimate')
    expect(stdout).toContain('≈20')
    expect((await figures(old('api'))).routes).toMatchObject([{ is_estimate: true, p95_ms: expect.closeTo(20, 0) }])
    expect((await throughline(['stats'], { input: old('api') })).stdout).toContain('quantiles are an estimate')
    expect((await throughline(['stats'], { input: requests })).stdout).not.toContain('estimate')
  })

  it('counts what customers sent apart from what services sent one another', async () => {
    const input = Array.from({ length: 50 }, (_, i) => {
      const fields = (route: string) => ({
        request_id: `r-${i}`,
        method: 'GET',
        route,
        status_code: i % 10 === 0 ? 503 : 200,
      })
      return [
        line(i * 100 + 20, 'INFO', 'api', 'Request completed', { ...fields('/x'), response_time_ms: 10 }),
        line(i * 100 + 20, 'INFO', 'auth', 'Request completed', { ...fields('/login'), response_time_ms: 5 }),
        line(i * 100 + 30, 'INFO', 'gateway', 'Request completed', { ...fields('/x'), response_time_ms: 30 }),
      ].join('')
    }).join('')
    const { requests, routes } = await figures(input)
    expect(requests).toMatchObject({ count: 150, from_outside: 50, from_outside_failed: 5 })
    expect(
      routes.map(({ service, count, from_outside }: Route & Record<string, unknown>) => [service, count, from_outside]),
    ).toEqual([
      ['api', 50, 0],
      ['auth', 50, 0],
      ['gateway', 50, 50],
    ])
    const { stdout } = await throughline(['stats'], { input })
    expect(stdout).toContain('Requests 50 from outside, 10 % failed; 100 hops from service to service')
  })
})
