import { expect, it } from 'vitest'
import { Hops } from './hops.js'

const START = Date.parse('2024-01-22T10:15:23.000Z')
const route = (service: string) => ({ service, method: 'GET', route: '/' })

/** A request of a service, from a moment on. */
function add(hops: Hops, service: string, from: number, durationMs: number, fields: object): void {
  const timestamp = new Date(START + from + durationMs).toISOString()
  hops.add({ timestamp, ...fields }, { kind: 'request', ...route(service), durationMs, failed: false, weight: 1 })
}

it('tells what a customer sent from what a service sent on, by the id that they share', () => {
  const hops = new Hops()
  for (let i = 0; i < 100; i++) {
    const at = i * 1000
    const ids = { request_id: `r-${i}` }
    // The files come one after another, the last service's first.
    add(hops, 'database', at + 4, 10, ids)
    add(hops, 'api', at + 2, 20, { ...ids, parent_span_id: '00000000000000aa' })
    add(hops, 'gateway', at, 30, ids)
  }
  const outside = hops.outside()
  expect(['gateway', 'api', 'database'].map((service) => outside(route(service)))).toEqual([1, 0, 0])
})

it('counts a client that tries again with the same id as often as it tried', () => {
  const hops = new Hops()
  for (const at of [0, 100, 200]) add(hops, 'gateway', at, 50, { request_id: 'r' })
  expect(hops.outside()(route('gateway'))).toBe(1)
})

it('takes the one without a caller for the first, though its clock is ahead', () => {
  const hops = new Hops()
  add(hops, 'gateway', 500, 30, { request_id: 'r' })
  add(hops, 'api', 0, 20, { request_id: 'r', parent_span_id: '00000000000000aa' })
  expect(hops.outside()(route('gateway'))).toBe(1)
  expect(hops.outside()(route('api'))).toBe(0)
})

it('knows nothing of a request whose caller left no line, and takes its service for what the others are', () => {
  const hops = new Hops()
  add(hops, 'api', 0, 20, { request_id: 'lost', parent_span_id: '00000000000000aa' })
  expect(hops.outside()(route('api'))).toBe(1)
  add(hops, 'gateway', 0, 30, { request_id: 'r' })
  add(hops, 'api', 0, 20, { request_id: 'r' })
  expect(hops.outside()(route('api'))).toBe(0)
  expect(hops.outside()(route('never seen'))).toBe(1)
})

it('compares a bounded number of ids, and still tells the share', () => {
  const hops = new Hops()
  // A third of what the api gets comes from the gateway.
  for (let i = 0; i < 150_000; i++) {
    if (i % 3 === 0) add(hops, 'gateway', i, 30, { request_id: `r-${i}` })
    add(hops, 'api', i, 20, { request_id: `r-${i}` })
  }
  expect(hops.outside()(route('api'))).toBeCloseTo(2 / 3, 1)
  expect(hops.outside()(route('gateway'))).toBe(1)
})
