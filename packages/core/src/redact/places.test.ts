import { describe, expect, it } from 'vitest'
import { context, createLogger, memory, type RedactOptions } from '../index.js'

function setUp(redact: RedactOptions = {}, more: object = {}) {
  const destination = memory()
  const log = createLogger({ env: {}, service: 's', destination, redact, ...more })
  return { log, destination, text: () => destination.lines.join('\n'), last: () => destination.records.at(-1) ?? {} }
}

describe('a path', () => {
  it.each([
    ['user.email', { user: { email: 'zz9', name: 'n' } }],
    ['user.email', { user: new Map([['email', 'zz9']]) }],
    ['user.email', { user: { toJSON: () => ({ email: 'zz9' }) } }],
    ['items[*].iban', { items: [{ iban: 'zz9' }, { iban: 'zz9' }] }],
    ['items[*].iban', { items: new Set([{ iban: 'zz9' }]) }],
    ['items[1]', { items: ['a', 'zz9'] }],
    ['*.headers', { req: { headers: 'zz9' }, res: { headers: { a: 'zz9' } } }],
    ['*', { a: 'zz9', b: { c: 'zz9' } }],
    ['a["x.y"].z', { a: { 'x.y': { z: 'zz9' } } }],
    ['url.query', { url: { query: 'zz9' } }],
    ['value.deep', { value: { deep: 'zz9' } }],
    ['timestamp', { timestamp: 'zz9' }],
  ])('%s hides what stands there, as a field, in bindings, in the context and interpolated', (path, fields) => {
    const { log, text, destination } = setUp({ defaults: false, paths: [path] })
    log.info('m', fields)
    log.child(fields).info('m')
    context.run(fields, () => log.info('m'))
    log.info('m %j', fields)
    expect(text()).not.toContain('zz9')
    expect(destination.lines).toHaveLength(4)
    expect(log.stats().redacted[path]).toBeGreaterThan(0)
  })

  it.each<[string, object]>([
    ['err.message', { err: new Error('zz9') }],
    ['err.message', { err: { name: 'E', message: 'zz9', stack: 'E: zz9\n at x' } }],
    ['error.message', { error: new Error('zz9') }],
    ['error', { error: new Error('zz9') }],
    ['error.cause', { error: new Error('a', { cause: new Error('zz9') }) }],
    ['error.cause.message', { error: new Error('a', { cause: new Error('zz9') }) }],
    ['error.errors[*].message', { error: new AggregateError([new Error('zz9')], 'a') }],
    ['*.message', { error: new Error('zz9'), err: new Error('zz9') }],
    ['err.cause.message', { err: new Error('a', { cause: new Error('zz9') }) }],
  ])('%s hides it in the stack, the traceback and the message too', (path, fields) => {
    const { log, text } = setUp({ paths: [path] })
    log.error('m', fields as never)
    log.error(fields)
    const { error } = fields as { error?: Error }
    if (error !== undefined) log.error(error)
    expect(text()).not.toContain('zz9')
  })

  it('or key that names the message hides it', () => {
    const byPath = setUp({ paths: ['message'] })
    byPath.log.info('zz9')
    expect(byPath.text()).toContain('"message":"***REDACTED***"')
    const byKey = setUp({ keys: ['message'] })
    byKey.log.info('zz9')
    byKey.log.error(new Error('zz9'))
    byKey.log.error('m', { err: new Error('zz9') })
    expect(byKey.destination.lines).toHaveLength(3)
    expect(byKey.text()).not.toContain('zz9')
  })
})

