import { describe, expect, it } from 'vitest'
import { LogQLError } from '../error.js'
import type { BinaryOperation, LogQuery, MetricQuery, RangeAggregation } from '../query.js'
import { parseQuery, parseSelector, queryKind } from './parse.js'

function errorOf(text: string): LogQLError {
  try {
    parseQuery(text)
  } catch (error) {
    if (error instanceof LogQLError) return error
    throw error
  }
  throw new Error(`${text} was parsed`)
}

/** Writes a query with parentheses around each operation. */
function grouped(query: MetricQuery): string {
  if (query.kind === 'binary') return `(${grouped(query.left)} ${query.operator} ${grouped(query.right)})`
  return query.kind === 'literal' || query.kind === 'constant' ? String(query.value) : query.kind
}

describe('precedence', () => {
  it.each([
    ['vector(1) + vector(2) * vector(3)', '(1 + (2 * 3))'],
    ['vector(1) * vector(2) + vector(3)', '((1 * 2) + 3)'],
    ['vector(2) ^ vector(3) ^ vector(2)', '(2 ^ (3 ^ 2))'],
    ['vector(1) - vector(2) - vector(3)', '((1 - 2) - 3)'],
    ['vector(1) or vector(2) and vector(3) unless vector(4)', '(1 or ((2 and 3) unless 4))'],
    ['vector(1) > bool vector(2) + vector(3) == vector(4)', '((1 > (2 + 3)) == 4)'],
    ['(vector(1) + vector(2)) * vector(3)', '((1 + 2) * 3)'],
    ['vector(2) * -3 + vector(4)', '((2 * -3) + 4)'],
  ])('%s', (text, expected) => expect(grouped(parseQuery(text) as MetricQuery)).toBe(expected))

  it('calculates with numbers at once', () => {
    expect(parseQuery('2 * -3 + .5 ^ 2')).toMatchObject({ kind: 'literal', value: -5.75 })
    expect(parseQuery('1 > 2')).toMatchObject({ value: 0 })
    expect(parseQuery('1 / 0')).toMatchObject({ value: Number.NaN })
  })

  it('binds `and` in label filters more tightly than `or`', () => {
    const { stages } = parseQuery('{a="b"} | c="1" or d="2" and e="3" f="4"') as LogQuery
    expect(stages).toMatchObject([
      { filter: { kind: 'or', left: { kind: 'matcher' }, right: { kind: 'and', left: { kind: 'and' } } } },
    ])
  })
})

describe("what Grafana's grammar refuses and Loki accepts", () => {
  it('is an offset behind unwrap', () => {
    const query = parseQuery('sum_over_time({a="b"} | unwrap x | y="1" [5m] offset -1h)') as RangeAggregation
    expect(query).toMatchObject({ range: 300_000_000_000n, offset: -3_600_000_000_000n, unwrap: { label: 'x' } })
  })

  it('is a space between label filters', () => {
    const { stages } = parseQuery('{a="b"} | c="1"  d>2') as LogQuery
    expect(stages).toMatchObject([{ filter: { kind: 'and' } }])
    expect(errorOf('{a="b" c="d"}').kind).toBe('syntax')
    expect(errorOf('sum by (a b) (rate({a="b"}[1m]))').kind).toBe('syntax')
  })
})

describe('an error', () => {
  it.each([
    ['{a="b"} |= "x" | nosuch', 'syntax'],
    ['{a=~".*"}', 'invalid'],
    ['{a="b"} |~ "("', 'invalid'],
    ['sum_over_time({a="b"}[5m])', 'invalid'],
    ['{a="b"} | line_format "{{ nosuch .a }}"', 'invalid'],
    ['{a="b"} | line_format `{{ define "x" }}{{ end }}`', 'unsupported'],
    ['', 'invalid'],
  ] as const)('of %j is %s', (text, kind) => expect(errorOf(text).kind).toBe(kind))

  it('names the part and where it stands', () => {
    const { message, span, status } = errorOf('{a="b"} | line_format `{{ break }}`')
    expect({ message, span, status }).toEqual({
      message: 'not supported at position 11: template: break',
      span: { from: 10, to: 35 },
      status: 501,
    })
  })
})

it('reads modifiers of binary operations', () => {
  const query = parseQuery('vector(1) > bool on(a, b) group_left(c) vector(2)') as BinaryOperation
  expect(query).toMatchObject({ bool: true, matching: { by: 'on', labels: ['a', 'b'], many: 'left', include: ['c'] } })
})

it('reads escapes of strings as Go does', () => {
  const { selector } = parseQuery('{a="\\u00fc\\x41\\101\\n", b=`\\n`}') as LogQuery
  expect(selector.map(({ value }) => value)).toEqual(['üAA\n', '\\n'])
})

it('tells log queries from metric queries, and takes selectors alone', () => {
  expect([queryKind('{a="b"}'), queryKind('rate({a="b"}[1m])')]).toEqual(['log', 'metric'])
  expect(parseSelector('{a="b",c!~"d.*"}').map(({ name }) => name)).toEqual(['a', 'c'])
  expect(() => parseSelector('{a="b"} |= "x"')).toThrow('only label matchers are supported')
})
