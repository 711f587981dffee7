import { describe, expect, it } from 'vitest'
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
