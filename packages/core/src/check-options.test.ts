import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it } from 'vitest'
import { checkOptions, entriesOf, propertyOf, refused } from './check-options.js'

interface Options {
  readonly url?: string
  readonly count?: number
  readonly gzip?: boolean
  readonly mode?: 'fast' | 'safe'
  readonly when?: () => void
  readonly batch?: { readonly bytes?: number }
}
const KNOWN = ['url', 'count', 'gzip', 'mode', 'when', 'batch'] as const

const check = (options: unknown, call = 'ship') => checkOptions(call, options as Options, KNOWN)
const everything = (options: unknown) => {
  const checker = check(options)
  return {
    url: checker.string('url'),
    count: checker.number('count', 7, { least: 1, most: 9, whole: true }),
    gzip: checker.boolean('gzip', true),
    mode: checker.oneOf('mode', ['fast', 'safe'], 'safe'),
    when: checker.function('when'),
    bytes: checker.nested('batch', ['bytes']).number('bytes', undefined, { above: 0 }),
  }
}

describe('options', () => {
  it('are returned with their defaults', () => {
    const when = () => {}
    expect(everything({})).toEqual({ count: 7, gzip: true, mode: 'safe' })
    expect(everything({ url: 'a', count: 1, gzip: false, mode: 'fast', when, batch: { bytes: 2 } })).toEqual({
      ...{ url: 'a', count: 1, gzip: false, mode: 'fast', when, bytes: 2 },
    })
  })

  it.each<[unknown, string]>([
    [null, 'ship(options): got null; accepted: an object with url, count, gzip, mode, when, batch'],
    [['a'], 'ship(options): got array; accepted: an object with url'],
    ['a', 'ship(options): got string; accepted: an object with url'],
    [undefined, 'ship(options): got undefined; accepted: an object with url'],
    [{ uri: 1 }, 'ship: unknown option "uri"; accepted: url, count, gzip, mode, when, batch'],
    [JSON.parse('{"__proto__":1}'), 'ship: unknown option "__proto__"; accepted: url'],
    [{ batch: { byte: 1 } }, 'ship: unknown option "byte" in batch; accepted: bytes'],
    [{ batch: null }, 'ship({ batch }): got null; accepted: an object with bytes'],
    [{ batch: 's3cret' }, 'ship({ batch }): got string; accepted: an object with bytes'],
    [{ batch: { bytes: 's3cret' } }, 'ship({ batch: { bytes } }): got string; accepted: a number above 0'],
    [{ batch: { bytes: 0 } }, 'ship({ batch: { bytes } }): got 0; accepted: a number above 0'],
    [{ url: '' }, 'ship({ url }): got an empty string; accepted: a string'],
    [{ url: ['s3cret'] }, 'ship({ url }): got array; accepted: a string'],
    [{ count: 1.5 }, 'ship({ count }): got 1.5; accepted: a whole number from 1 to 9'],
    [{ count: Number.NaN }, 'ship({ count }): got NaN; accepted: a whole number from 1 to 9'],
    [{ count: '2' }, 'ship({ count }): got string; accepted'],
    [{ gzip: 's3cret' }, 'ship({ gzip }): got string; accepted: true or false'],
    [{ mode: 's3cret' }, "ship({ mode }): got string; accepted: 'fast' or 'safe'"],
    [{ when: Symbol('s3cret') }, 'ship({ when }): got symbol; accepted: a function'],
  ])('%j are refused by name', (options, message) => {
    expect(() => everything(options)).toThrow(TypeError)
    expect(() => everything(options)).toThrow(message)
    expect(() => everything(options)).not.toThrow('s3cret')
  })

  it('stand in the message where they stand in the call', () => {
    expect(check({}, 'file(path, options)').refused('mode', 1, 'x').message).toBe(
      'file(path, { mode }): got 1; accepted: x',
    )
    expect(() => check({ no: 1 }, 'file(path, options)')).toThrow('file: unknown option "no"; accepted')
    expect(() => check(1, 'file(path, options)')).toThrow('file(path, options): got 1; accepted')
    expect(refused('file(path)', '', 'a path').message).toBe('file(path): got an empty string; accepted: a path')
  })

  it('are replaced on request', () => {
    const checker = check({ url: 'a', count: 2 }).with({ url: 'b' })
    expect([checker.string('url'), checker.number('count', 0)]).toEqual(['b', 2])
  })
})

describe('what options inherit', () => {
  afterEach(() => {
    for (const name of ['gzip', 'batch', 'bytes', 'evil'])
      delete (Object.prototype as unknown as Record<string, unknown>)[name]
  })

  it('is ignored from Object.prototype, at every depth', () => {
    Object.assign(Object.prototype, { gzip: false, batch: { bytes: 5 }, bytes: 5, evil: 1 })
    for (const options of [{}, Object.create({}), Object.create({ url: 'a' }), new (class {})()]) {
      expect(everything(options)).toMatchObject({ gzip: true, bytes: undefined })
    }
    expect(everything({ batch: {} }).bytes).toBeUndefined()
    expect(entriesOf({ a: 1 })).toEqual([['a', 1]])
    expect(check({}).with({}).given.gzip).toBeUndefined()
  })

  it('is ignored from the Object.prototype of another realm', () => {
    expect(everything(runInNewContext('Object.prototype.gzip = false; ({ count: 3 })'))).toMatchObject({
      ...{ gzip: true, count: 3 },
    })
  })

  it('counts from any other prototype', () => {
    class Defaults {
      readonly count = 3
      get mode() {
        return 'fast'
      }
    }
    for (const options of [new Defaults(), Object.create(new Defaults()), Object.create({ count: 3, mode: 'fast' })]) {
      expect(everything(options)).toMatchObject({ count: 3, mode: 'fast' })
    }
    const nothing = Object.assign(Object.create(null), { count: 3 })
    expect(everything(Object.create(nothing))).toMatchObject({ count: 3 })
    expect(entriesOf(Object.assign(Object.create({ a: 1, b: 2 }), { b: 3 }))).toEqual([
      ['b', 3],
      ['a', 1],
    ])
    expect(propertyOf(Object.create({ a: undefined }), 'a')).toBeUndefined()
  })
})
