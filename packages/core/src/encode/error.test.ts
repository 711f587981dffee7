import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { capture } from '../../test-support/capture.js'
import { errorFacts, isError, traceback } from './error.js'

class NotFound extends Error {}
class Declined extends TypeError {}
class Named extends Error {
  override readonly name = 'PaymentError'
}

function thrownBy(fn: () => unknown): Error {
  try {
    fn()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}

describe('an error’s type', () => {
  test.for<[string, Error]>([
    ['Error', new Error('x')],
    ['TypeError', new TypeError('x')],
    ['AggregateError', new AggregateError([], 'x')],
    ['NotFound', new NotFound('x')],
    ['Declined', new Declined('x')],
    ['PaymentError', new Named('x')],
    ['Set', Object.assign(new Error('x'), { name: 'Set' })],
    ['AbortError', new DOMException('x', 'AbortError')],
    ['RangeError', runInNewContext('new RangeError("x")')],
    ['Error', thrownBy(() => readFileSync('/nowhere/at/all'))],
    ['TypeError', thrownBy(() => readFileSync(5.5 as never, 7 as never))],
    ['Error', new (class extends Error {})('x')],
    ['Error', Object.assign(new Error('x'), { name: '' })],
  ])('is %s', ([type, error]) => {
    expect(errorFacts(error).type).toBe(type)
  })
})

describe('an error’s code', () => {
  test.for([
    ['ENOENT', 'ENOENT'],
    [404, 404],
    [undefined, undefined],
    [{ a: 1 }, undefined],
    [null, undefined],
  ])('%o is %o', ([code, expected]) => {
    expect(errorFacts(Object.assign(new Error('x'), { code })).code).toBe(expected)
  })
})

test('an error of another realm is one, and what only looks like one is not', () => {
  expect(isError(runInNewContext('new Error("x")'))).toBe(true)
  expect(isError(Object.create(Error.prototype))).toBe(true)
  for (const value of [{ name: 'Error', message: 'x', stack: 'y' }, 'Error', null, undefined, () => {}]) {
    expect(isError(value)).toBe(false)
  }
})

describe('a traceback', () => {
  test('is the stack', () => {
    const error = new Error('no')
    expect(traceback(error)).toBe(error.stack)
    expect(traceback(Object.assign(new NotFound('no'), { stack: '' }))).toBe('NotFound: no')
  })

  test('has every cause under it', () => {
    const root = new RangeError('root')
    const middle = new Error('middle', { cause: root })
    const text = traceback(new Error('top', { cause: middle }))
    expect(text.match(/^(?:Caused by: )?\w*Error: \w+/gm)).toEqual([
      'Error: top',
      'Caused by: Error: middle',
      'Caused by: RangeError: root',
    ])
  })

  test('says what a cause is that is no error', () => {
    expect(traceback(new Error('top', { cause: 'text' }))).toMatch(/\nCaused by: text$/)
    expect(traceback(new Error('top', { cause: 7 }))).toMatch(/\nCaused by: 7$/)
    expect(traceback(new Error('top', { cause: { a: 1 } }))).toMatch(/\nCaused by: \[object\]$/)
    expect(traceback(new Error('top', { cause: null }))).not.toContain('Caused by')
  })

  test('has the errors of an AggregateError indented', () => {
    const text = traceback(new AggregateError([new Error('one'), new TypeError('two')], 'both'))
    expect(text).toMatch(/^AggregateError: both\n/)
    expect(text).toMatch(/^ {4}Error: one$/m)
    expect(text).toMatch(/^ {8}at /m)
    expect(text).toMatch(/^ {4}TypeError: two$/m)
  })

  test('counts the errors that it does not show, and ends where causes go round or never end', () => {
    const many = new AggregateError(Array.from({ length: 15 }, (_, i) => new Error(`e${i}`)))
    expect(traceback(many)).toContain('… and 5 more errors')
    const loop = new Error('loop')
    loop.cause = new Error('back', { cause: loop })
    expect(traceback(loop)).toMatch(/Caused by: \[Circular\]$/)
    let deep = new Error('end')
    for (let i = 0; i < 100; i++) deep = new Error(`e${i}`, { cause: deep })
    expect(traceback(deep)).toMatch(/Caused by: \[more causes\]$/)
  })
})

describe('an Error in a line', () => {
  const { log, last } = capture({ redact: false })

  test('under error is spread over the line, whatever its code is', () => {
    log.error('failed', { error: Object.assign(new NotFound('gone'), { code: 404 }) })
    expect(last()).toMatchObject({
      ...{
        error: 'gone',
        error_type: 'NotFound',
        error_code: 404,
        traceback: expect.stringContaining('Error: gone\n    at '),
      },
    })
    log.error('failed', { error: new NotFound('gone') })
    expect(last()).not.toHaveProperty('error_code')
  })

  test('under another key is an object, and so are its causes', () => {
    const cause = new TypeError('why')
    log.error('failed', {
      err: Object.assign(new NotFound('gone', { cause }), { code: 'E1' }),
      list: [new Error('in')],
    })
    expect(last()).toMatchObject({
      err: {
        ...{ type: 'NotFound', message: 'gone', code: 'E1', stack: expect.stringContaining('at ') },
        cause: { type: 'TypeError', message: 'why', stack: expect.stringContaining('at ') },
      },
      list: [{ type: 'Error', message: 'in' }],
    })
    expect(last()).not.toHaveProperty('traceback')
  })

  test('with several errors shows each', () => {
    log.error('failed', { err: new AggregateError([new Error('one'), 'two'], 'both') })
    expect(last().err).toMatchObject({ message: 'both', errors: [{ type: 'Error', message: 'one' }, 'two'] })
  })

  test('that is not under error and is text or an object stays what it is', () => {
    log.error('failed', { error: 'text' })
    expect(last()).toMatchObject({ error: 'text' })
    expect(last()).not.toHaveProperty('error_type')
    log.error('failed', { error: { reason: 'own' } })
    expect(last()).toMatchObject({ error: { reason: 'own' } })
  })
})
