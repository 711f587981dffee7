import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bar, sparkline } from './bar.js'
import { cells, fitted } from './cells.js'
import { formatBytes, formatCount, formatMs, formatShare, formatSpan } from './numbers.js'
import { paintFor } from './paint.js'
import { table } from './table.js'

it('makes any text exactly as wide as asked, and harmless', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 40 }), (text, width) => {
      const result = fitted(text, width)
      expect(cells(result)).toBe(width)
      expect(result).not.toMatch(/\p{Cc}/u)
    }),
  )
})

it.each([
  ['東京', 4],
  ['e\u0301', 1],
  ['👍', 2],
  ['abc', 3],
])('%s takes %i columns', (text, width) => {
  expect(cells(text)).toBe(width)
})

describe('numbers', () => {
  it.each([
    [formatCount(1_234_567), '1 234 567'],
    [formatBytes(1536), '1.5 KiB'],
    [formatMs(0.4234), '0.423 ms'],
    [formatMs(238.4), '238 ms'],
    [formatMs(999.7), '1.00 s'],
    [formatMs(125_000), '2 min 5 s'],
    [formatSpan(3 * 86_400_000), '3 days'],
    [formatShare(1, 100_000), '<0.1 %'],
    [formatShare(99_999, 100_000), '>99.9 %'],
    [formatShare(995, 1000), '99.5 %'],
    [formatShare(0, 0), '0 %'],
  ])('%s', (given, expected) => {
    expect(given).toBe(expected)
  })
})

it('never shows something as nothing', () => {
  expect(bar(0.0001, 10)).toBe('▏')
  expect(bar(1, 3)).toBe('███')
  expect(sparkline([0, 1, 1000])).toBe(' ▁█')
})

it('shrinks one column of a table that is too wide', () => {
  const columns = [
    { title: 'route', shrinks: true },
    { title: 'count', align: 'right' as const },
  ]
  const text = table(columns, [['/a/very/long/route/indeed', '1']], 20, paintFor(false))
  expect(text).toBe('route          count\n/a/very/long…      1\n')
})
