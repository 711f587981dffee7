import fc from 'fast-check'
import { QuantileSketch } from 'throughline/internal'
import { expect, it } from 'vitest'
import { Durations } from './durations.js'

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
          expect(Math.abs(durations.quantile(share) - exact)).toBeLessThanOrEqual(exact * 0.01001)
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

const OLD = { count: 12_345, sum: 1e6, min: 1, p50: 20, p95: 150, p99: 400, max: 900, sketch: undefined }

it('is within one percent of what two summaries with sketches count together, whatever that is', () => {
  const list = fc.array(fc.double({ min: 0.001, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(list, list, (one, two) => {
      const durations = new Durations()
      for (const values of [one, two]) {
        const sketch = new QuantileSketch()
        for (const value of values) sketch.add(value)
        const [min, max] = [Math.min(...values), Math.max(...values)]
        durations.addSummary({
          count: values.length,
          sum: 0,
          min,
          p50: 0,
          p95: 0,
          p99: 0,
          max,
          sketch: sketch.encode(),
        })
      }
      const sorted = [...one, ...two].sort((a, b) => a - b)
      const exact = sorted[Math.floor(0.95 * (sorted.length - 1))] ?? 0
      expect(Math.abs(durations.quantile(0.95) - exact)).toBeLessThanOrEqual(exact * 0.01001)
      expect(durations.isEstimate).toBe(false)
    }),
  )
})

it.each([undefined, 7, '', 'rubbish', 'd…', new QuantileSketch().encode()])(
  'calls the quantiles of a summary with the sketch %j an estimate',
  (sketch) => {
    const durations = new Durations()
    durations.addSummary({ ...OLD, sketch })
    expect(durations).toMatchObject({ count: 12_345, isEstimate: true })
    const all = new Durations()
    all.merge(durations)
    expect(all.isEstimate).toBe(true)
  },
)

it('gives back the quantiles of a summary', () => {
  const durations = new Durations()
  durations.addSummary(OLD)
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
