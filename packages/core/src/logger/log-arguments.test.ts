import { describe, expect, it, test } from 'vitest'
import { capture } from '../../test-support/capture.js'
import { HOSTILE } from '../../test-support/hostile.js'

class OutOfStock extends Error {
  readonly code = 'E_STOCK'
}

const { log, lines, last } = capture({ level: 'trace' })
const error = new OutOfStock('none left')
/** What an Error under `error` is spread over. */
const spread = {
  error: 'none left',
  error_type: 'OutOfStock',
  error_code: 'E_STOCK',
  traceback: expect.stringMatching(/^Error: none left\n {4}at /),
}

/** The last line without what every line has. */
function rest(): Record<string, unknown> {
  const { timestamp, level, service, ...own } = last()
  return own
}

describe('every form of a call', () => {
  test('a message', () => {
    log.info('Fetching user')
    expect(rest()).toEqual({ message: 'Fetching user' })
  })

  test('a message and fields', () => {
    log.info('Fetching user', { user_id: 'u1', deep: { a: [1] } })
    expect(rest()).toEqual({ message: 'Fetching user', user_id: 'u1', deep: { a: [1] } })
  })

  test('a message, nothing, and fields', () => {
    log.info('Fetching user', undefined, { user_id: 'u1' })
    expect(rest()).toEqual({ message: 'Fetching user', user_id: 'u1' })
    log.info('Fetching user', undefined, undefined, { user_id: 'u1' })
    expect(rest()).toEqual({ message: 'Fetching user', user_id: 'u1' })
    log.info('Fetching user', { user_id: 'u1' }, undefined, { table: 'users' })
    expect(rest()).toEqual({ message: 'Fetching user', user_id: 'u1', table: 'users' })
  })

  test('a message and an error', () => {
    log.error('Charge failed', error)
    expect(rest()).toEqual({ message: 'Charge failed', ...spread })
  })

  test('an error as a field and no message: the error says it', () => {
    log.error({ err: error })
    expect(last().message).toBe('none left')
    log.error({ error, order_id: 7 })
    expect(rest()).toEqual({ message: 'none left', ...spread, order_id: 7 })
  })

  test('a message, an error and fields', () => {
    log.error('Charge failed', error, { order_id: 7 })
    expect(rest()).toEqual({ message: 'Charge failed', ...spread, order_id: 7 })
  })

  test('a message, what was thrown though it is no Error, and fields', () => {
    log.error('Charge failed', 'boom', { order_id: 7 })
    expect(rest()).toEqual({ message: 'Charge failed', order_id: 7, args: ['boom'] })
    log.error('Charge failed', undefined, { order_id: 7 })
    expect(rest()).toEqual({ message: 'Charge failed', order_id: 7 })
    log.error('Charge failed', null, { order_id: 7 })
    expect(rest()).toEqual({ message: 'Charge failed', order_id: 7, args: [null] })
  })

  test('fields and a message', () => {
    log.error({ error, retry_attempt: 2 }, 'failed')
    expect(rest()).toEqual({ message: 'failed', ...spread, retry_attempt: 2 })
    log.info({ a: 1 }, 'took %d ms', 12, { b: 2 })
    expect(rest()).toEqual({ message: 'took 12 ms', a: 1, b: 2 })
  })

  test('fields alone', () => {
    log.info({ a: 1 })
    expect(rest()).toEqual({ message: '', a: 1 })
  })

  test('an error alone, or with a message or fields behind it', () => {
    log.error(error)
    expect(rest()).toEqual({ message: 'none left', ...spread })
    log.error(error, 'Charge failed')
    expect(rest()).toEqual({ message: 'Charge failed', ...spread })
    log.error(error, 'Charge %s failed', 'c7')
    expect(rest()).toEqual({ message: 'Charge c7 failed', ...spread })
    log.error(error as object, { order_id: 7 } as never)
    expect(rest()).toEqual({ message: 'none left', ...spread, order_id: 7 })
  })

  test('specifiers, and fields behind them', () => {
    log.info('took %d ms', 12, { table: 'users' })
    expect(rest()).toEqual({ message: 'took 12 ms', table: 'users' })
    log.error('failed: %s', error, { order_id: 7 })
    expect(rest()).toEqual({ message: 'failed: none left', ...spread, order_id: 7 })
  })

  test('a message that is no text', () => {
    for (const [value, message] of [
      [42, '42'],
      [true, 'true'],
      [null, 'null'],
      [undefined, ''],
      [7n, '7'],
      [Symbol('s'), 'Symbol(s)'],
      [() => 'secret source', '[Function]'],
    ] as const) {
      log.info(value as never, { a: 1 } as never)
      expect(rest()).toEqual({ message, a: 1 })
    }
  })

  test('no argument at all', () => {
    ;(log.info as () => void)()
    expect(rest()).toEqual({ message: '' })
  })

  test('a sign of percent is no specifier where it takes nothing', () => {
    log.info('100% of 5%%', { a: 1 })
    expect(rest()).toEqual({ message: '100% of 5%%', a: 1 })
    log.info('%s')
    expect(rest()).toEqual({ message: '%s' })
    log.info('%s %s', 'one')
    expect(rest()).toEqual({ message: 'one %s' })
  })
})

