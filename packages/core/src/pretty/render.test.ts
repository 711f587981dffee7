import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anything, strings } from '../../test-support/arbitrary.js'
import { capture } from '../../test-support/capture.js'
import { harmless } from './printable.js'
import { Renderer, type RenderOptions } from './render.js'

const base = { timestamp: '2024-01-22T10:15:23.120Z', level: 'INFO', service: 'api', message: 'Fetching user' }

/** One line on its own. */
function renderLine(line: string, options: RenderOptions): string {
  return new Renderer(options).line(line)
}

function plain(fields: object, options: Partial<RenderOptions> = {}): string {
  return renderLine(JSON.stringify({ ...base, ...fields }), { colors: false, ...options })
}

describe('a line as people read it', () => {
  test.for<[object, string]>([
    [{}, '10:15:23.120Z INFO  Fetching user\n'],
    [{ level: 'ERROR' }, '10:15:23.120Z ERROR Fetching user\n'],
    [{ logger: 'db.pool' }, '10:15:23.120Z INFO  db.pool: Fetching user\n'],
    [
      { user_id: 'u1', n: 5, ok: true, none: null },
      '10:15:23.120Z INFO  Fetching user user_id=u1 n=5 ok=true none=null\n',
    ],
    [
      { text: 'two words', empty: '', quoted: 'a"b' },
      '10:15:23.120Z INFO  Fetching user text="two words" empty="" quoted="a\\"b"\n',
    ],
    [{ deep: { a: [1, 'b'] } }, '10:15:23.120Z INFO  Fetching user deep={"a":[1,"b"]}\n'],
    [{ message: 'two\nlines\tand a tab' }, '10:15:23.120Z INFO  two\\nlines\\tand a tab\n'],
    [
      { version: '1', environment: 'x', pod: 'p', namespace: 'n', node: 'n', container: 'c', boot_id: 'b', seq: 1 },
      '10:15:23.120Z INFO  Fetching user\n',
    ],
    [{ level: 'loud' }, '10:15:23.120Z loud  Fetching user\n'],
    [{ timestamp: 'today' }, 'today INFO  Fetching user\n'],
  ])('%o', ([fields, expected]) => {
    expect(plain(fields)).toBe(expected)
  })

  test('an error is indented under it, with its stack and causes', () => {
    const traceback = 'Error: no\n    at a (b.js:1:2)\nCaused by: Error: why\n    at c'
    expect(plain({ error: 'no', error_type: 'Error', traceback, error_code: 'E1' })).toBe(
      '10:15:23.120Z INFO  Fetching user\n    Error: no\n    error_code=E1\n        at a (b.js:1:2)\n    Caused by: Error: why\n        at c\n',
    )
  })

  test('an error without a stack is named, and a stack in another field is shown too', () => {
    expect(plain({ error: 'no', error_type: 'Declined' })).toBe('10:15:23.120Z INFO  Fetching user\n    Declined: no\n')
    expect(plain({ error: 'no' })).toBe('10:15:23.120Z INFO  Fetching user\n    error: no\n')
    expect(plain({ err: { type: 'E', stack: 'E: x\n    at y' } })).toContain('\n    E: x\n        at y\n')
  })

  test('an error of which the stack says nothing, as a stack that was cut, is named above it', () => {
    const traceback = 'Error\n    at a (b.js:1:2)'
    expect(plain({ error: 'no', error_type: 'Declined', traceback })).toBe(
      '10:15:23.120Z INFO  Fetching user\n    Declined: no\n        at a (b.js:1:2)\n',
    )
  })

  test('with colours says the same', () => {
    const line = JSON.stringify({ ...base, level: 'WARN', logger: 'db', n: 1, error: 'no' })
    const colored = renderLine(line, { colors: true })
    expect(colored).toMatch(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of colours are what is looked for
      /^\u001b\[2m10:15:23\.120Z\u001b\[22m \u001b\[33mWARN \u001b\[39m \u001b\[34mdb:\u001b\[39m \u001b\[1mFetching user/,
    )
    expect(stripVTControlCharacters(colored)).toBe(renderLine(line, { colors: false }))
  })
})

describe('what was not written by this logger', () => {
  test('is passed on, made harmless, when it is no record', () => {
    expect(renderLine('Server listening\u001b[2J\n', { colors: false })).toBe('Server listening\\u001b[2J\n')
    for (const line of ['', '[1]', '"text"', 'null', '{"a":', '5']) {
      expect(renderLine(`${line}\n`, { colors: false })).toBe(`${line}\n`)
    }
  })

  test.for([
    { level: { toString: 1 }, message: { toString: null }, error: {}, error_type: { toString: 1 }, logger: [1] },
    { level: 'constructor', message: 5, timestamp: 7 },
    { level: '__proto__', traceback: { a: 1 }, err: { stack: 5 } },
    { level: '\u001b[31mINFO', service: {}, logger: '\u001b]0;title\u0007' },
  ])('is shown although its fields are of other kinds: %o', (record) => {
    for (const colors of [true, false]) {
      const text = renderLine(JSON.stringify(record), { colors, service: true })
      expect(text.endsWith('\n')).toBe(true)
    }
    expect(renderLine(JSON.stringify(record), { colors: false })).toSatisfy(isHarmless)
  })
})

/** Whether a terminal would only write this text. */
function isHarmless(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the terminal
  return !/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(text)
}

describe('whatever is logged', () => {
  test('a terminal is given nothing that it would act on', () => {
    const { log, lines } = capture({ level: 'trace', redact: false })
    fc.assert(
      fc.property(strings, anything, strings, (message, recipe, name) => {
        log.info(message, { value: recipe.make(), [name]: name, error: new Error(message) })
        const text = renderLine(lines.at(-1) ?? '', { colors: false, service: true })
        expect(text).toSatisfy(isHarmless)
        expect(text.endsWith('\n')).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  test('every character that a terminal acts on is shown by its code', () => {
    for (let code = 0; code <= 0xffff; code++) {
      const text = harmless(String.fromCharCode(code))
      expect(isHarmless(text) || text).toBe(true)
    }
    expect(harmless('a\tb\nc')).toBe('a\tb\nc')
    expect(harmless('\u001b[31m\u009b31m\u202e')).toBe('\\u001b[31m\\u009b31m\\u202e')
  })
})
