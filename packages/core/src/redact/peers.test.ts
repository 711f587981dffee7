import { describe, expect, it } from 'vitest'
import { createLogger, memory, type RedactOptions } from '../index.js'

/** What a path means in pino, put as path, input and output; its own suites are asked in test/redaction/peers.test.ts. */
const R = '[REDACTED]'
const vectors: readonly (readonly [paths: readonly string[], input: object, output: object])[] = [
  [['a'], { a: 's', b: 'd' }, { a: R, b: 'd' }],
  [['a.b'], { a: { b: 's', c: 'd' } }, { a: { b: R, c: 'd' } }],
  [['a.b.c'], { a: { b: { c: 's', d: 1 } } }, { a: { b: { c: R, d: 1 } } }],
  [['a.b', 'c'], { a: { b: 's' }, c: 's', d: 'd' }, { a: { b: R }, c: R, d: 'd' }],
  [
    ['req.headers.cookies'],
    { req: { headers: { cookies: 's', host: 'h' } } },
    { req: { headers: { cookies: R, host: 'h' } } },
  ],
  [['a[0].b'], { a: [{ b: 's' }, { b: 'd' }] }, { a: [{ b: R }, { b: 'd' }] }],
  [['a[*].b'], { a: [{ b: 's' }, { b: 's' }] }, { a: [{ b: R }, { b: R }] }],
  [['a[*]'], { a: ['s', 's'] }, { a: [R, R] }],
  [['a.*'], { a: { x: 's', y: 's' }, b: { x: 'd' } }, { a: { x: R, y: R }, b: { x: 'd' } }],
  [['*.b'], { x: { b: 's' }, y: { b: 's', c: 'd' } }, { x: { b: R }, y: { b: R, c: 'd' } }],
  [['*'], { a: 's', b: { c: 's' } }, { a: R, b: R }],
  [['a.*.b'], { a: { x: { b: 's' }, y: { b: 's' } } }, { a: { x: { b: R }, y: { b: R } } }],
  [['a[*].*.c'], { a: [{ x: { c: 's' } }] }, { a: [{ x: { c: R } }] }],
  [['*.*.c'], { a: { b: { c: 's', d: 1 } } }, { a: { b: { c: R, d: 1 } } }],
  [['a["b-c"].d'], { a: { 'b-c': { d: 's' } } }, { a: { 'b-c': { d: R } } }],
  [['["a-b"]'], { 'a-b': 's' }, { 'a-b': R }],
  [["a['x.y']"], { a: { 'x.y': 's' } }, { a: { 'x.y': R } }],
  [['a.b'], { a: 'text' }, { a: 'text' }],
  [['a.b.c'], { a: { b: 'text' } }, { a: { b: 'text' } }],
  [['a.*'], { a: 'text' }, { a: 'text' }],
  [['a[*].b'], { a: [1, null, 'x', { b: 's' }] }, { a: [1, null, 'x', { b: R }] }],
  [['missing.path', 'gone'], { a: 1 }, { a: 1 }],
  [['a'], { a: { deep: { er: 's' } } }, { a: R }],
  [['a'], { a: ['s', 's'] }, { a: R }],
  [['a'], { a: 0 }, { a: R }],
  [['a'], { a: false }, { a: R }],
  [['a'], { a: '' }, { a: R }],
  [['a.b', 'a.*'], { a: { b: 's', c: 's' } }, { a: { b: R, c: R } }],
  [['a', 'a.b'], { a: { b: 's' } }, { a: R }],
  [['constructor.x', 'toString'], { constructor: { x: 's' }, toString: 's' }, { constructor: { x: R }, toString: R }],
]

function logged(fields: object, redact: RedactOptions): Record<string, unknown> {
  const destination = memory()
  createLogger({ env: {}, destination, redact: { defaults: false, ...redact } }).info('', fields as never)
  const { timestamp, level, service, message, ...rest } = destination.records[0] ?? {}
  return rest
}

describe("the peers' own cases", () => {
  it.each(vectors)('%j of %j', (paths, input, output) => {
    const before = JSON.stringify(input)
    expect(logged(input, { paths, censor: R })).toEqual(output)
    expect(JSON.stringify(input)).toBe(before)
  })

  it.each(['', '.a', 'a.', 'a..b', 'a[', 'a[]', 'a]', 'a[*', '[*', 'a["b'])('refuse the path %j', (path) => {
    expect(() => createLogger({ env: {}, redact: { paths: [path] } })).toThrow(TypeError)
  })

  it('remove what is to be removed', () => {
    expect(logged({ a: 's', b: [{ c: 's', d: 1 }] }, { paths: ['a', 'b[*].c'], censor: 'remove' })).toEqual({
      b: [{ d: 1 }],
    })
  })

  it('call a censor with the value', () => {
    const censor = (value: unknown, key: string) => `${key}:${String(value).length}`
    expect(logged({ a: { b: 'four' } }, { paths: ['a.b'], censor })).toEqual({ a: { b: 'b:4' } })
  })
})
