import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anything, strings } from '../../test-support/arbitrary.js'
import { capture } from '../../test-support/capture.js'
import { runs } from '../../test-support/runs.js'
import { cells } from './cells.js'
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

describe('fields', () => {
  const record = { table: 'users', request_id: 'r-1', message: 'Fetching user', rows: 3 }

  test.for<[string, object, Partial<RenderOptions>, string]>([
    ['those of the call come before those of the logger and the context', record, {}, 'rows=3 table=users ‹req r-1›'],
    ['a method and a path are shown as they are written', { method: 'GET', path: '/a' }, {}, 'GET /a'],
    ['an outgoing request has its host', { method: 'GET', host: 'b:80', path: '/a' }, {}, 'GET b:80/a'],
    [
      'a route is shown where it is no path',
      { method: 'GET', path: '/a/1', route: '/a/:id' },
      {},
      'GET /a/1 route=/a/:id',
    ],
    ['a route that is the path is not', { method: 'GET', path: '/a', route: '/a' }, {}, 'GET /a'],
    ['a route stands for a path', { method: 'GET', route: '/a/:id' }, {}, 'GET /a/:id'],
    ['a host without a path is a field', { method: 'GET', host: 'b' }, {}, 'method=GET host=b'],
    [
      'all are shown where that is asked for',
      { method: 'GET', path: '/a', route: '/a', pod: 'p' },
      { all: true },
      'method=GET path=/a route=/a pod=p service=api',
    ],
    ['only those that are asked for', { method: 'GET', path: '/a', rows: 3 }, { fields: ['path', 'x'] }, 'path=/a'],
    ['globs choose', { http_a: 1, http_b: 2, c: 3 }, { fields: ['http_*'] }, 'http_a=1 http_b=2'],
    ['globs hide', { http_a: 1, http_b: 2, c: 3 }, { hide: ['http_*'] }, 'c=3'],
    ['what is hidden stays hidden', { pod: 'p', c: 3 }, { all: true, hide: ['c', 'serv*'] }, 'pod=p'],
    ['a constant is shown that is asked for', { pod: 'p', user_agent: 'u' }, { fields: ['pod'] }, 'pod=p'],
    ['one hidden part of a target leaves the others', { method: 'GET', path: '/a' }, { hide: ['path'] }, 'method=GET'],
  ])('%s', ([, fields, options, expected]) => {
    const line = JSON.stringify({
      timestamp: base.timestamp,
      level: 'INFO',
      service: 'api',
      message: 'Fetching user',
      ...fields,
    })
    const given = 'message' in fields ? JSON.stringify({ timestamp: base.timestamp, level: 'INFO', ...fields }) : line
    expect(renderLine(given, { colors: false, ...options })).toBe(`10:15:23.120Z INFO  Fetching user ${expected}\n`)
  })

  test.for([
    ['a1b2c3d4-1111-4222-8333-444455556666', 'a1b2c3'],
    ['01890a5d-ac96-774b-bcce-b302099a8057', '9a8057'],
    ['01ARZ3NDEKTSV4RRFFQ69G5FAV', '9G5FAV'],
    ['4bf92f3577b34da6a3ce929d0e0e4736', '0e4736'],
    ['req-123-abc', '123-abc'],
    ['short', 'short'],
    ['\u001b[2J', '\\u001b[2J'],
  ])('the id %s is shown as %s', ([id, short]) => {
    expect(plain({ request_id: id, trace_id: 't', span_id: 's' })).toContain(` ‹req ${short}›\n`)
    expect(plain({ trace_id: id, span_id: 's' })).toContain(` ‹trace ${short}›\n`)
  })

  test.for(['Request summary', 'Operation summary', 'Log stats'])('a %s line is for programs', (message) => {
    expect(plain({ message })).toBe('')
    expect(plain({ message }, { summaries: true })).toContain(message)
    expect(plain({ message }, { all: true })).toContain(message)
  })
})