describe('what fits nowhere is kept', () => {
  test('values without names under args', () => {
    log.info('done', 1, 'two', [3], new Set([4]), new Date(0), { a: 1 })
    expect(rest()).toEqual({ message: 'done', a: 1, args: [1, 'two', [3], [4], '1970-01-01T00:00:00.000Z'] })
  })

  test('a second value of a name under args', () => {
    log.info('done', { a: 1, b: 1 }, { a: 2, c: 2 })
    expect(rest()).toEqual({ message: 'done', a: 1, b: 1, c: 2, args: [{ a: 2 }] })
  })

  test('a second Error under args, with its stack', () => {
    log.error('both failed', error, new RangeError('too far'))
    expect(rest()).toMatchObject({
      ...spread,
      args: [{ error: { type: 'RangeError', message: 'too far', stack: expect.stringContaining('at ') } }],
    })
  })

  test('args beside fields that have that name already', () => {
    log.info('done', { args: 1, field_args: 2 }, 'left over')
    expect(rest()).toEqual({ message: 'done', args: 1, field_args: 2, field_field_args: ['left over'] })
  })

  test('the content of collections and headers', () => {
    log.info('done', new Map([['a', 1]]))
    expect(rest()).toEqual({ message: 'done', a: 1 })
    log.info('done', new Map([[1, 'a']]))
    expect(rest()).toEqual({ message: 'done', args: [[[1, 'a']]] })
    log.info('done', new Headers({ 'x-a': '1' }))
    expect(rest()).toEqual({ message: 'done', args: [{ 'x-a': '1' }] })
    log.info('done', new URLSearchParams('a=1&a=2'))
    expect(rest()).toEqual({ message: 'done', args: [{ a: ['1', '2'] }] })
  })

  test('what toJSON shows, of an instance and of a literal', () => {
    class User {
      readonly id = 1
      readonly password_hash = 'x'
      toJSON() {
        return { id: this.id }
      }
    }
    log.info('done', new User())
    expect(rest()).toEqual({ message: 'done', id: 1 })
    log.info('done', { a: 1, toJSON: () => ({ b: 2 }) })
    expect(rest()).toEqual({ message: 'done', b: 2 })
    log.info('done', { a: 1, toJSON: () => 'text' })
    expect(rest()).toEqual({ message: 'done', args: ['text'] })
  })

  test('of fields that cannot be read, those that can, and a word on the others', () => {
    log.info('done', HOSTILE['throwing getter']?.() as object)
    expect(rest()).toEqual({ message: 'done', ok: 1, bad: '[unreadable]', after: 2 })
    log.info('done', HOSTILE['proxy whose traps throw']?.() as object)
    expect(rest()).toMatchObject({ message: 'done' })
    expect(JSON.stringify(rest())).toContain('unreadable')
    log.info('done', HOSTILE['proxy whose traps throw']?.() as object, { a: 1 } as never)
    expect(rest()).toMatchObject({ message: 'done', a: 1 })
  })
})

test('each method writes its own level, and silent writes none', () => {
  for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) {
    log[level]('said')
    expect(last()).toMatchObject({ level: level.toUpperCase(), message: 'said' })
  }
  log.audit('said')
  expect(last()).toMatchObject({ level: 'INFO', log_type: 'audit', message: 'said' })
  const before = lines.length
  log.silent('said')
  expect(lines.length).toBe(before)
})

test('a serializer is asked for fields of its name, and one that throws is named in the place', () => {
  const child = log.child(
    { user: { id: 1, name: 'bound' } },
    {
      serializers: {
        user: ({ id }: { id: number }) => ({ id }),
        broken: () => {
          throw new Error('no')
        },
      },
    },
  )
  child.info('done', { user: { id: 2, name: 'called' }, broken: 1, other: 2 })
  expect(rest()).toEqual({ message: 'done', user: { id: 2 }, broken: '[serializer of broken threw]', other: 2 })
  child.info('done')
  expect(rest()).toEqual({ message: 'done', user: { id: 1 } })
  child.info('done', HOSTILE['throwing getter']?.() as object)
  expect(rest()).toEqual({ message: 'done', user: { id: 1 }, ok: 1, bad: '[unreadable]', after: 2 })
})

describe('a primitive that stands alone behind fields', () => {
  it.each([
    [true, 'true'],
    [7, '7'],
    [0n, '0'],
  ])('%s is the message, as in pino', (value, message) => {
    const { log, lines } = capture()
    log.info({ s: 1 }, value as never)
    const record = JSON.parse(lines[0] ?? '') as Record<string, unknown>
    expect(record).toMatchObject({ s: 1, message })
    expect(record).not.toHaveProperty('args')
  })
})

describe('%s', () => {
  class Id {
    constructor(readonly n: number) {}
    toString() {
      return `#${this.n}`
    }
  }
  class Hostile {
    toString(): string {
      throw new Error('no text')
    }
  }

  it.each<[unknown, string]>([
    [new Id(7), '#7'],
    [new (class extends Id {})(8), '#8'],
    [{ toString: () => 'own' }, 'own'],
    [{ a: 1 }, '{"a":1}'],
    [[1, 2], '[1,2]'],
    [new Map([['a', 1]]), '{"a":1}'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [new Hostile(), '{}'],
    [Object.create(null), '{}'],
  ])('writes %o as util.format would, or as JSON', (value, text) => {
    const { log, lines } = capture()
    log.info('order %s', value)
    expect(JSON.parse(lines[0] ?? '').message).toBe(`order ${text}`)
  })
})
