import { describe, expect, test } from 'vitest'
import { capture } from '../../test-support/capture.js'

const { log, last, lines } = capture({ redact: false })

function logged(value: unknown): unknown {
  log.info('said', { value })
  return last().value
}

class Point {
  readonly #hidden = 1
  readonly x = 1
  y = 2
  get sum(): number {
    return this.#hidden + this.y
  }
}

describe('a value in a line', () => {
  test.for<[string, unknown, unknown]>([
    ['a safe BigInt is a number', 42n, 42],
    ['a negative safe BigInt is a number', -(2n ** 53n) + 1n, -Number.MAX_SAFE_INTEGER],
    ['a BigInt that a reader would round is text', 2n ** 53n, '9007199254740992'],
    ['a BigInt of a thousand digits is text', 10n ** 1000n, `1${'0'.repeat(1000)}`],
    ['NaN is null', Number.NaN, null],
    ['infinity is null', -Infinity, null],
    ['negative zero is zero', -0, 0],
    ['a symbol is its description', Symbol('s'), 'Symbol(s)'],
    ['a Date is its ISO text', new Date(5), '1970-01-01T00:00:00.005Z'],
    ['an invalid Date is null', new Date(Number.NaN), null],
    ['a Map with text keys is an object', new Map([['a', new Map([['b', 1]])]]), { a: { b: 1 } }],
    [
      'a Map with other keys is a list of pairs',
      new Map<unknown, unknown>([
        [1, 'a'],
        ['b', 2],
      ]),
      [
        [1, 'a'],
        ['b', 2],
      ],
    ],
    ['an empty Map is an object', new Map(), {}],
    ['a Set is a list', new Set([1, 'a']), [1, 'a']],
    ['an instance is its own fields', new Point(), { x: 1, y: 2 }],
    ['an object without a prototype is its fields', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ['bytes are their number', Buffer.from('secret'), '[binary: 6 bytes]'],
    ['an ArrayBuffer is its number of bytes', new ArrayBuffer(3), '[binary: 3 bytes]'],
    ['a typed array is a list', new Float32Array([0.5, Number.NaN]), [0.5, null]],
    ['a list of BigInts is a list', new BigInt64Array([1n]), [1]],
    ['boxed primitives are what is in them', [Object(1), Object('a'), Object(true), Object(1n)], [1, 'a', true, 1]],
    ['a pattern is its text', /a"b/g, '/a"b/g'],
    ['a promise is named', Promise.resolve('secret'), '[Promise]'],
    ['a URL is its text', new URL('https://example.org/a?b=c'), 'https://example.org/a?b=c'],
    ['headers are an object', new Headers({ 'X-A': '1' }), { 'x-a': '1' }],
    ['a repeated parameter has all its values', new URLSearchParams('a=1&b=2&a=3'), { a: ['1', '3'], b: '2' }],
    ['holes of a list are null', Object.assign(new Array(3), { 1: 1 }), [null, 1, null]],
    ['what is undefined or a function is left out', { a: undefined, b: () => {}, c: 1 }, { c: 1 }],
    ['and null in a list', [undefined, () => {}, 1], [null, null, 1]],
    ['an own __proto__ is a key', JSON.parse('{"__proto__":1}'), JSON.parse('{"__proto__":1}')],
    [
      'inherited fields are left out',
      Object.create({ inherited: 1 }, { own: { value: 1, enumerable: true } }),
      { own: 1 },
    ],
    ['symbol keys are left out', { [Symbol('s')]: 1, a: 1 }, { a: 1 }],
  ])('%s', ([, value, expected]) => {
    expect(logged(value)).toEqual(expected)
  })

  test('that stands in itself is named there, and twice beside itself is written twice', () => {
    const shared = { a: 1 }
    expect(logged([shared, shared])).toEqual([shared, shared])
    const circular: Record<string, unknown> = { a: 1 }
    circular.self = circular
    circular.list = [circular]
    expect(logged(circular)).toEqual({ a: 1, self: '[Circular]', list: ['[Circular]'] })
  })

  test('is followed ten levels deep', () => {
    let value: unknown = 'end'
    for (let i = 0; i < 9; i++) value = { in: value }
    expect(JSON.stringify(logged(value))).toContain('"end"')
    expect(JSON.stringify(logged({ in: { in: value } }))).toContain('"[Object]"')
  })

  test('that asks to be shown as something else is shown so, once', () => {
    expect(logged({ a: 1, toJSON: () => ({ b: 2 }) })).toEqual({ b: 2 })
    expect(logged({ toJSON: () => undefined })).toBeNull()
    const self = { a: 1, toJSON: () => self }
    expect(logged(self)).toEqual({ a: 1 })
    expect(logged([{ toJSON: () => [1, { toJSON: () => 'two' }] }])).toEqual([[1, 'two']])
    expect(logged({ toJSON: 'no function', a: 1 })).toEqual({ toJSON: 'no function', a: 1 })
  })

  test('that cannot be read is marked in its own place', () => {
    const bad = {
      ok: 1,
      get broken() {
        throw new Error('no')
      },
      after: [2],
    }
    expect(logged(bad)).toEqual({ ok: 1, broken: '[unreadable]', after: [2] })
    expect(logged([new Proxy(bad, { ownKeys: (target) => target.broken as never }), 1])).toEqual(['[unreadable]', 1])
  })

  test('of small parts that fit are all there', () => {
    const digits = Array.from({ length: 7_000 }, (_, i) => i % 10)
    expect(logged(digits)).toEqual(digits)
  })

  test('of more parts than fit says so', () => {
    log.info('said', { value: Array.from({ length: 20_000 }, () => 1), after: 1 })
    expect(last()).toMatchObject({ message: 'said', after: 1, truncated: expect.arrayContaining(['value']) })
    expect(Buffer.byteLength(lines.at(-1) ?? '')).toBeLessThanOrEqual(16_384)
  })
})