describe('a terminal of some width', () => {
  const wide = {
    ...base,
    request_id: 'r',
    note: 'twenty words or so that are much too long for a row of a terminal',
    a: 1,
    b: '世界世界世界世界世界世界世界世界',
  }

  test('gets rows that go on under their own indent', () => {
    expect(renderLine(JSON.stringify(wide), { colors: false, columns: () => 50 })).toBe(
      `10:15:23.120Z INFO  Fetching user
                    note="twenty words or so that
                    are much too long for a row of
                    a terminal" a=1
                    b=世界世界世界世界世界世界世界
                    世界 ‹req r›
`,
    )
  })

  test('gets no row that is wider, whatever is logged, and no character less', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 200 })
    fc.assert(
      fc.property(text, text, fc.integer({ min: 40, max: 160 }), fc.boolean(), (message, value, columns, all) => {
        const line = JSON.stringify({
          ...base,
          message,
          value,
          request_id: 'r',
          traceback: `E: ${value}\n    at x (${value}:1:2)`,
        })
        const rendered = renderLine(line, { colors: false, columns: () => columns, all })
        for (const row of rendered.split('\n')) expect(cells(row)).toBeLessThanOrEqual(columns)
        const joined = renderLine(line, { colors: false, all })
        expect(rendered.replace(/\s+/g, '')).toBe(joined.replace(/\s+/g, ''))
      }),
      { numRuns: 500 },
    )
  })

  test('takes time in the order of the length of a text that has no end of a row in it', () => {
    const long = renderLine(JSON.stringify({ ...base, message: '世'.repeat(200_000) }), {
      colors: false,
      columns: () => 80,
    })
    expect(long.replace(/\s+/g, '').match(/世/g)).toHaveLength(200_000)
  })

  test('sees services in a column once there is a second one', () => {
    const renderer = new Renderer({ colors: false })
    const shown = (service: string) => {
      renderer.expect(service)
      return renderer.record({ ...base, service })
    }
    expect(shown('api')).toBe('10:15:23.120Z INFO  Fetching user\n')
    expect(shown('billing')).toBe('10:15:23.120Z INFO  billing Fetching user\n')
    expect(shown('api')).toBe('10:15:23.120Z INFO  api     Fetching user\n')
  })
})

describe('the time', () => {
  const at = (timestamp: string, options: Partial<RenderOptions>) =>
    plain({ timestamp }, options).replace(/ INFO.*/s, '')

  test.for<[string, Partial<RenderOptions>, string]>([
    ['2024-01-22T10:15:23.120Z', {}, '10:15:23.120Z'],
    ['2024-01-22T10:15:23Z', {}, '10:15:23.000Z'],
    ['2024-01-22T11:15:23.120456789+01:00', {}, '10:15:23.120Z'],
    ['2024-01-22T10:15:23.120Z', { date: 'row' }, '2024-01-22 10:15:23.120Z'],
    ['2024-01-22T10:15:23.120Z', { date: 'row', today: '2024-01-22' }, '10:15:23.120Z'],
    ['2024-01-22T10:15:23.120Z', { date: 'heading' }, '2024-01-22\n10:15:23.120Z'],
    ['yesterday', { date: 'heading' }, 'yesterday'],
  ])('%s with %o is %s', ([timestamp, options, expected]) => {
    expect(at(timestamp, options)).toBe(expected)
  })

  test("is this machine's where that is asked for, and then has no Z", () => {
    const local = new Date('2024-01-22T10:15:23.120Z')
    const hours = String(local.getHours()).padStart(2, '0')
    expect(at('2024-01-22T10:15:23.120Z', { local: true })).toBe(
      `${hours}:${String(local.getMinutes()).padStart(2, '0')}:23.120`,
    )
  })

  test('has the date above it when the day changes', () => {
    const renderer = new Renderer({ colors: false, date: 'heading', today: '2024-01-22' })
    const rows = ['22T23', '23T00', '23T01'].map((day) =>
      renderer.record({ ...base, timestamp: `2024-01-${day}:00:00.000Z` }),
    )
    expect(rows.join('').match(/^\S+/gm)).toEqual(['23:00:00.000Z', '2024-01-23', '00:00:00.000Z', '01:00:00.000Z'])
  })
})

