import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../../../test-support/runs.js'
import { Schedule } from './schedule.js'

const after = (every: 'day' | 'hour' | number, from: string, timeZone?: string): string =>
  new Date(new Schedule(every, timeZone).after(Date.parse(from))).toISOString()

describe('Schedule', () => {
  it.each([
    ['day', '2026-12-01T10:15:23.120Z', undefined, '2026-12-02T00:00:00.000Z'],
    ['day', '2026-12-01T00:00:00.000Z', undefined, '2026-12-02T00:00:00.000Z'],
    ['day', '2026-12-01T23:59:59.999Z', undefined, '2026-12-02T00:00:00.000Z'],
    ['hour', '2026-12-01T10:15:23.120Z', undefined, '2026-12-01T11:00:00.000Z'],
    [900_000, '2026-12-01T10:15:23.120Z', undefined, '2026-12-01T10:30:00.000Z'],
    ['day', '2026-12-01T22:30:00.000Z', 'Europe/Berlin', '2026-12-01T23:00:00.000Z'],
    ['day', '2026-12-01T23:30:00.000Z', 'Europe/Berlin', '2026-12-02T23:00:00.000Z'],
    ['day', '2026-12-01T10:00:00.000Z', 'America/New_York', '2026-12-02T05:00:00.000Z'],
    ['hour', '2026-12-01T10:15:00.000Z', 'Asia/Kolkata', '2026-12-01T10:30:00.000Z'],
    // The days on which clocks change have 23 and 25 hours.
    ['day', '2026-03-28T23:30:00.000Z', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
    ['day', '2026-10-24T22:30:00.000Z', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
  ] as const)('every %s after %s in %s is %s', (every, from, timeZone, expected) => {
    expect(after(every, from, timeZone)).toBe(expected)
  })

  it('is always ahead, at most 25 hours for a day, at the first moment of a local day or hour', () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia']
    const [first, last] = [Date.UTC(2000, 0, 1), Date.UTC(2040, 0, 1)]
    const case_ = [
      fc.integer({ min: first, max: last }),
      fc.constantFrom(...zones),
      fc.constantFrom('day', 'hour'),
    ] as const
    fc.assert(
      fc.property(...case_, (ms, timeZone, every) => {
        const next = new Schedule(every as 'day' | 'hour', timeZone).after(ms)
        expect(next).toBeGreaterThan(ms)
        // Apia left out a whole day in 2011.
        expect(next - ms).toBeLessThanOrEqual((every === 'day' ? 49 : 2) * 3_600_000)
        const clock = new Date(next).toLocaleTimeString('en-GB', { timeZone })
        expect(clock).toMatch(every === 'day' ? /^(00|23|01):/ : /:(00|30):00$/)
      }),
      { numRuns: runs(2_000) },
    )
  })
})
