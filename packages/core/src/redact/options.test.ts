import { describe, expect, it } from 'vitest'
import { createLogger, memory, type RedactOptions } from '../index.js'

const KEY = '0f1e2d3c4b5a69788796a5b4c3d2e1f0'

function logged(fields: object, redact?: unknown, env: Record<string, string> = {}): Record<string, unknown> {
  const destination = memory()
  createLogger({ env, service: 's', destination, redact: redact as RedactOptions }).info('m', fields as never)
  return destination.records[0] ?? {}
}

describe('the redact option', () => {
  it.each<[unknown, RegExp]>([
    [true, /createLogger\(\{ redact \}\): got boolean; accepted: false, or an object with keys, paths, allow/],
    [['user.email'], /createLogger\(\{ redact \}\): got array; accepted/],
    [null, /createLogger\(\{ redact \}\): got null; accepted/],
    [{ key: ['a'] }, /unknown option "key" in redact; accepted: keys, paths, allow, detect, censor, hashKey, defaults/],
    [{ keys: 'iban' }, /createLogger\(\{ redact: \{ keys \} \}\): got string; accepted: an array of names/],
    [{ keys: [1] }, /\{ keys \} \}\): got array; accepted: an array of names/],
    [{ keys: ['--'] }, /\{ keys \}/],
    [{ allow: 'pin' }, /\{ allow \} \}\): got string; accepted: an array of names/],
    [{ allow: ['a..b'] }, /redact\.allow: "a\.\.b" is not a path; accepted/],
    [{ paths: ['a..b'] }, /redact\.paths: "a\.\.b" is not a path; accepted/],
    [{ paths: [''] }, /\{ paths \}/],
    [{ detect: 'some' }, /\{ detect \} \}\): got string; accepted: 'all', or an array of privateKey, jwt/],
    [{ detect: ['cards'] }, /\{ detect \} \}\): got array; accepted/],
    [{ detect: [/x/] }, /\{ detect \}/],
    [{ explain: 1 }, /\{ explain \} \}\): got 1; accepted: true or false/],
    [{ censor: 7 }, /redact\.censor: got number; accepted: a text/],
    [{ censor: null }, /censor/],
    [{ censor: {} }, /redact\.censor: got object/],
    [{ defaults: 'no' }, /\{ defaults \} \}\): got string; accepted: true or false/],
    [{ hashKey: 5 }, /\{ hashKey \} \}\): got 5/],
    [{ censor: 'hash' }, /redact\.hashKey or LOG_HASH_KEY: missing/],
    [{ censor: 'hash', hashKey: 'short' }, /too weak \(5 bytes\)/],
    [{ censor: 'hash', hashKey: 'a'.repeat(64) }, /too weak/],
  ])('refuses %j', (redact, message) => {
    expect(() => createLogger({ env: {}, service: 's', redact: redact as RedactOptions })).toThrow(message)
    expect(() => createLogger({ env: {}, service: 's', redact: redact as RedactOptions })).toThrow(TypeError)
  })

  it('never shows the hash key that it refuses', () => {
    const redact = { censor: 'hash', hashKey: 'topsecret' } as const
    expect(() => createLogger({ env: {}, service: 's', redact })).not.toThrow(/topsecret/)
  })

  it('redacts the usual keys by default, adds to them, starts empty, and switches off', () => {
    const fields = { password: 'p', staff_no: 's', other: 'o' }
    const censored = '***REDACTED***'
    expect(logged(fields)).toMatchObject({ password: censored, staff_no: 's', other: 'o' })
    expect(logged(fields, { keys: ['staffNo'] })).toMatchObject({ password: censored, staff_no: censored })
    expect(logged(fields, { keys: ['staffNo'], defaults: false })).toMatchObject({ password: 'p', staff_no: censored })
    expect(logged(fields, false)).toMatchObject(fields)
    expect(logged(fields, {}, { LOG_REDACT_KEYS: ' STAFF-NO , other ' })).toMatchObject({
      password: censored,
      staff_no: censored,
      other: censored,
    })
  })

  it('keeps counts and answers readable', () => {
    const fields = { max_tokens: 4096, has_password: true, password_changed_at: 'x', token_count: 3, author: 'a' }
    expect(logged(fields)).toMatchObject(fields)
    expect(logged({ tokens: ['t'], has_password: 'p', password: 5, pin: 4711n, otp: false })).toMatchObject({
      tokens: '***REDACTED***',
      has_password: '***REDACTED***',
      password: '***REDACTED***',
      pin: '***REDACTED***',
      otp: '***REDACTED***',
    })
  })
})