describe('an error is shown once', () => {
  const stack = 'PaymentError: declined\n    at pay (/app/pay.js:10:5)\n    at run (/app/node_modules/a/b.js:1:2)'
  const block = (fields: object, options: Partial<RenderOptions> = {}) =>
    plain(fields, options).split('\n').slice(1, -1)

  test('with its type, message, code and own properties, and its stack', () => {
    const details = { code: 'E_NO', amount: 12, card: { last4: '4242' } }
    expect(
      block({
        error: 'declined',
        error_type: 'PaymentError',
        error_code: 'E_NO',
        error_details: details,
        traceback: stack,
      }),
    ).toEqual([
      '    PaymentError: declined',
      '    error_code=E_NO amount=12 card={"last4":"4242"}',
      '        at pay (/app/pay.js:10:5)',
      '        at run (/app/node_modules/a/b.js:1:2)',
    ])
  })

  test('by its name where the stack has the name of the class it extends', () => {
    const traceback = 'Error: declined\n    at x'
    expect(block({ error: 'declined', error_type: 'PaymentError', traceback })).toEqual([
      '    PaymentError: declined',
      '        at x',
    ])
  })

  test('in the row where the message is its own', () => {
    expect(plain({ message: 'declined', error: 'declined', error_type: 'PaymentError', traceback: stack })).toMatch(
      /^10:15:23\.120Z INFO {2}PaymentError: declined\n {8}at pay [^\n]*\n {8}at run [^\n]*\n$/,
    )
  })

  test.for(['err', 'failure', 'error'])('under the name %s', (name) => {
    const cause = { type: 'TypeError', message: 'why', stack: 'TypeError: why\n    at y' }
    const value = { type: 'PaymentError', message: 'declined', stack, code: 'E_NO', amount: 12, cause }
    expect(block({ [name]: value })).toEqual([
      `    ${name === 'failure' ? 'failure: ' : ''}PaymentError: declined`,
      '    code=E_NO amount=12',
      '        at pay (/app/pay.js:10:5)',
      '        at run (/app/node_modules/a/b.js:1:2)',
      '    Caused by: TypeError: why',
      '        at y',
    ])
  })

  test('with a cause only once, where the stack has it already, and with the errors of an aggregate', () => {
    const value = {
      type: 'AggregateError',
      message: 'all',
      stack: 'AggregateError: all\n    at x\nCaused by: Error: why',
      cause: { type: 'Error', message: 'why', stack: 'Error: why' },
      errors: [{ type: 'Error', message: 'one', stack: 'Error: one\n    at z' }, 'two'],
    }
    expect(block({ err: value })).toEqual([
      '    AggregateError: all',
      '        at x',
      '    Caused by: Error: why',
      '        Error: one',
      '            at z',
      '        two',
    ])
  })

  test('an object that is none stays a field', () => {
    expect(plain({ event: { type: 'click', message: 'x' } })).toContain('event={"type":"click","message":"x"}')
  })

  test('frames of libraries and of Node are faint, and the source of the first own one can be shown', () => {
    const traceback =
      'E: no\n    at node:internal/a:1:2\n    at own (/app/pay.js:10:5)\n    at other (file:///app/run.js:3:1)'
    const sourceLine = (file: string, line: number) => `  ${file}:${line} code`
    const rows = block({ error: 'no', error_type: 'E', traceback }, { colors: true, sourceLine })
    expect(rows.map((row) => row.replace('\u001b[2m', '<faint>').replace('\u001b[1m', '<strong>'))).toEqual([
      expect.stringContaining('E: no'),
      expect.stringContaining('<faint>at node:internal'),
      '        at own (/app/pay.js:10:5)',
      expect.stringContaining('<strong>› /app/pay.js:10 code'),
      '        at other (file:///app/run.js:3:1)',
    ])
  })

  test('a hidden part is not shown', () => {
    expect(block({ error: 'declined', error_type: 'PaymentError', traceback: stack }, { hide: ['traceback'] })).toEqual(
      ['    PaymentError: declined'],
    )
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
      { numRuns: runs(2_000) },
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

describe('what cannot be seen', () => {
  test.for([
    ['a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
    ['pass\u200bword\u2060\ufeff', 'pass\\u200bword\\u2060\\ufeff'],
    ['a\u{e0041}\u{e007f}b', 'a\\u{e0041}\\u{e007f}b'],
    ['soft\u00adhyphen\u180e\u3164', 'soft\\u00adhyphen\\u180e\\u3164'],
    ['a\u200db', 'a\\u200db'],
    ['👨‍👩‍👧 👩🏽‍🚀 ❤️‍🔥', '👨‍👩‍👧 👩🏽‍🚀 ❤️‍🔥'],
  ] as const)('%j is shown by its code, but for the joiner of emoji', ([text, shown]) => {
    expect(harmless(text)).toBe(shown)
  })
})
