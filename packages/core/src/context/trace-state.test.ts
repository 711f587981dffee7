import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../../test-support/runs.js'
import { parseTracestate } from './trace-state.js'

const member = (n: number) => `k${n}=1`
const list = (length: number) => Array.from({ length }, (_, n) => member(n)).join(',')
const KEY = 'abcdefghijklmnopqrstuvwxyz0123456789_-*/'
const VALUE = Array.from({ length: 0x7f - 0x20 }, (_, n) => String.fromCharCode(0x20 + n))
  .filter((char) => char !== ',' && char !== '=')
  .join('')

// The vectors of the recommendation's own harness: github.com/w3c/trace-context, test/test.py.
describe('parseTracestate, by the W3C vectors', () => {
  it.each([
    ['one member', 'foo=1', 'foo=1'],
    ['members in their order', 'foo=1,bar=2,rojo=1,congo=2,baz=3', 'foo=1,bar=2,rojo=1,congo=2,baz=3'],
    ['empty members', 'foo=1,,bar=2,', 'foo=1,bar=2'],
    ['an empty header before', ',foo=1', 'foo=1'],
    ['white space around members', ' foo=1 \t , \t bar=2, \t baz=3\t', 'foo=1,bar=2,baz=3'],
    ['of a key that stands twice, the most recent', 'foo=1,foo=2', 'foo=1'],
    ['every character of a key', `${KEY}=1`, `${KEY}=1`],
    ['every character of a value', `foo=${VALUE}`, `foo=${VALUE}`],
    ['a value that begins with spaces', 'foo=  1', 'foo=  1'],
    ['keys with at signs, anywhere but first', 'foo@=1,a@@b=1,a@b@c=1', 'foo@=1,a@@b=1,a@b@c=1'],
    ['a key that begins with a digit', '0foo@v=1', '0foo@v=1'],
    ['the longest key', `${'z'.repeat(256)}=1`, `${'z'.repeat(256)}=1`],
    ['the longest value', `foo=${'v'.repeat(256)}`, `foo=${'v'.repeat(256)}`],
    ['32 members', list(32), list(32)],
  ])('takes %s', (_, value, expected) => {
    expect(parseTracestate(value)).toBe(expected)
  })

  it.each([
    ['an empty header', ''],
    ['empty members only', ' , ,'],
    ['a space in a key', 'foo =1'],
    ['upper case', 'FOO=1'],
    ['a dot in a key', 'foo.bar=1'],
    ['a key that begins with an at sign', '@foo=1,bar=2'],
    ['a key too long', `${'z'.repeat(257)}=1`],
    ['a value too long', `foo=${'v'.repeat(257)}`],
    ['an equals sign in a value', 'foo=bar=baz'],
    ['no value', 'foo=,bar=3'],
    ['no key', '=1'],
    ['no equals sign', 'foo'],
    ['bytes beyond ASCII', 'foo=é'],
    ['33 members', list(33)],
    ['no string', ['foo=1']],
  ])('refuses %s', (_, value) => {
    expect(parseTracestate(value)).toBeUndefined()
  })
})

it('takes or refuses any text, and what it returns it takes again', () => {
  const unit = fc.oneof(fc.constantFrom(...'ab01_-*/@=, \t'), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }))
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 60 }), (parts) => {
      const list = parseTracestate(parts.join(''))
      if (list === undefined) return
      expect(list).toMatch(/^[\x20-\x7e]+$/)
      expect(parseTracestate(list)).toBe(list)
      const keys = list.split(',').map((part) => part.slice(0, part.indexOf('=')))
      expect(new Set(keys).size).toBe(keys.length)
    }),
    { numRuns: runs(5_000) },
  )
})

// One pass takes a millisecond; a pattern that is tried from each space would take minutes.
it.each([
  ['spaces within a member', `a${' '.repeat(200_000)}b`],
  ['spaces around members', `a=1,${' \t'.repeat(100_000)},b`],
  ['commas', ','.repeat(200_000)],
  ['one key', 'a'.repeat(200_000)],
  ['one value', `a=${' '.repeat(200_000)}`],
])('does not hang over 200,000 characters of %s', (_, value) => {
  expect(parseTracestate(value)).toBeUndefined()
})
