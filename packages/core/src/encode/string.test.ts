import fc from 'fast-check'
import { expect, test } from 'vitest'
import { strings } from '../../test-support/arbitrary.js'
import { runs } from '../../test-support/runs.js'
import { isPlainText, quote, stringify } from './string.js'

test('a string comes back unharmed, whatever its length and characters', () => {
  fc.assert(
    fc.property(strings, fc.integer({ min: 0, max: 100 }), (text, padding) => {
      // The ways to write it differ by length.
      for (const one of [text, text.padEnd(padding, 'x'), `${'x'.repeat(padding)}${text}`]) {
        const json = quote(one)
        expect(JSON.parse(json)).toBe(one)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is what is shown
        expect(json).toMatch(/^"[^\u0000-\u001f\u2028\u2029]*"$/)
        expect(Buffer.from(json).toString()).toBe(json)
        if (isPlainText(one)) expect(json).toBe(`"${one}"`)
      }
    }),
    { numRuns: runs(10_000) },
  )
})

test('every UTF-16 unit comes back, at the start, in the middle and at the end of short, middling and long strings', () => {
  for (let unit = 0; unit <= 0xffff; unit++) {
    const character = String.fromCharCode(unit)
    for (const one of [character, `a${character}b`, `${'x'.repeat(30)}${character}`, `${character}${'y'.repeat(90)}`]) {
      if (JSON.parse(quote(one)) !== one) expect(JSON.parse(quote(one))).toBe(one)
    }
  }
})

test('a line separator is escaped wherever it stands in a value', () => {
  expect(stringify({ 'a\u2028': ['\u2029'] })).toBe('{"a\\u2028":["\\u2029"]}')
})
