import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { capture } from '../../test-support/capture.js'
import { runs } from '../../test-support/runs.js'
import { parseStrictly } from '../../test-support/strict-json.js'
import { context } from '../context/context.js'

const LEAST = 1024
const { log, lines, last } = capture({ maxLineBytes: LEAST, name: 'module', redact: false, sequence: true })

function lineOf(call: () => void): Record<string, unknown> {
  call()
  const line = lines.at(-1) ?? ''
  expect(Buffer.byteLength(line)).toBeLessThanOrEqual(LEAST)
  return parseStrictly(line) as Record<string, unknown>
}

describe('a line longer than its budget', () => {
  test('has its longest texts cut, and says which', () => {
    const record = lineOf(() => log.info('said', { short: 'all of it', long: 'x'.repeat(5_000), n: 1 }))
    expect(record).toMatchObject({ message: 'said', short: 'all of it', n: 1, truncated: ['long'] })
    expect(record.long).toMatch(/^x{500,}…$/)
  })

  test('has texts of like length cut alike, wherever they stand', () => {
    const text = 'x'.repeat(2_000)
    const { a, b, truncated } = lineOf(() => log.info('said', { a: text, b: { c: [text] }, d: 'short' }))
    const c = (b as { c: string[] }).c[0] ?? ''
    expect(String(a).length).toBe(c.length)
    expect(truncated).toEqual(['a', 'b.c[0]'])
  })

  test('has its message cut like any text, and never lost', () => {
    expect(lineOf(() => log.info('x'.repeat(5_000)))).toMatchObject({
      message: expect.stringMatching(/^x{500,}…$/),
      truncated: ['message'],
    })
    expect(
      lineOf(() => log.info('said', Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, i])))),
    ).toMatchObject({
      message: 'said',
    })
  })

  test('is not cut within a character, nor over its bytes where characters take several', () => {
    for (const character of ['é', '€', '😀', '"', '\u0000', '\u2028', '\ud800']) {
      const { text } = lineOf(() => log.info('said', { text: `x${character.repeat(3_000)}` }))
      expect(text).toMatch(/…$/)
      expect(character.repeat(3_000)).toContain(String(text).slice(1, -1))
    }
  })

  test('loses its largest fields where cutting texts is not enough', () => {
    const numbers = Array.from({ length: 400 }, (_, i) => i)
    expect(lineOf(() => log.info('said', { small: [1], numbers }))).toMatchObject({
      ...{ small: [1], numbers: '[truncated]', truncated: ['numbers'] },
    })
  })

  test('of thousands of small fields keeps what fits, and lists some of the rest', () => {
    const { truncated, ...record } = lineOf(() =>
      log.info('said', Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`field number ${i}`, `text ${i}`]))),
    )
    expect(record).toMatchObject({ message: 'said', service: 'test' })
    expect((truncated as string[]).at(-1)).toMatch(/^and \d+ more$/)
  })

  test('keeps times and ids whole', () => {
    const ids = { request_id: 'r'.repeat(128), trace_id: 't'.repeat(32), span_id: 's'.repeat(16) }
    const record = lineOf(() =>
      context.run(ids, () => log.child({ big: 'x'.repeat(5_000) }).error('said', new Error('y'.repeat(5_000)))),
    )
    expect(record).toMatchObject({ ...ids, service: 'test', logger: 'module', level: 'ERROR', error_type: 'Error' })
    expect(record.timestamp).toMatch(/Z$/)
  })

  test('cuts an id that is none, and ids too where there is nothing else to cut', () => {
    expect(lineOf(() => context.run({ request_id: 'r'.repeat(5_000) }, () => log.info('said')))).toMatchObject({
      ...{ request_id: expect.stringMatching(/^r+…$/), truncated: ['request_id'] },
    })
    const all = ['request_id', 'trace_id', 'span_id', 'parent_span_id']
    const ids = Object.fromEntries(all.map((name) => [name, '\u0001'.repeat(128)]))
    expect(Object.keys(lineOf(() => context.run(ids, () => log.info('said'))))).toEqual(expect.arrayContaining(all))
  })

  test('begins with its time, though it has numbers for keys', () => {
    expect(lines.at(-1)).toMatch(/^\{"timestamp":/)
    lineOf(() => log.info('said', { 7: 'x'.repeat(5_000), 8: 1 }))
    expect(lines.at(-1)).toMatch(/^\{"timestamp":/)
    expect(last()).toMatchObject({ 8: 1, truncated: ['7'] })
  })

  test('is counted', () => {
    const before = log.stats().truncated
    log.info('short')
    log.info('x'.repeat(5_000))
    expect(log.stats().truncated).toBe(before + 1)
  })
})

test('a line within its budget is left alone, to the byte', () => {
  const { log: own, lines: written } = capture({ maxLineBytes: 4_096, redact: false })
  own.info('x')
  const rest = (written[0] ?? '').length - 1
  // What is kept free for the numbers of lines, which come last.
  const most = 4_096 - 96
  for (let length = most - rest - 20; length < most - rest + 20; length++) {
    own.info('x'.repeat(length))
    const line = written.at(-1) ?? ''
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(4_096)
    expect(line.includes('"truncated"')).toBe(length > most - rest + 2)
  }
})

test('any texts and lists fit any budget', () => {
  const texts = fc.tuple(fc.string({ unit: 'binary', maxLength: 20 }), fc.nat(3_000)).map(([text, n]) => text.repeat(n))
  const values = fc.oneof(texts, fc.array(texts, { maxLength: 5 }), fc.array(fc.integer(), { maxLength: 2_000 }))
  const roots = [1024, 1100, 3_000, 16_384].map((maxLineBytes) => capture({ maxLineBytes, redact: false }))
  fc.assert(
    fc.property(fc.constantFrom(...roots), texts, fc.dictionary(fc.string(), values), (root, message, fields) => {
      root.log.info(message, fields)
      const line = root.lines.at(-1) ?? ''
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual([1024, 1100, 3_000, 16_384][roots.indexOf(root)] ?? 0)
      expect(parseStrictly(line)).toHaveProperty('message')
    }),
    { numRuns: runs(1_000) },
  )
})
