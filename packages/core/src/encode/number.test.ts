import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runs } from '../../test-support/runs.js'
import { numberText } from './number.js'

test("a number's text is the language's own, whatever the number", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(numberText(value)).toBe(String(value))
    }),
    { numRuns: runs(10_000) },
  )
})

test('so it is with few decimals, and with what lies next to them', () => {
  fc.assert(
    fc.property(fc.integer(), fc.constantFrom(1, 10, 1000, 10_000), (whole, parts) => {
      const value = whole / parts
      for (const one of [value, value * (1 + Number.EPSILON), value * (1 - Number.EPSILON)]) {
        expect(numberText(one)).toBe(String(one))
      }
    }),
    { numRuns: runs(10_000) },
  )
})

test('so it is with whole numbers that end in three zeros, and with their neighbours', () => {
  fc.assert(
    fc.property(fc.integer({ min: -3_000_000, max: 3_000_000 }), fc.constantFrom(-1, 0, 1), (thousands, off) => {
      expect(numberText(thousands * 1000 + off)).toBe(String(thousands * 1000 + off))
    }),
    { numRuns: runs(10_000) },
  )
})

test('every thousandth has its text', () => {
  for (let n = -2000; n <= 10_000; n++) expect(numberText(n / 1000)).toBe(String(n / 1000))
  for (const n of [2147483.647, 2147483.648, 4294967.295, 1e21, 0.1 + 0.2]) expect(numberText(n)).toBe(String(n))
  expect(numberText(-0)).toBe('0')
})
