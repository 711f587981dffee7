import { describe, expect, it } from 'vitest'
import { createLogger, memory } from '../index.js'

const CANARY = 'cAnArY7f3a91'
const HIDDEN = '***REDACTED***'
const destination = memory()
const log = createLogger({ env: {}, service: 's', destination })

function logged(value: unknown): unknown {
  destination.clear()
  log.info('m', { data: { item: value } })
  const [record] = destination.records
  return (record?.data as { item?: unknown } | undefined)?.item
}

describe('a value beside its name', () => {
  it.each<[what: string, value: object]>([
    ['express-validator 7', { type: 'field', value: CANARY, msg: 'Invalid value', path: 'password', location: 'body' }],
    ['express-validator 6', { value: CANARY, msg: 'Invalid value', param: 'password', location: 'body' }],
    [
      'Joi',
      {
        message: 'too short',
        path: ['user', 'password'],
        context: { label: 'password', value: CANARY, key: 'password' },
      },
    ],
    ['Ajv, verbose', { instancePath: '/user/password', keyword: 'minLength', data: CANARY }],
    ['Zod 4', { code: 'too_small', input: CANARY, path: ['password'], message: 'x' }],
    ['class-validator', { property: 'password', value: CANARY, constraints: { minLength: 'x' } }],
    [
      'Mongoose',
      { path: 'password', value: CANARY, kind: 'minlength', properties: { path: 'password', value: CANARY } },
    ],
    ['Sequelize', { path: 'password', value: CANARY, type: 'Validation error' }],
    ['Yup', { path: 'user.password', params: { path: 'user.password', value: CANARY, originalValue: CANARY } }],
    ['Pydantic', { loc: ['body', 'password'], msg: 'x', type: 'string_too_short', input: CANARY }],
    ['Spring', { field: 'password', rejectedValue: CANARY, defaultMessage: 'x' }],
    ['FluentValidation', { propertyName: 'Password', attemptedValue: CANARY }],
    ['a JSON patch', { op: 'replace', path: '/user/password', value: CANARY }],
    ['a JSON pointer', { pointer: '#/user/password', actual: CANARY }],
    ['a change', { field: 'password', old: CANARY, new: `${CANARY}2` }],
    ['an audit', { attribute: 'api_key', before: CANARY, after: CANARY }],
    ['deep-diff', { kind: 'E', path: ['user', 'password'], lhs: CANARY, rhs: CANARY }],
    ['a change of names', { fieldName: 'password', oldValue: CANARY, newValue: CANARY }],
    ['AWS', { ParameterKey: 'DbPassword', ParameterValue: CANARY }],
    ['AWS options', { OptionName: 'DB_PASSWORD', Value: CANARY }],
    ['a table of settings', { setting_name: 'stripe_secret_key', setting_value: CANARY }],
    ['OpenTelemetry', { key: 'http.request.header.authorization', value: { stringValue: CANARY } }],
    ['HAR', { name: 'Cookie', value: CANARY, comment: '' }],
    ['a form', { id: 'password', type: 'text', value: CANARY }],
    ['a typed input', { type: 'password', value: CANARY }],
    [
      'a Map',
      new Map<string, unknown>([
        ['path', 'password'],
        ['value', CANARY],
      ]),
    ],
    ['brackets', { path: 'users[0].password', value: CANARY }],
    ['k and v', { k: 'X-Api-Key', v: CANARY }],
  ])('is hidden: %s', (_what, value) => {
    expect(JSON.stringify(logged(value))).not.toContain(CANARY)
    expect(JSON.stringify(logged([value]))).not.toContain(CANARY)
    destination.clear()
    log.info('m', value as never)
    log.child(value as never).info('%j', value)
    if (!(value instanceof Map)) expect(destination.lines.join()).not.toContain(CANARY)
  })

  it.each([
    { path: '/reset-password', from: '/login', to: '/home', data: 'shown1' },
    { method: 'POST', path: '/oauth/token', body: 'shown1', response: 'shown1' },
    { name: 'theme', value: 'dark1' },
    { name: 'max_tokens', value: 4096 },
    { key: 'password_policy', value: 'strict1' },
    { field: 'email', old: 'a1', new: 'b2' },
    { id: 7, value: 'shown1', name: 'Ada' },
    { type: 'token', value: 'identifier1' },
    { type: 'field', value: 'shown1', path: 'username' },
    { label: 'Sessions', value: 42 },
    { loc: ['body', 'age'], input: 'shown1' },
    { schemaPath: '#/properties/password/minLength', keyword: 'minLength', data: 'shown1' },
    { user: 'token', text: 'shown1' },
    { kind: 'password', content: 'shown1' },
  ])('stays: %j', (value) => {
    expect(logged(value)).toEqual(value)
  })

  it('keeps what the members beside it say', () => {
    expect(logged({ type: 'field', value: CANARY, msg: 'too short', path: 'password' })).toEqual({
      type: 'field',
      value: HIDDEN,
      msg: 'too short',
      path: 'password',
    })
  })

  it('shows no bytes of a Buffer that became JSON', () => {
    expect(logged(Buffer.from('hunter2').toJSON())).toEqual({ type: 'Buffer', data: '[binary: 7 bytes]' })
    expect(logged({ body: JSON.parse(JSON.stringify(Buffer.from('hunter2'))) })).toEqual({
      body: { type: 'Buffer', data: '[binary: 7 bytes]' },
    })
    expect(logged({ type: 'point', data: [1, 2] })).toEqual({ type: 'point', data: [1, 2] })
  })
})
