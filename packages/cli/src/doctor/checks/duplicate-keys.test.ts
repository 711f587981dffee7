import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lineOf } from '../../input/lines.js'
import { leavesOf } from '../leaves.js'
import { DuplicateKeys, duplicateKeys } from './duplicate-keys.js'

it.each([
  ['{"a":1,"b":{"a":2}}', []],
  ['{"a":1,"a":2}', ['a']],
  ['{"x":[{"a":1},{"a":2}],"y":{"b" : 1, "b":2}}', ['b']],
  ['{"a":"\\"a\\":","b":"{","c":"a"}', []],
  ['{"a":1,"\\u0061":2}', ['a']],
  ['{"a\\\\":1,"a":2}', []],
])('%s has %j', (json, expected) => {
  expect(duplicateKeys(json)).toEqual(expected)
})

it('finds none in what a serializer wrote', () => {
  fc.assert(
    fc.property(fc.object(), (value) => {
      expect(duplicateKeys(JSON.stringify(value))).toEqual([])
    }),
  )
})

it('is found by the check, wherever the keys stand and however the object is spaced', () => {
  const key = fc.constantFrom('a', 'b', 'a":', 'c ')
  const pair = fc.tuple(
    key,
    fc.constantFrom(':', ' :', ': ', '\t:'),
    fc.constantFrom('1', '"x"', '"\\":"', '{"a":1}', '[{"b":2}]'),
  )
  fc.assert(
    fc.property(fc.array(pair, { minLength: 1, maxLength: 4 }), (pairs) => {
      const text = `{${pairs.map(([name, colon, value]) => JSON.stringify(name) + colon + value).join(',')}}`
      const line = lineOf({
        text,
        source: { name: 'a', path: 'a', size: 1 },
        number: 1,
        origin: undefined,
        bytes: 1,
        isTorn: false,
      })
      const check = new DuplicateKeys()
      check.examine({ line, record: JSON.parse(text), leaves: leavesOf(JSON.parse(text)) })
      const names = pairs.map(([name]) => name)
      expect(check.findings().length > 0).toBe(new Set(names).size < names.length)
    }),
  )
})
