import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareDecimals, ExactNumber } from './exact-number.js'
import { parseObject } from './json.js'

describe('parseObject', () => {
  it('is JSON.parse for any object whose numbers a double holds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const text = JSON.stringify(object)
        expect(parseObject(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  it.each(['', '[1]', '"x"', '1', 'null', '{', '{"a":}', '{"a":1}x', '[{"a":1}]'])('is nothing for %j', (text) =>
    expect(parseObject(text)).toBeUndefined(),
  )

  it.each([
    '12345678901234567890',
    '-9007199254740993',
    '0.12345678901234567890',
    '1e400',
    '-1E+999',
    '123456789012345678.5',
    '1e-400',
  ])('keeps the digits of %s, wherever it stands', (number) => {
    const object = parseObject(`{"a":${number},"b":[${number}, {"c" :\t${number}}],"d":"${number}"}`)
    const exact = new ExactNumber(number)
    expect(object).toEqual({ a: exact, b: [exact, { c: exact }], d: number })
    expect(`${object?.a}`).toBe(number)
  })

  it.each([
    '1',
    '-0',
    '1.0',
    '1.50',
    '9007199254740992',
    '1e3',
    '12345678901234567000',
    '0.1',
    '1.7976931348623157e308',
  ])('has %s as a number', (number) => expect(parseObject(`{"a":${number}}`)).toEqual({ a: Number(number) }))

  it('keeps any integer and any decimal, and every text around it', () => {
    const decimal = fc.tuple(fc.bigInt(), fc.nat()).map(([whole, fraction]) => `${whole}.${fraction}`)
    const number = fc.oneof(fc.bigInt().map(String), decimal)
    fc.assert(
      fc.property(number, fc.string(), (digits, text) => {
        const quoted = JSON.stringify(text)
        const object = parseObject(`{"before":${quoted},"number":${digits},${JSON.stringify(`k${text}`)}:${quoted}}`)
        expect(object?.before).toBe(text)
        expect(object?.[`k${text}`]).toBe(text)
        expect(compareDecimals(String(object?.number).replace(/e\+?/, 'e'), digits)).toBe(0)
      }),
    )
  })

  it.each([5000, 90_000, 2_000_000])('bounds what is nested %i deep', (depth) => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const object = parseObject(`{"message":"x","deep":${open.repeat(depth)}1${close.repeat(depth)}}`)
      if (depth > 100_000) expect(object).toBeUndefined()
      else expect(JSON.stringify(object)).toContain('[nested deeper than 100]')
    }
  })

  it('leaves openings within texts alone', () => {
    const text = JSON.stringify({ a: '[{'.repeat(200_000), b: { c: 1 } })
    expect(parseObject(text)).toEqual(JSON.parse(text))
  })
})

it('compares decimals by all of their digits', () => {
  const whole = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n })
  fc.assert(
    fc.property(whole, whole, fc.integer({ min: 0, max: 40 }), (a, b, zeros) => {
      const sign = a < b ? -1 : a > b ? 1 : 0
      expect(Math.sign(compareDecimals(String(a), String(b)))).toBe(sign)
      expect(Math.sign(compareDecimals(`${a}e${zeros}`, `${b}${'0'.repeat(zeros)}.00`))).toBe(sign)
    }),
  )
  expect(compareDecimals('0', '-0.000')).toBe(0)
})
