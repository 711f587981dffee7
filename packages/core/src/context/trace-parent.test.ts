import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../../test-support/runs.js'
import { formatTraceparent, generateSpanId, generateTraceId, parseTraceparent } from './trace-parent.js'

const TRACE = '12345678901234567890123456789012'
const SPAN = '1234567890123456'

// The vectors of the recommendation's own harness: github.com/w3c/trace-context, test/test.py.
describe('parseTraceparent, by the W3C vectors', () => {
  it.each([
    ['a sampled one', `00-${TRACE}-${SPAN}-01`, 1],
    ['one that is not sampled', `00-${TRACE}-${SPAN}-00`, 0],
    ['the random flag of level 2', `00-${TRACE}-${SPAN}-03`, 3],
    ['flags that no level defines, which are dropped', `00-${TRACE}-${SPAN}-fd`, 1],
    ['a future version', `cc-${TRACE}-${SPAN}-01`, 1],
    ['a future version with more behind it', `cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`, 1],
    ['white space before', ` 00-${TRACE}-${SPAN}-01`, 1],
    ['a tab before', `\t00-${TRACE}-${SPAN}-01`, 1],
    ['white space behind', `00-${TRACE}-${SPAN}-01 `, 1],
    ['white space around', `\t 00-${TRACE}-${SPAN}-01 \t`, 1],
  ])('takes %s', (_, value, flags) => {
    expect(parseTraceparent(value)).toEqual({ traceId: TRACE, spanId: SPAN, flags })
  })

  it.each([
    ['version 00 with something behind', `00-${TRACE}-${SPAN}-01.`],
    ['version 00 with a field behind', `00-${TRACE}-${SPAN}-01-what-the-future-will-be-like`],
    ['version 00 with a dash behind', `00-${TRACE}-${SPAN}-01-`],
    ['a future version without a dash', `cc-${TRACE}-${SPAN}-01.what-the-future-will-be-like`],
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['characters in the version', `.0-${TRACE}-${SPAN}-01`],
    ['characters in the version, second', `0.-${TRACE}-${SPAN}-01`],
    ['a version too long', `000-${TRACE}-${SPAN}-01`],
    ['a version far too long', `0000-${TRACE}-${SPAN}-01`],
    ['a version too short', `0-${TRACE}-${SPAN}-01`],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['characters in the trace id', `00-.${TRACE.slice(1)}-${SPAN}-01`],
    ['characters at its end', `00-${TRACE.slice(1)}.-${SPAN}-01`],
    ['a trace id too long', `00-${TRACE}3-${SPAN}-01`],
    ['a trace id too short', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['upper case', `00-${TRACE.slice(1)}A-${SPAN}-01`],
    ['a parent id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['characters in the parent id', `00-${TRACE}-.${SPAN.slice(1)}-01`],
    ['a parent id too long', `00-${TRACE}-${SPAN}7-01`],
    ['a parent id too short', `00-${TRACE}-${SPAN.slice(1)}-01`],
    ['characters in the flags', `00-${TRACE}-${SPAN}-.0`],
    ['characters in the flags, second', `00-${TRACE}-${SPAN}-0.`],
    ['flags too long', `00-${TRACE}-${SPAN}-001`],
    ['flags too short', `00-${TRACE}-${SPAN}-1`],
    ['two of them joined', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
    ['white space of other kinds', `\u00a000-${TRACE}-${SPAN}-01`],
    ['nothing', ''],
    ['no string', 12],
  ])('refuses %s', (_, value) => {
    expect(parseTraceparent(value)).toBeUndefined()
  })
})

it('writes what it reads, and no flag that no level defines', () => {
  expect(formatTraceparent({ traceId: TRACE, spanId: SPAN, flags: 0xff })).toBe(`00-${TRACE}-${SPAN}-03`)
})

it('generates ids that the recommendation takes, each its own', () => {
  const spans = new Set<string>()
  for (let i = 0; i < 10_000; i++) {
    const spanId = generateSpanId()
    spans.add(spanId)
    expect(parseTraceparent(`00-${generateTraceId()}-${spanId}-00`)).toBeDefined()
  }
  expect(spans.size).toBe(10_000)
})

it('takes exactly what the grammar takes, of any text', () => {
  const hex = (length: number) =>
    fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })
  const field = (length: number) =>
    fc.oneof(
      { weight: 9, arbitrary: hex(length) },
      fc.string({ maxLength: length + 1 }),
      fc.constant('0'.repeat(length)),
    )
  const ends = fc.constantFrom('', ' ', '\t ', '-', '-more', '.', '\u00a0', '\n')
  const near = fc.tuple(ends, field(2), field(32), field(16), field(2), ends)
  fc.assert(
    fc.property(
      fc.oneof(
        near,
        fc.string({ unit: 'binary' }).map((text) => [text]),
      ),
      (parts) => {
        const [before = '', version = '', traceId = '', spanId = '', flags = '', behind = ''] = parts
        const value = parts.length === 1 ? before : `${before}${version}-${traceId}-${spanId}-${flags}${behind}`
        const isHex = [version, traceId, spanId, flags].every((text, i) =>
          new RegExp(`^[0-9a-f]{${[2, 32, 16, 2][i]}}$`).test(text),
        )
        const isWhole = ['', ' ', '\t '].includes(behind) || (version !== '00' && behind.startsWith('-'))
        const isTaken =
          isHex &&
          isWhole &&
          ['', ' ', '\t '].includes(before) &&
          version !== 'ff' &&
          !/^0+$/.test(traceId) &&
          !/^0+$/.test(spanId)
        expect(parseTraceparent(value)).toEqual(
          isTaken ? { traceId, spanId, flags: Number.parseInt(flags, 16) & 3 } : undefined,
        )
      },
    ),
    { numRuns: runs(5_000) },
  )
})

// One pass takes a millisecond; a pattern that is tried from each space would take minutes.
it.each([' ', '\t', '0', '-', '00-'])('does not hang over 200,000 of %j', (unit) => {
  expect(parseTraceparent(`a${unit.repeat(200_000)}b`)).toBeUndefined()
})
