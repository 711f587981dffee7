import { describe, expect, it } from 'vitest'
import { formatValue } from './go-number.js'
import { goQuote, parseBytes, parseGoDuration, parseGoFloat, parseQueryDuration, roundedBytes } from './units.js'

describe('durations', () => {
  it.each([
    ['5m', 300_000_000_000n],
    ['1h30m', 5_400_000_000_000n],
    ['1.5s', 1_500_000_000n],
    ['1d', 86_400_000_000_000n],
    ['250µs', 250_000n],
    ['0', 0n],
  ])('of a query: %s', (text, nanoseconds) => expect(parseQueryDuration(text)).toBe(nanoseconds))

  it.each(['', '5', '5x', '-5m', '1.5d', 'm'])('that are none: %j', (text) => {
    expect(parseQueryDuration(text)).toBeUndefined()
  })

  // The words are those of Go's `time.ParseDuration`, which stand in `__error_details__`.
  it.each([
    ['1m2.5s', { value: 62_500_000_000n }],
    ['-3ms', { value: -3_000_000n }],
    ['', { error: 'time: invalid duration ""' }],
    ['2', { error: 'time: missing unit in duration "2"' }],
    ['1d', { error: 'time: unknown unit "d" in duration "1d"' }],
    ['bad', { error: 'time: invalid duration "bad"' }],
  ])('of a label: %j', (text, parsed) => expect(parseGoDuration(text)).toEqual(parsed))
})

describe('sizes', () => {
  it.each([
    ['1KB', 1000n],
    ['2kib', 2048n],
    ['1.5 MB', 1_500_000n],
    ['12', 12n],
    ['1,024', 1024n],
  ])('%s', (text, value) => expect(parseBytes(text)).toEqual({ value }))

  it('name what is no size', () => {
    expect(parseBytes('huge')).toEqual({ error: 'strconv.ParseFloat: parsing "": invalid syntax' })
    expect(parseBytes('1xb')).toEqual({ error: 'unhandled size name: xb' })
  })

  it('are compared as Loki writes them', () => {
    expect(roundedBytes(1_572_864n)).toBe(1_600_000n)
    expect(roundedBytes(10_240n)).toBe(10_000n)
    expect(roundedBytes(1_500_000n)).toBe(1_500_000n)
  })
})

describe('numbers', () => {
  it.each([
    ['1e3', 1000],
    ['-.5', -0.5],
    ['0x1p-2', 0.25],
    ['+Inf', Number.POSITIVE_INFINITY],
    ['infinity', Number.POSITIVE_INFINITY],
    ['NaN', Number.NaN],
  ])('that Go reads: %s', (text, value) => expect(parseGoFloat(text)).toEqual({ value }))

  it.each(['', ' 1', '1_0', '0x1F', 'n/a', '1e'])('that Go refuses: %j', (text) => {
    expect(parseGoFloat(text)).toEqual({ error: `strconv.ParseFloat: parsing "${text}": invalid syntax` })
  })

  it.each([
    [1e21, '1000000000000000000000'],
    [1.5e-7, '0.00000015'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
    [0.1 + 0.2, '0.30000000000000004'],
  ])('are written without an exponent: %s', (value, text) => expect(formatValue(value)).toBe(text))
})

it('quotes as Go does', () => {
  expect(goQuote('a"b\\\n\u0000ü\u200b')).toBe('"a\\"b\\\\\\n\\x00ü\\u200b"')
})
