import { format } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anything } from '../../test-support/arbitrary.js'
import { runs } from '../../test-support/runs.js'
import { interpolate } from './interpolate.js'

const encode = (value: unknown) => JSON.stringify(value) ?? 'undefined'

describe('a message takes arguments as util.format does', () => {
  test.for([
    ['%s', 'text', 'text'],
    ['%s', 5, '5'],
    ['%s', 5n, '5'],
    ['%s', true, 'true'],
    ['%s', null, 'null'],
    ['%s', Symbol('s'), 'Symbol(s)'],
    ['%s', { a: 1 }, '{"a":1}'],
    ['%s', [1, 2], '[1,2]'],
    ['%s', function secret() {}, '[Function]'],
    ['%d', 5.5, '5.5'],
    ['%d', '5.5', '5.5'],
    ['%d', 5n, '5'],
    ['%d', Number.NaN, 'NaN'],
    ['%i', 5.9, '5'],
    ['%i', -5.9, '-5'],
    ['%i', '5.9', '5'],
    ['%f', '5.50', '5.5'],
    ['%j', { a: 1 }, '{"a":1}'],
    ['%o', 'text', '"text"'],
    ['%O', [1], '[1]'],
    ['a%cb', 'color: red', 'ab'],
  ] as const)('%s with %o: %s', ([message, value, expected]) => {
    expect(interpolate(message, [value], encode)).toEqual({ message: expected, rest: [] })
  })

  test('in their order, the rest left over', () => {
    expect(interpolate('%s has %d of %d', ['queue', 1, 2, 'more', { a: 1 }], encode)).toEqual({
      message: 'queue has 1 of 2',
      rest: ['more', { a: 1 }],
    })
  })

  test('and leaves a specifier that nothing is left for', () => {
    expect(interpolate('%s and %s', ['one'], encode)).toEqual({ message: 'one and %s', rest: [] })
    expect(interpolate('%', ['one'], encode)).toEqual({ message: '%', rest: ['one'] })
  })

  test('and takes %% for one sign, where an argument was put in', () => {
    expect(interpolate('%d%% of %s', [50, 'all'], encode).message).toBe('50% of all')
    expect(interpolate('50%% done', [{ job: 1 }], encode)).toEqual({ message: '50%% done', rest: [{ job: 1 }] })
  })
})

test('what is no number is no argument of %d, so that a stray sign takes no fields', () => {
  const job = { job: 1 }
  expect(interpolate('50%done', [job], encode)).toEqual({ message: '50%done', rest: [job] })
  for (const value of ['', ' ', 'x', '1x', null, undefined, true, Symbol('s'), [1]]) {
    expect(interpolate('%d', [value], encode)).toEqual({ message: '%d', rest: [value] })
  }
})

test('an Error gives its message, and is left over with its stack', () => {
  const error = new RangeError('too far')
  for (const specifier of ['%s', '%o', '%j']) {
    expect(interpolate(`failed: ${specifier}`, [error, 'more'], encode)).toEqual({
      message: 'failed: too far',
      rest: [error, 'more'],
    })
  }
})

test('texts and whole numbers come out as with util.format', () => {
  const pieces = fc.constantFrom('%s', '%d', '%i', '%f', 'a', ' ', '100 ')
  const values = fc.oneof(fc.string({ unit: 'grapheme-ascii', maxLength: 5 }), fc.integer())
  fc.assert(
    fc.property(fc.array(pieces), fc.array(values), (parts, given) => {
      const message = parts.join('')
      // Both leave to `%d` only what is a number; util.format writes NaN for the rest.
      const isNumeric = given.every((value) => typeof value === 'number')
      fc.pre(isNumeric || !/%[dif]/.test(message))
      const { message: text, rest } = interpolate(message, given, encode)
      expect([text, ...rest].join(' ')).toBe(format(message, ...given.map((value) => value)))
    }),
    { numRuns: runs(3_000) },
  )
})

test('any values give a text, and nothing is left over that was not given', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^(?:%[sdifjoOc%x]?|a)*$/), fc.array(anything), (message, recipes) => {
      const values = recipes.map((recipe) => recipe.make())
      const done = interpolate(message, values, () => '<encoded>')
      expect(typeof done.message).toBe('string')
      const isGiven = (one: unknown) => values.some((value) => Object.is(value, one))
      expect(done.rest.every(isGiven)).toBe(true)
    }),
    { numRuns: runs(2_000) },
  )
})
