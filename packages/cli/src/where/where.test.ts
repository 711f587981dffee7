import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../../../core/test-support/runs.js'
import { ExactNumber } from '../record/exact-number.js'
import type { LogRecord } from '../record/record.js'
import { conditionOf } from './condition.js'
import { type Expression, formatExpression } from './expression.js'
import { parseWhere } from './parse.js'
import { Quantity } from './quantity.js'
import { WhereError } from './tokens.js'

const holds = (where: string, record: LogRecord) => conditionOf(parseWhere(where))(record)

describe('a condition', () => {
  const record = {
    level: 'WARN',
    service: 'api',
    status_code: 503,
    took: '12',
    user: { id: 7 },
    'a.b': 1,
    ok: true,
    none: null,
    text: 'GET /x',
    response_time_ms: 1500,
    uptime_s: 90,
    response_bytes: 2_000_000,
    elapsed: '1.5s',
    heap: '71MiB',
    big: new ExactNumber('12345678901234567890'),
    digits: '12345678901234567890',
  }

  it.each([
    ['status_code>=500 and service=api', true],
    ['status_code >= 500 && service != api', false],
    ['status_code<500 or service=api', true],
    ['not service=web', true],
    ['!(service=api)', false],
    ['service in (web, "api")', true],
    ['status_code in (500, 503)', true],
    ['user.id = 7', true],
    ['a.b = 1', true],
    ['`a.b` = 1', true],
    ['missing = 1', false],
    ['missing != 1', true],
    ['missing', false],
    ['none', true],
    ['none = null', true],
    ['ok = true', true],
    ['took > 9', true],
    ['level >= info', true],
    ['level >= error', false],
    ['level = warning', true],
    ['level >= 40', true],
    ['level > 40', false],
    ['level = loud', false],
    ["text ~ '^GET \\S+$'", true],
    ["text !~ 'POST'", true],
    ['service > aaa', true],
    ['user = 7', false],
    ['service=web or service=api and status_code=503', true],
    ['(service=web or service=api) and status_code=200', false],
    ['response_time_ms > 1s', true],
    ['response_time_ms > 2s', false],
    ['response_time_ms = 1.5s', true],
    ['response_time_ms != 1s500ms', false],
    ['response_time_ms in (2s, 1500ms)', true],
    ['uptime_s < 2m', true],
    ['uptime_s >= 1m30s', true],
    ['response_bytes > 1MB', true],
    ['response_bytes > 2MiB', false],
    ['response_bytes <= 2000kB', true],
    ['elapsed > 900ms', true],
    ['elapsed = 1500ms', true],
    ['heap > 70MB', true],
    ['heap > 1s', false],
    ['service = 1s', false],
    ['missing > 1s', false],
    ['big = 12345678901234567890', true],
    ['big = 12345678901234567891', false],
    ['big != 12345678901234567891', true],
    ['big < 12345678901234567891', true],
    ['big > 1e18', true],
    ['big < 1e400', true],
    ['digits = 12345678901234567890', true],
    ['digits = 12345678901234567891', false],
    ["big ~ '890$'", true],
    ['big in (1, 12345678901234567890)', true],
  ])('%s is %s', (where, expected) => {
    expect(holds(where, record)).toBe(expected)
  })

  it.each([
    ['', 0, 'expected a field, found the end'],
    ['status_code >', 13, 'expected a value, found the end'],
    ['a = 1 b', 6, 'expected "and", "or" or the end, found "b"'],
    ['a = "x', 4, 'the quote " is not closed'],
    ['a in 1', 5, 'expected "("'],
    ['(a = 1', 6, 'expected ")", found the end'],
    ["a ~ '('", 4, 'Invalid regular expression'],
    ['and', 0, 'expected a field, found "and"'],
    ['level >= wran', 9, 'a level is expected: trace, debug, info, warn, error, fatal'],
    ['response_time_ms > 10MB', 19, 'response_time_ms is a duration, and 10MB is a size'],
    ['response_bytes in (1, 1s)', 22, 'response_bytes is a size, and 1s is a duration'],
    ['response_time_ms > soon', 19, 'response_time_ms is a duration, and "soon" is none'],
  ])('%j is refused at %i: %s', (where, at, problem) => {
    const error = thrownBy(() => parseWhere(where))
    expect(error).toBeInstanceOf(WhereError)
    expect(error).toMatchObject({ at, message: expect.stringContaining(problem) })
    // The caret stands under the place.
    expect(
      String((error as Error).message)
        .split('\n')
        .at(-1),
    ).toBe(`  ${' '.repeat(at)}^`)
  })

  it.each([
    ['status_code > abc', 'status_code is a number (503), and "abc" is none'],
    ['user.id >= "7 or so"', 'user.id is a number (7)'],
    ['status_code > 1s', 'its name says no unit; accepted: a number in place of 1s'],
  ])('%s cannot be compared with what the record has', (where, problem) => {
    const error = thrownBy(() => holds(where, record))
    expect(error).toBeInstanceOf(WhereError)
    expect(error).toMatchObject({ message: expect.stringContaining(problem) })
  })

  it('does not overflow the stack on an expression of only parentheses', () => {
    for (const text of ['('.repeat(100_000), 'not '.repeat(100_000), '!'.repeat(100_000)]) {
      expect(thrownBy(() => parseWhere(text))).toBeInstanceOf(WhereError)
    }
  })

  it('parses any text or refuses it with a place inside it', () => {
    const piece = fc.constantFrom(
      'a',
      'and',
      'or',
      'not',
      'in',
      '(',
      ')',
      ',',
      '=',
      '>=',
      '~',
      '!',
      '"',
      "'",
      '1',
      ' ',
      '`',
    )
    const text = fc.oneof(
      fc.string(),
      fc.array(piece).map((pieces) => pieces.join('')),
    )
    fc.assert(
      fc.property(text, fc.object(), (where, record) => {
        try {
          expect(typeof holds(where, record as LogRecord)).toBe('boolean')
        } catch (error) {
          expect(error).toBeInstanceOf(WhereError)
          expect((error as WhereError).at).toBeGreaterThanOrEqual(0)
          expect((error as WhereError).at).toBeLessThanOrEqual(where.length)
        }
      }),
      { numRuns: runs(2000) },
    )
  })

  const field = fc.string({ minLength: 1 }).filter((name) => !name.includes('`'))
  const literal = fc.oneof(
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.bigInt({ min: 10n ** 16n, max: 10n ** 40n }).map((digits) => new ExactNumber(`${digits}1`)),
    fc.constantFrom('1s', '1h30m', '10MB', '2.5KiB', '3us').map((text) => Quantity.parse(text)),
  )
  const comparison = fc.constantFrom('=', '!=', '<', '<=', '>', '>=')
  const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'small' },
      fc.record({ kind: fc.constant('present'), field }),
      fc.record({ kind: fc.constant('compare'), field, comparison, value: literal }),
      fc.record({ kind: fc.constant('in'), field, values: fc.array(literal, { minLength: 1 }) }),
      fc.record({ kind: fc.constant('not'), of: tie('expression') }),
      fc.record({ kind: fc.constantFrom('and', 'or'), left: tie('expression'), right: tie('expression') }),
    ) as fc.Arbitrary<Expression>,
  }))

  it('parses what is written out of an expression to the same expression', () => {
    fc.assert(
      fc.property(expression, (given) => {
        // -0 is written as 0.
        expect(JSON.stringify(parseWhere(formatExpression(given)))).toBe(JSON.stringify(given))
      }),
    )
  })

  it('negates with "not", whatever the expression and the record', () => {
    fc.assert(
      fc.property(expression, fc.dictionary(field, literal), (given, record) => {
        const text = formatExpression(given)
        try {
          expect(holds(`not (${text})`, record)).toBe(!holds(text, record))
        } catch (error) {
          // A number and a text, which cannot be compared.
          expect(error).toBeInstanceOf(WhereError)
        }
      }),
    )
  })
})

function thrownBy(fn: () => unknown): unknown {
  try {
    fn()
  } catch (error) {
    return error
  }
  return undefined
}
