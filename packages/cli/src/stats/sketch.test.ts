import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Durations, RELATIVE_ERROR } from './sketch.js'

it('is within one percent of the exact quantiles', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 }),
      (values) => {
        const durations = new Durations()
        for (const value of values) durations.add(value, 1)
        const sorted = [...values].sort((a, b) => a - b)
        for (const share of [0.5, 0.95, 0.99]) {
          const exact = sorted[Math.floor(share * (sorted.length - 1))] ?? 0
          expect(Math.abs(durations.quantile(share) - exact)).toBeLessThanOrEqual(exact * RELATIVE_ERROR * 1.001)
        }
      },
    ),
  )
})

it('counts a weighted duration as many', () => {
  const durations = new Durations()
  durations.add(10, 98)
  durations.add(1000, 2)
  expect(durations.count).toBe(100)
  expect(durations.quantile(0.95)).toBeCloseTo(10, 0)
  expect(durations.quantile(0.99)).toBeGreaterThan(980)
})

it('gives back the quantiles of a summary', () => {
  const durations = new Durations()
  durations.addSummary({ count: 12_345, sum: 1e6, min: 1, p50: 20, p95: 150, p99: 400, max: 900 })
  expect(durations.count).toBe(12_345)
  expect(durations.max).toBe(900)
  for (const [share, expected] of [
    [0.5, 20],
    [0.95, 150],
    [0.99, 400],
  ] as const) {
    expect(Math.abs(durations.quantile(share) - expected)).toBeLessThanOrEqual(expected * 0.02)
  }
})
