import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
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
    { numRuns: 3_000 },
  )
})

test('any text is answered', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (key) => {
      expect(['string', 'undefined']).toContain(typeof rule(key))
    }),
    { numRuns: 5_000 },
  )
})
