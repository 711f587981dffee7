import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runs } from '../../test-support/runs.js'
import { timestamp } from './timestamp.js'

/** What `Date` can say at all (ECMA-262, section 21.4.1.1). */
const FURTHEST_MS = 8_640_000_000_000_000

test('a timestamp is what toISOString says, for any millisecond in any order', () => {
  const anywhere = fc.integer({ min: -FURTHEST_MS, max: FURTHEST_MS })
  // Steps as a clock makes them: on, back, and over the ends of seconds.
  const steps = fc.array(fc.integer({ min: -1500, max: 1500 }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(anywhere, steps, (start, deltas) => {
      let ms = start
      for (const delta of deltas) {
        expect(timestamp(ms)).toBe(new Date(ms).toISOString())
        ms = Math.max(-FURTHEST_MS, Math.min(FURTHEST_MS, ms + delta))
      }
    }),
    { numRuns: runs(5_000) },
  )
})

test('a timestamp is right on both sides of a second, a day and the epoch, and when the clock goes back', () => {
  for (const ms of [
    0, -1, 999, 1000, 999, -1000, 1_705_918_523_120, 1_705_968_000_000, 1_705_967_999_999, -62_198_755_200_000,
  ]) {
    expect(timestamp(ms)).toBe(new Date(ms).toISOString())
    expect(timestamp(ms)).toBe(new Date(ms).toISOString())
  }
})

test('a fraction of a millisecond is left out, as Date does', () => {
  for (const ms of [0.5, 1_705_918_523_120.9, -0.5]) expect(timestamp(ms)).toBe(new Date(ms).toISOString())
})

test('a clock that gives no time gives the epoch and does not throw', () => {
  for (const ms of [Number.NaN, Infinity, -Infinity, FURTHEST_MS + 1]) {
    expect(timestamp(ms)).toBe('1970-01-01T00:00:00.000Z')
  }
})
