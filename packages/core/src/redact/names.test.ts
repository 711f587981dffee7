import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { runs } from '../../test-support/runs.js'
import { createLogger, memory } from '../index.js'
import { DEFAULT_NAMES } from './default-names.js'
import { compileNames, isReadable, nameOf } from './names.js'

const rule = compileNames(DEFAULT_NAMES)

describe('a key that ends in a secret’s name is secret, however it is written', () => {
  test.for([
    ...['password', 'PASSWORD', 'Password', 'userPassword', 'user_password', 'user-password', 'user.password'],
    ...[
      'USER_PASSWORD',
      'dbpassword',
      'password2',
      'tokenV2',
      'creditCard',
      'CREDIT-CARD',
      'credit_card',
      'credit card',
    ],
    ...[
      'x-auth-token',
      'X-Auth-Token',
      'Authorization',
      'Proxy-Authorization',
      'set-cookie',
      'Set-Cookie',
      'sessionId',
    ],
    ...[
      'apiKey',
      'APIKey',
      'api_key',
      'X-API-Key',
      'stripeApiKey',
      'User2faCode',
      'user2FACode',
      'ssn',
      'iban',
      'cvv',
      'privateKey',
      'clientSecret',
      'SECRET_KEY_BASE',
      'SharedAccessSignature',
      'securityCode',
      'aws_creds',
    ],
  ])('%s', (key) => {
    expect(rule(key)).toBeDefined()
  })
})

describe('a key that merely contains one stays readable', () => {
  test.for([
    ...['password_changed_at', 'passwordChangedAt', 'token_count', 'author', 'authority', 'authored_by', 'secretary'],
    ...['compass', 'passenger', 'bypass', 'pinned', 'spin', 'keyboard', 'monkey', 'tokenizer', 'cookie_policy', ''],
    ...['user_id', 'request_id', 'path', 'status_code', 'card_brand', 'session_count', 'key', 'value', '—', '日本語'],
  ])('%s', (key) => {
    expect(rule(key)).toBeUndefined()
  })
})

test('of a plural, numbers are counts, and of a question, yes and no are answers', () => {
  for (const [key, readable, secret] of [
    ['max_tokens', 4096, 'abc'],
    ['tokens', 3, ['a']],
    ['has_password', true, 'abc'],
  ] as const) {
    const found = rule(key) ?? ''
    expect(found).not.toBe('')
    expect(isReadable(readable, found)).toBe(true)
    expect(isReadable(secret, found)).toBe(false)
    expect(nameOf(found)).toMatch(/^(?:token|password)$/)
  }
})

test('a listed name is secret in every way of writing it', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(words, words, (name, before) => {
      const own = compileNames([name.join('_')])
      const capitalized = (list: readonly string[]) => list.map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      const all = [...before, ...name]
      const ways = [
        name.join('_'),
        name.join('-').toUpperCase(),
        capitalized(name).join('-'),
        all.join('_'),
        all.join('-').toUpperCase(),
        capitalized(all).join(' '),
        all.join('.'),
      ]
      for (const way of ways) expect([way, own(way)]).toEqual([way, expect.any(String)])
    }),
    { numRuns: runs(3_000) },
  )
})

test('any text is answered', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (key) => {
      expect(['string', 'undefined']).toContain(typeof rule(key))
    }),
    { numRuns: runs(5_000) },
  )
})

const HIDDEN = '***REDACTED***'
const destination = memory()
const log = createLogger({ env: {}, service: 's', destination })

function shown(fields: Readonly<Record<string, unknown>>): unknown {
  destination.clear()
  log.info('m', { data: fields })
  return destination.records[0]?.data
}

