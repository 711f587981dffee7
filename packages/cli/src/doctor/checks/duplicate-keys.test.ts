import fc from 'fast-check'
import { expect, it } from 'vitest'
import { duplicateKeys } from './duplicate-keys.js'

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
