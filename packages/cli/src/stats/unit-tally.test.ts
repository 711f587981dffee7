import { expect, it } from 'vitest'
import { UnitTally } from './unit-tally.js'

const request = (boot_id: string) => ({
  message: 'Request completed',
  boot_id,
  method: 'GET',
  route: '/',
  status_code: 200,
  response_time_ms: 1,
  sample_rate: 0.5,
})
const summary = (boot_id: string, count: number) => ({
  message: 'Request summary',
  boot_id,
  method: 'GET',
  route: '/',
  count,
})

it('counts the requests of more processes than it can keep apart', () => {
  const tally = new UnitTally()
  for (let i = 0; i < 25_000; i++) tally.add(request(`boot-${i}`), 'a.log')
  expect(tally.routes().map(({ durations }) => durations.count)).toEqual([50_000])
  expect(tally.provenance).toEqual({ summarized: 0, seen: 25_000, estimated: 25_000 })
})

it('has a summary cover what its process did, however many ended since it began', () => {
  const tally = new UnitTally()
  for (let i = 0; i < 25_000; i++) {
    tally.add(request(`boot-${i}`), 'a.log')
    if (i % 100 === 0) tally.add(request('lives long'), 'a.log')
  }
  tally.add(summary('lives long', 1_234), 'a.log')
  expect(tally.routes().map(({ durations }) => durations.count)).toEqual([50_000 + 1_234])
})