describe('a noun with its words', () => {
  it('is secret in all of its forms', () => {
    for (const name of [
      ...[
        'password_new',
        'passwordOld',
        'token_hash',
        'pin_code',
        'client_key',
        'userpwd',
        'passwordHash',
        'secretValue',
      ],
      ...[
        'apiKeyEncrypted',
        'newPassword2',
        'passwordhash',
        'PASSWORD_PROD',
        'otp_code',
        'cvv2',
        'card_no',
        'acctNumber',
      ],
      ...[
        'sessionIdRaw',
        'STRIPE_SECRET_KEY',
        'x-csrf-token',
        'passwd_sha256',
        'id_token_hint',
        'PassPhrase',
        'ｐａｓｓｗｏｒｄ',
      ],
    ]) {
      expect(shown({ [name]: 'hunter2' })).toEqual({ [name]: HIDDEN })
    }
  })

  it('is none where a fact stands behind it', () => {
    for (const name of [
      ...[
        'password_policy',
        'passwordLength',
        'token_type',
        'secret_name',
        'session_timeout',
        'cookie_domain',
        'pin_length',
      ],
      ...[
        'api_key_id',
        'token_expires_in',
        'tokenEndpoint',
        'password_strength',
        'card_number_length',
        'auth_provider',
      ],
      ...['passwordlength', 'masked_card_number', 'public_api_key', 'boarding_pass', 'gpio_pin', 'next_page_token'],
    ]) {
      expect(shown({ [name]: 'hunter2' })).toEqual({ [name]: 'hunter2' })
    }
  })

  it('lets the value decide where an unknown word stands behind it', () => {
    const readable = {
      password_breach: 'detected',
      secret_scanning: 'enabled',
      token_ring: 3,
      password_breach_at: 'x1y2z3',
    }
    expect(shown(readable)).toEqual(readable)
    expect(shown({ password_stripe: 'hunter2', token_github: 'ghx81m2', pin_sms: 4711 })).toEqual({
      password_stripe: HIDDEN,
      token_github: HIDDEN,
      pin_sms: HIDDEN,
    })
  })
})

describe('a noun with other meanings', () => {
  it.each<[readable: Record<string, unknown>, secret: Record<string, unknown>]>([
    [{ pass: 12 }, { pass: 'hunter2' }],
    [{ pass: true }, { pass: 123456 }],
    [{ pwd: '/home/app' }, { pwd: 'hunter2' }],
    [{ PWD: 'C:\\srv\\app' }, { db_pwd: 'pa/ss' }],
    [{ pin: 'GPIO17' }, { pin: 4711 }],
    [{ pin: 'A0' }, { pin_code: 1234 }],
    [{ sin: -0.25 }, { sin: '046 454 286' }],
    [{ pan: 'left' }, { pan: '4111111111111111' }],
    [{ credit_card: 'visa' }, { credit_card: '4111 1111 1111 1111' }],
    [{ sid: `AC${'0a'.repeat(16)}` }, { sid: 's%3Aabc' }],
    [{ session: 'started' }, { session: 'k3J9x' }],
    [{ session: { started: true, views: 3, user_id: 'user-456' } }, { session: { id: 'k3' } }],
    [{ session: { cookie: { path: '/', httpOnly: true, originalMaxAge: null } } }, { session: { token: 'k' } }],
    [{ auth: 'ldap' }, { auth: 'ada:hunter2' }],
    [{ auth: { method: 'ldap', user: 'ada' } }, { auth: { user: 'ada', pass: 'x' } }],
    [{ credentials: 'include' }, { credentials: 'k3J9x' }],
    [{ assertion: 'expected 1 to be 2' }, { assertion: 'PHNhbWw' }],
    [{ dsn: '2.0.0' }, { dsn: 'https://k@sentry.example/1' }],
    [{ jwt: { expiresIn: '1h' } }, { jwt: 'k3J9x' }],
    [{ kubeconfig: '/home/ada/.kube/config' }, { kubeconfig: 'apiVersion: v1\nusers: []' }],
  ])('%j stays, %j does not', (readable, secret) => {
    expect(shown(readable)).toEqual(readable)
    const name = Object.keys(secret)[0] ?? ''
    expect(shown(secret)).toEqual({ [name]: HIDDEN })
  })

  it('is looked into, not trusted, where it is an object that computes', () => {
    for (const session of [
      new Map([['a', 1]]),
      { toJSON: () => 'k3J9x' },
      Object.defineProperty({}, 'a', { enumerable: true, get: () => 'k3J9x' }),
      new Proxy({ a: 'k3J9x' }, {}),
      ['k3J9x'],
      { a: { b: { c: { d: { e: { f: 'deep' } } } } } },
    ]) {
      expect(shown({ session })).toEqual({ session: HIDDEN })
    }
  })
})

it('a key of the user knows no exception', () => {
  const own = memory()
  const keys = ['token', 'pass', 'straße']
  createLogger({ env: {}, service: 's', destination: own, redact: { keys, defaults: false } }).info('m', {
    data: { tokens: 4096, has_token: true, pass: 12, HAUPTSTRASSE: 'a', Straße: 'b', haupt_strasse: 'c' },
  })
  expect(own.records[0]?.data).toEqual({
    ...{ tokens: HIDDEN, has_token: HIDDEN, pass: HIDDEN },
    ...{ HAUPTSTRASSE: 'a', Straße: HIDDEN, haupt_strasse: HIDDEN },
  })
})