describe('redaction', () => {
  it('changes nothing that it is given', () => {
    const { log } = setUp({ detect: 'all', paths: ['a.b'] })
    const given = { password: 'zz9', a: { b: 1 }, list: ['token', 'zz9'], text: 'password=zz9' }
    const copy = structuredClone(given)
    log.info('m', given)
    log.child(given).info('m')
    expect(given).toEqual(copy)
  })

  it('looks into URLs and header texts without any detector on', () => {
    const { log, last, text } = setUp()
    log.info('m', {
      url: 'https://u:zz9@h/p?token=zz9&page=2',
      req: { originalUrl: '/reset?access_token=zz9', _header: 'GET / HTTP/1.1\r\nCookie: zz9=zz9\r\nAccept: x\r\n' },
      at: new URL('https://h/?api_key=zz9'),
      referer: `https://h/login?next=${encodeURIComponent('https://h/?token=zz9&page=2')}`,
    })
    expect(text()).not.toContain('zz9')
    expect(last().referer).toBe('https://h/login?next=https%3A%2F%2Fh%2F%3Ftoken%3D***REDACTED***%26page%3D2')
    expect(last().url).toBe('https://***REDACTED***@h/p?token=***REDACTED***&page=2')
  })

  it('looks into them where a path might lead on, too', () => {
    const { log, text } = setUp({ paths: ['*.headers', 'a.url.b', 'a.urls[*].b'] })
    const url = 'https://h/?token=zz9'
    log.info('m', { url, urls: [url], a: { url, urls: [url, { b: 'zz9' }] } })
    log.child({ url }).info('m')
    context.run({ url }, () => log.info('m'))
    expect(text()).not.toContain('zz9')
  })

  it('looks into lists of them as well', () => {
    const { log, text, last } = setUp()
    log.info('m', { urls: ['https://h/?token=zz9&page=2'], headers: ['Authorization: Bearer zz9', 'Accept: */*'] })
    log.info('after', { list: ['token=shown'] })
    expect(text()).not.toContain('zz9')
    expect(last().list).toEqual(['token=shown'])
  })

  it.each(['json', 'ecs', 'gcp', 'otel'] as const)('looks into the query of a path, in %s', (format) => {
    const { log, text, destination } = setUp({}, { format })
    const path = '/reset?token=zz9&page=2'
    log.info('m', { method: 'GET', path, status_code: 200 })
    log.info('m', { request: { path, originalPath: [path, { path }] } })
    log.child({ path }).info('m')
    context.run({ path }, () => log.info('m'))
    log.error('m', { error: Object.assign(new Error('m'), { request: { path, ':path': path } }) })
    log.info('Seen {path}', { path })
    expect(text()).not.toContain('zz9')
    expect(destination.lines).toHaveLength(6)
    expect(text().match(/\/reset\?token=\*\*\*REDACTED\*\*\*&page=2/g)?.length).toBeGreaterThan(5)
  })

  it('leaves a path that has none as it is', () => {
    const { log, destination, last } = setUp()
    const path = '/secret=1/token:abc/users'
    log.info('m', { path, file_path: path, in: { path } })
    expect(last()).toMatchObject({ path, file_path: path, in: { path } })
    expect(destination.lines[0]).not.toContain('REDACTED')
  })

  it('hides secrets that are keys, and gives no key twice', () => {
    const { log, destination } = setUp({ detect: 'all' })
    log.info('m', {
      'amy@example.com': 1,
      'bob@example.com': 2,
      in: new Map([['amy@example.com', { 'bob@example.com': 3 }]]),
    })
    const line = destination.lines[0] ?? ''
    expect(line).not.toContain('@example.com')
    expect(Object.keys(JSON.parse(line)).filter((key) => key.includes('REDACTED'))).toHaveLength(2)
  })

  it('counts by rule and detector, and Log stats lines show the counts', async () => {
    const { log, destination } = setUp({ detect: 'all', keys: ['staff'], paths: ['a.b'] }, { sequence: true })
    log.info('mail amy@example.com and bob@example.com', {
      password: 1,
      userPassword: 2,
      staff: 3,
      a: { b: 4 },
      tokens: 5,
    })
    const expected = { email: 2, password: 2, staff: 1, 'a.b': 1 }
    expect(log.stats().redacted).toEqual(expected)
    await log.close()
    expect(destination.records.at(-1)).toMatchObject({ message: 'Log stats', redacted: expected })
  })

  it('holds for a name longer than any table keeps', () => {
    const { log, text } = setUp()
    log.info('m', { [`${'x'.repeat(5000)}_password`]: 'zz9', [`${'y '.repeat(60)}token`]: 'zz9' })
    expect(text()).not.toContain('zz9')
  })

  it('finds a card that is a number, and leaves other numbers numbers', () => {
    const { log, last } = setUp({ detect: ['creditCard'] })
    log.info('m', { n: 4111111111111111, big: 4111111111111111n, ms: 1705918523120, f: 0.5 })
    expect(last()).toMatchObject({ n: '***REDACTED***', big: '***REDACTED***', ms: 1705918523120, f: 0.5 })
  })

  it('asks only the detectors that are on', () => {
    const { log, last } = setUp({ detect: ['email'] })
    log.info('amy@example.com password=zz9', { a: '4111 1111 1111 1111' })
    expect(last()).toMatchObject({ message: '***REDACTED*** password=zz9', a: '4111 1111 1111 1111' })
  })
})
