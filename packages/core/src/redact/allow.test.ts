import { describe, expect, it } from 'vitest'
import { context, createLogger, memory, type RedactOptions } from '../index.js'

const HIDDEN = '***REDACTED***'

function logged(fields: object, redact: RedactOptions, env: Record<string, string> = {}): Record<string, unknown> {
  const destination = memory()
  createLogger({ env, service: 's', destination, redact }).info('m', fields as never)
  return destination.records[0] ?? {}
}

describe('redact.allow', () => {
  it('shows a key as a whole, however it is written, and no other that ends in it', () => {
    const allow = ['session_id', 'pin']
    expect(logged({ sessionId: 'a1', 'SESSION-ID': 'b2', user_session_id: 'c3', pin: 4711 }, { allow })).toMatchObject({
      sessionId: 'a1',
      'SESSION-ID': 'b2',
      user_session_id: HIDDEN,
      pin: 4711,
    })
    expect(
      logged({ in: [{ pin: 1 }, ['pin', 2], { name: 'pin', value: 3 }], url: '/?pin=4&token=x' }, { allow }),
    ).toMatchObject({
      in: [{ pin: 1 }, ['pin', 2], { name: 'pin', value: 3 }],
      url: `/?pin=4&token=${HIDDEN}`,
    })
  })

  it('shows a place, also what is beside, below and in text there', () => {
    const allow = ['order.pin', 'rows[*].token', 'params.*.value']
    expect(
      logged(
        {
          order: { pin: 1, token: 't' },
          pin: 2,
          rows: [{ token: 'a1', pin: 3 }],
          params: [{ name: 'token', value: 'b2' }],
        },
        { allow },
      ),
    ).toMatchObject({
      order: { pin: 1, token: HIDDEN },
      pin: HIDDEN,
      rows: [{ token: 'a1', pin: HIDDEN }],
      params: [{ name: 'token', value: 'b2' }],
    })
  })

  it('keeps the detectors from a text or a number, and the names in an object hold', () => {
    const redact: RedactOptions = { detect: 'all', allow: ['ean', 'contact.mail', 'token'] }
    expect(
      logged(
        { ean: 4111111111111111, mail: 'ada@example.org', contact: { mail: 'ada@example.org' }, token: { pin: 5 } },
        redact,
      ),
    ).toMatchObject({
      ean: 4111111111111111,
      mail: HIDDEN,
      contact: { mail: 'ada@example.org' },
      token: { pin: HIDDEN },
    })
  })

  it('is weaker than keys and paths', () => {
    expect(logged({ pin: 1, a: { b: 2 } }, { allow: ['pin', 'a.b'], keys: ['pin'], paths: ['a.b'] })).toMatchObject({
      pin: HIDDEN,
      a: { b: HIDDEN },
    })
  })

  it('holds for bindings and the context', () => {
    const destination = memory()
    const log = createLogger({ env: {}, service: 's', destination, redact: { allow: ['session_id', 'a.pin'] } })
    log.child({ session_id: 'a1', a: { pin: 1 } }).info('m')
    context.run({ session_id: 'a1' }, () => log.info('m'))
    expect(destination.records[0]).toMatchObject({ session_id: 'a1', a: { pin: 1 } })
    expect(destination.records[1]).toMatchObject({ session_id: 'a1' })
  })
})

describe('redact.explain', () => {
  const given = {
    password: 'x',
    staff_no: 's',
    a: { b: 1 },
    mail: 'ada@example.org',
    url: '/?token=x',
    item: { path: 'api_key', value: 'k' },
  }
  const redact: RedactOptions = { keys: ['staffNo'], paths: ['a.b'], detect: ['email'] }

  it.each<[string, RedactOptions, Record<string, string>]>([
    ['the option', { ...redact, explain: true }, {}],
    ['the environment', redact, { LOG_EXPLAIN_REDACTION: 'true' }],
  ])('says behind each value which rule has hidden it, by %s', (_way, options, env) => {
    expect(logged(given, options, env)).toMatchObject({
      password: `${HIDDEN} (name password)`,
      staff_no: `${HIDDEN} (key staffno)`,
      a: { b: `${HIDDEN} (path a.b)` },
      mail: `${HIDDEN} (detector email)`,
      url: `/?token=${HIDDEN} (detector url)`,
      item: { path: 'api_key', value: `${HIDDEN} (name apikey)` },
    })
  })

  it('keeps every censor, and the environment switches it off', () => {
    expect(logged(given, { ...redact, explain: true, censor: 'mask' }).password).toBe('**** (name password)')
    expect(logged(given, { ...redact, explain: true, censor: 'remove' }).password).toBe(`${HIDDEN} (name password)`)
    expect(logged(given, { ...redact, explain: true }, { LOG_EXPLAIN_REDACTION: 'false' }).password).toBe(HIDDEN)
  })
})

it('a key that looks like a path matches a key of that whole name only', () => {
  const fields = { 'user.email': 'a', user: { email: 'b' } }
  const expected = { 'user.email': HIDDEN, user: { email: 'b' } }
  expect(logged(fields, { keys: ['user.email'] })).toMatchObject(expected)
  expect(logged(fields, {}, { LOG_REDACT_KEYS: 'user.email' })).toMatchObject(expected)
})

describe('a name of the line’s format', () => {
  const inFormat = (format: 'pino' | 'ecs', paths: readonly string[], fields: object, message = 'zz9') => {
    const destination = memory()
    createLogger({ env: {}, service: 's', destination, format, redact: { paths } }).error(message, fields as never)
    return destination.records[0] ?? {}
  }

  it('begins a path as ours does', () => {
    expect(inFormat('pino', ['msg'], {}).msg).toBe(HIDDEN)
    expect(inFormat('pino', ['message'], {}).msg).toBe(HIDDEN)
    expect(JSON.stringify(inFormat('pino', ['responseTime'], { response_time_ms: 77 }))).not.toContain('77')
  })

  it('keeps an alias what it means', () => {
    const fields = { err: { message: 'm', config: { headers: { authorization: 'zz9', accept: '*/*' } } } }
    const line = inFormat('pino', ['err.config.headers.authorization'], fields, 'm')
    expect(line).not.toHaveProperty('field_err')
    expect(line.err).toMatchObject({ config: { headers: { authorization: HIDDEN, accept: '*/*' } } })
    const error = inFormat('pino', ['err.message'], { err: new Error('zz9') }, 'm')
    expect(JSON.stringify(error)).not.toContain('zz9')
    expect(error.err).toMatchObject({ type: 'Error', message: HIDDEN })
  })
})

describe('an error whose type is hidden', () => {
  class Zz9Error extends Error {}

  it.each<[redact: RedactOptions, key: string]>([
    [{ paths: ['error.type'] }, 'error'],
    [{ paths: ['error.name'] }, 'error'],
    [{ paths: ['err.type'] }, 'err'],
    [{ paths: ['err.name'] }, 'err'],
    [{ keys: ['name'] }, 'error'],
    [{ keys: ['name'] }, 'err'],
    [{ keys: ['type'] }, 'err'],
    [{ paths: ['a.err.name'] }, 'a'],
  ])('%j does not stand in its stack: %s', (redact, key) => {
    const error = new Zz9Error('m')
    error.name = 'Zz9Error'
    const destination = memory()
    const log = createLogger({ env: {}, service: 's', destination, redact })
    log.error('m', { [key]: key === 'a' ? { err: error } : error })
    expect(destination.lines[0]).not.toContain('Zz9Error')
    expect(destination.lines[0]).toContain(HIDDEN)
    expect(Object.values(log.stats().redacted)).not.toContain(4)
  })
})
