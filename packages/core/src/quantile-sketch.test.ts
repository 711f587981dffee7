import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LONGEST_SKETCH, QuantileSketch } from './quantile-sketch.js'
import { compileRedaction } from './redact/redactor.js'

const durations = fc.array(
  fc.oneof(
    fc.double({ min: 0.001, max: 1e5, noNaN: true }),
    // As far apart as they get: evenly over all magnitudes.
    fc.double({ min: -3, max: 9, noNaN: true }).map((power) => 10 ** power),
    fc.integer({ min: 1, max: 50 }),
  ),
  { minLength: 1, maxLength: 400 },
)
const share = fc.double({ min: 0, max: 1, noNaN: true })

function sketchOf(values: readonly number[]): QuantileSketch {
  const sketch = new QuantileSketch()
  for (const value of values) sketch.add(value)
  return sketch
}

/** Whether it is within 1 % of a value of that rank. */
function expectQuantile(sketch: QuantileSketch, values: readonly number[], q: number): void {
  const exact = values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))] ?? 0
  expect(Math.abs(sketch.quantile(q) - exact)).toBeLessThanOrEqual(exact * 0.01 * (1 + 1e-9))
}

describe('a quantile sketch', () => {
  it('has every quantile within 1 %, whatever was measured', () => {
    fc.assert(fc.property(durations, share, (values, q) => expectQuantile(sketchOf(values), values, q)))
  })

  it('is the sketch of all values, however they are split over sketches and sent as text', () => {
    fc.assert(
      fc.property(fc.array(durations, { minLength: 1, maxLength: 6 }), share, (lists, q) => {
        const merged = new QuantileSketch()
        for (const values of lists) merged.merge(QuantileSketch.decode(sketchOf(values).encode()) as QuantileSketch)
        expect(merged.count).toBe(lists.flat().length)
        expectQuantile(merged, lists.flat(), q)
      }),
    )
  })

  it('comes back from its text as it was', () => {
    fc.assert(
      fc.property(durations, fc.array(fc.constant(0), { maxLength: 3 }), (values, zeros) => {
        const sketch = sketchOf([...values, ...zeros])
        const text = sketch.encode()
        expect(text.length).toBeLessThanOrEqual(LONGEST_SKETCH)
        const again = QuantileSketch.decode(text)
        expect(again?.encode()).toBe(text)
        expect(again?.count).toBe(sketch.count)
        expect(again?.quantile(0.5)).toBe(sketch.quantile(0.5))
      }),
    )
  })

  it('takes at most 1,024 characters, and keeps the high quantiles where all buckets are full', () => {
    for (const weight of [1, 30, 1000, 1e6, 1e11]) {
      const sketch = new QuantileSketch()
      const values: number[] = []
      for (let value = 0.001; value < 3.6e6; value *= 1.01) values.push(value)
      for (const value of values) sketch.add(value, weight)
      const text = sketch.encode()
      expect(text.length).toBeLessThanOrEqual(LONGEST_SKETCH)
      const again = QuantileSketch.decode(text) as QuantileSketch
      expect(again.count).toBe(sketch.count)
      for (const q of [0.95, 0.99, 1]) expect(again.quantile(q)).toBe(sketch.quantile(q))
    }
  })

  it('holds a busy route of a minute whole: 330 buckets of up to 10,000', () => {
    const sketch = new QuantileSketch()
    for (let i = 0; i < 330; i++) sketch.add(1.0202 ** i, 10_000)
    const again = QuantileSketch.decode(sketch.encode()) as QuantileSketch
    for (const q of [0, 0.01, 0.25, 0.5, 0.95]) expect(again.quantile(q)).toBe(sketch.quantile(q))
  })

  it('is nothing that a detector takes for a secret', () => {
    const redactor = compileRedaction({ detect: 'all' }, { env: {}, count: () => {} })
    fc.assert(
      fc.property(durations, (values) => {
        const text = sketchOf(values).encode()
        expect(redactor?.detect?.(text)).toBe(text)
        expect(JSON.stringify(text)).toBe(`"${text}"`)
      }),
    )
  })

  it('reads no other text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'dsabcz~}{|!#1"…') }), (text) => {
        const sketch = QuantileSketch.decode(text)
        if (sketch !== undefined) expect(Number.isSafeInteger(sketch.count)).toBe(true)
      }),
    )
    const text = sketchOf([1, 2, 3, 50, 1000]).encode()
    for (let length = 0; length < text.length; length++)
      expect(QuantileSketch.decode(text.slice(0, length))).toBeUndefined()
    expect(QuantileSketch.decode(`${text.slice(0, -2)}…`)).toBeUndefined()
    expect(QuantileSketch.decode(text.repeat(500))).toBeUndefined()
  })

  it('takes what is no duration for none, and the extremes for the extremes', () => {
    const sketch = new QuantileSketch()
    sketch.add(Number.NaN)
    sketch.add(1, 0)
    expect([sketch.count, sketch.quantile(0.5)]).toEqual([0, 0])
    sketch.add(-5)
    expect(sketch.quantile(1)).toBe(0)
    sketch.add(Number.POSITIVE_INFINITY)
    expect(sketch.quantile(1)).toBeGreaterThan(9.8e11)
    expect(QuantileSketch.decode(sketch.encode())?.count).toBe(2)
  })
})