describe('a censor', () => {
  const fields = { password: 'a-long-secret-4711', list: ['password', 'zz', 'x'], pairs: [['token', 'zz']] }

  it("'remove' leaves fields out, and keeps the places of elements", () => {
    const { password, list, pairs } = logged(fields, { censor: 'remove' })
    expect([password, list, pairs]).toEqual([undefined, ['password', null, 'x'], [['token', null]]])
  })

  it("'mask' keeps the last four of what is long enough", () => {
    const given = {
      password: 'a-long-secret-4711',
      pin: 1234,
      token: 'short',
      secret: { a: 1 },
      card_number: 4111111111111111n,
    }
    expect(logged(given, { censor: 'mask' })).toMatchObject({
      password: '****4711',
      pin: '****',
      token: '****',
      secret: '***REDACTED***',
      card_number: '****1111',
    })
  })

  it("'hash' gives the same short value for the same value and key, and another for another", () => {
    const of = (value: unknown, hashKey = KEY) => logged({ password: value }, { censor: 'hash', hashKey }).password
    expect(of('amy')).toMatch(/^hmac:[0-9a-f]{16}$/)
    expect(of('amy')).toBe(of('amy'))
    expect(of('amy')).not.toBe(of('bob'))
    expect(of('amy')).not.toBe(of('amy', `${KEY}x`))
    expect(logged({ password: 'amy' }, { censor: 'hash' }, { LOG_HASH_KEY: KEY }).password).toBe(of('amy'))
    expect(of(5n)).toMatch(/^hmac:/)
    expect(
      of(
        new Proxy(
          {},
          {
            get: () => {
              throw new Error('no')
            },
          },
        ),
      ),
    ).toBe('***REDACTED***')
  })

  it('as a text stands as it is, even one of the words', () => {
    expect(logged(fields, { censor: '[gone]' }).password).toBe('[gone]')
    expect(logged(fields, { censor: { text: 'mask' } }).password).toBe('mask')
    expect(logged({ b: 'token=abc1' }, { censor: 'password=1', detect: 'all' }).b).toBe('token=password=1')
  })

  it('as a function may return anything, and fails closed', () => {
    const circular: Record<string, unknown> = {}
    circular.self = circular
    const of = (censor: (value: unknown, key: string) => unknown) =>
      logged({ password: 'zz9', b: 'see token=zz9' }, { censor, detect: 'all' })
    expect(of((value, key) => `${String(value).length} of ${key}`)).toMatchObject({
      password: '3 of password',
      b: 'see token=3 of assignment',
    })
    expect(of(() => 5)).toMatchObject({ password: 5, b: 'see token=5' })
    expect(of(() => undefined)).toMatchObject({ b: 'see token=' })
    expect(of(() => undefined)).not.toHaveProperty('password')
    expect(of(() => circular)).toMatchObject({ password: { self: '[Circular]' }, b: 'see token=***REDACTED***' })
    const failing = [
      () => {
        throw new Error('zz9')
      },
      () => Symbol('zz9'),
      () => () => 'zz9',
    ]
    for (const censor of failing) {
      expect(of(censor)).toMatchObject({ password: '***REDACTED***', b: 'see token=***REDACTED***' })
    }
    // What it returns is a value like any: its own secrets are censored too, to the depth that values are followed.
    const returning = of((value) => ({ kept: 1, password: value, note: 'Bearer abc123' }))
    expect(JSON.stringify(returning)).not.toMatch(/zz9|abc123/)
  })
})

describe('prototype pollution', () => {
  const evil = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"password":"zz9"}')

  it('comes through no option', () => {
    const options: unknown[] = [
      { keys: ['__proto__', 'constructor', 'prototype'] },
      { paths: ['__proto__.polluted', 'constructor.prototype.polluted', 'a["__proto__"].b', '*.__proto__'] },
      { censor: () => evil },
      { censor: { text: 'x', ...evil } },
      { detect: 'all', paths: ['__proto__'] },
    ]
    for (const redact of options) {
      const line = logged({ a: evil, ...evil, m: new Map([['__proto__', { polluted: 1 }]]) }, redact)
      expect(line.message).toBe('m')
      expect(JSON.stringify(line)).not.toContain('zz9')
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(Object.keys(Object.prototype)).toEqual([])
    expect(() => logged({}, JSON.parse('{"__proto__":{"keys":["a"]}}'))).toThrow(/unknown option "__proto__"/)
  })

  it('comes through no logged value, and changes no lookup', () => {
    for (const redact of [undefined, { detect: 'all' }, { paths: ['a.b', '*.c'] }]) {
      const line = logged(
        { __proto__: { x: 1 }, a: evil, b: [evil], toString: 1, hasOwnProperty: 2, valueOf: 3 },
        redact,
      )
      expect(line).toMatchObject({ hasOwnProperty: 2, valueOf: 3 })
      expect(JSON.stringify(line)).not.toContain('zz9')
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('of another library opens no hole', () => {
    const polluted = Object.prototype as unknown as Record<string, unknown>
    polluted.password = 'zz8'
    polluted.rule = undefined
    polluted.text = 'zz8'
    try {
      const line = logged({ password: 'zz9', nested: { token: 'zz9' } })
      expect(JSON.stringify(line)).not.toMatch(/zz9|zz8/)
    } finally {
      for (const key of ['password', 'rule', 'text']) delete polluted[key]
    }
  })
})
