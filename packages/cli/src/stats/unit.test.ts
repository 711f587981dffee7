import { expect, it } from 'vitest'
import { Timeline } from './timeline.js'
import { template } from './unit.js'
import { UnitTally } from './unit-tally.js'

it.each([
  ['/users/42/orders', '/users/:id/orders'],
  ['/files/82ea5dc8-1ba6-4624-b54c-d14480e313e0', '/files/:id'],
  ['/t/4bf92f3577b34da6a3ce929d0e0e4736', '/t/:id'],
  ['/users/me/settings', '/users/me/settings'],
  ['/v2/health', '/v2/health'],
  ['/', '/'],
  [`/${'x'.repeat(100)}`, '/:id'],
  [`/${'A'.repeat(8_000_000)}`, '/:id'],
])('takes ids out of %.80s', (path, expected) => {
  expect(template(path)).toBe(expected)
})

const done = (fields = {}) => ({
  message: 'Request completed',
  service: 'api',
  boot_id: 'b',
  method: 'GET',
  route: '/x',
  status_code: 200,
  response_time_ms: 10,
  ...fields,
})
const summary = (count: number, fields = {}) => ({
  message: 'Request summary',
  service: 'api',
  boot_id: 'b',
  method: 'GET',
  route: '/x',
  status_class: '2xx',
  count,
  kept: 1,
  duration_ms_sum: count * 10,
  duration_ms_min: 10,
  duration_ms_max: 10,
  duration_ms_p50: 10,
  duration_ms_p95: 10,
  duration_ms_p99: 10,
  ...fields,
})

it('takes a summary for all that its process logged since the one before, and estimates the rest', () => {
  const tally = new UnitTally()
  tally.add(done({ sample_rate: 0.1 }), 'f')
  tally.add(done({ boot_id: 'other' }), 'f')
  tally.add(summary(1000), 'f')
  tally.add(summary(3, { status_class: '5xx' }), 'f')
  tally.add(done({ sample_rate: 0.25 }), 'f')
  const [route] = tally.routes()
  expect(route?.durations.count).toBe(1000 + 3 + 1 + 4)
  expect(route?.failed).toBe(3)
  expect(tally.provenance).toEqual({ summarized: 1003, seen: 2, estimated: 3 })
})

it('counts routes beyond a bound together', () => {
  const tally = new UnitTally()
  for (let i = 0; i < 2500; i++) tally.add(done({ route: `/r${i}x` }), 'f')
  const routes = tally.routes()
  expect(routes).toHaveLength(2001)
  expect(routes[0]).toMatchObject({ route: 'other', durations: { count: 500 } })
})

it('keeps all of what happened, however long the time turns out to be', () => {
  const timeline = new Timeline()
  for (let day = 0; day < 365; day++) timeline.add(Date.UTC(2024, 0, 1 + day), 2)
  const columns = timeline.columns(52)
  expect(columns).toHaveLength(52)
  expect(columns.reduce((sum, each) => sum + each)).toBe(730)
  expect(Math.min(...columns)).toBeGreaterThan(0)
})
