import { describe, expect, it } from 'vitest'
import { capture } from '../../test-support/capture.js'
import type { LoggerOptions } from '../options.js'

type Line = Record<string, unknown> & { readonly err?: Record<string, unknown> }

function logged(error: unknown, options: LoggerOptions = {}, key: 'error' | 'err' = 'error'): Line {
  const { log, lines } = capture(options)
  log.error('failed', { [key]: error })
  return JSON.parse(lines[0] ?? '') as Line
}

const postgres = () =>
  Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: 'Key (id)=(1) exists.',
    constraint: 'users_pkey',
    table: 'users',
  })

describe("an error's own properties", () => {
  it.each<[string, (log: ReturnType<typeof capture>['log'], error: Error) => void]>([
    ['message, error', (log, error) => log.error('failed', error)],
    ['error', (log, error) => log.error(error)],
    ['{ error }', (log, error) => log.error({ error })],
    ['message, { error }', (log, error) => log.error('failed', { error })],
    ['message, error, fields', (log, error) => log.error('failed', error, { a: 1 })],
    ['{ error }, message', (log, error) => log.error({ error }, 'failed')],
  ])('stand under error_details in the form %s', (_form, act) => {
    const { log, lines } = capture()
    act(log, postgres())
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      error: 'duplicate key',
      error_code: '23505',
      error_details: { detail: 'Key (id)=(1) exists.', constraint: 'users_pkey', table: 'users' },
    })
  })

  it('stand beside the facts under another key, and under details where their names are taken', () => {
    const error = Object.assign(postgres(), { type: 'own', details: 'own too' })
    const { err } = logged(error, {}, 'err')
    expect(err).toMatchObject({ type: 'Error', message: 'duplicate key', code: '23505', constraint: 'users_pkey' })
    expect(err?.details).toEqual({ type: 'own', details: 'own too' })
  })

  it('are kept of causes and of members of an AggregateError', () => {
    const cause = Object.assign(new Error('refused'), { port: 5432 })
    const members = [Object.assign(new Error('a'), { address: '::1' }), new Error('b')]
    const error = Object.assign(new AggregateError(members, 'all failed', { cause }), { attempt: 2 })
    expect(logged(error).error_details).toEqual({
      attempt: 2,
      cause: { port: 5432 },
      errors: [{ address: '::1' }, {}],
    })
    const { err } = logged(error, {}, 'err')
    expect(err).toMatchObject({ attempt: 2, cause: { port: 5432 }, errors: [{ address: '::1' }, { message: 'b' }] })
  })

  it('leave no field behind where there are none', () => {
    expect(logged(new Error('x'))).not.toHaveProperty('error_details')
    expect(logged(Object.assign(new Error('x'), { fn: () => {}, nothing: undefined }))).not.toHaveProperty(
      'error_details',
    )
  })

  it('are redacted by name, by path and by detector', () => {
    const error = Object.assign(new Error('x'), {
      config: { headers: { authorization: 'Bearer canary' }, url: 'https://h/?token=canary' },
      password: 'canary',
      iban: 'canary',
      card: '4111 1111 1111 1111',
    })
    const options: LoggerOptions = { redact: { paths: ['error.iban', 'err.iban'], detect: 'all' } }
    for (const key of ['error', 'err'] as const) {
      const text = JSON.stringify(logged(error, options, key))
      expect(text).not.toContain('canary')
      expect(text).not.toContain('4111')
    }
  })

  it('are bounded, and what the error says stays whole', () => {
    const socket: Record<string, unknown> = { buffers: Array.from({ length: 5000 }, (_, i) => `chunk ${i}`) }
    socket.parent = { socket, deep: { deep: { deep: { deep: { deep: 'x' } } } } }
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`p${i}`, i]))
    const cause = new Error('the cause')
    for (const key of ['error', 'err'] as const) {
      const line = logged(
        Object.assign(new Error('huge', { cause }), { request: socket, big: 'x'.repeat(9_000), ...many }),
        {},
        key,
      )
      const text = JSON.stringify(line)
      expect(text.length).toBeLessThan(9_000)
      expect(text).toContain('the cause')
      expect(line).not.toHaveProperty('truncated')
      expect(text).toContain('"big":"[truncated]"')
      expect(text).not.toContain('"p99"')
    }
  })

  it('may be limited or switched off, and a serializer wins', () => {
    expect(logged(postgres(), { errors: { properties: false } })).not.toHaveProperty('error_details')
    expect(logged(postgres(), { errors: { properties: ['table'] } }).error_details).toEqual({ table: 'users' })
    expect(logged(postgres(), { errors: { properties: ['table'] } }, 'err').err).not.toHaveProperty('constraint')
    expect(logged(postgres(), { serializers: { err: () => 'own', error: () => 'own' } }, 'err').err).toBe('own')
    expect(logged(postgres(), { serializers: { error: () => 'own' } }).error).toBe('own')
    expect(() => capture({ errors: { properties: 'all' as never } })).toThrow(
      'createLogger({ errors: { properties } }): got string; accepted: true, false, or an array of names',
    )
  })

  it("give way to the call's own error_details, and never throw", () => {
    const { log, lines } = capture()
    log.error('failed', { error: postgres(), error_details: 'own' })
    log.error('failed', { error_details: 'first', error: postgres() })
    const hostile = Object.defineProperty(new Error('x'), 'bad', {
      enumerable: true,
      get() {
        throw new Error('getter')
      },
    })
    log.error('failed', hostile)
    const records = lines.map((line) => JSON.parse(line) as Line)
    expect(records.map(({ error_details }) => error_details)).toEqual(['own', 'first', { bad: '[unreadable]' }])
  })
})

describe('errors inside errors', () => {
  it('of a SuppressedError are both shown, also where the runtime has no such class', () => {
    const error = Object.assign(new Error('disposal failed'), {
      name: 'SuppressedError',
      error: new TypeError('while disposing'),
      suppressed: Object.assign(new RangeError('the first'), { port: 1 }),
    })
    const line = logged(error)
    expect(line).toMatchObject({ error: 'disposal failed', error_type: 'SuppressedError' })
    expect(line.traceback).toMatch(/Caused by: TypeError: while disposing[\s\S]*Suppressed: RangeError: the first/)
    expect(line.error_details).toEqual({ suppressed: { port: 1 } })
    const { err } = logged(error, {}, 'err')
    expect(err).toMatchObject({ error: { message: 'while disposing' }, suppressed: { message: 'the first', port: 1 } })
  })

  it.each([
    ['a plain object', { status: 503, token: 'canary' }, '{"status":503,"token":"***REDACTED***"}'],
    ['an array', [1, 'two'], '[1,"two"]'],
    ['a Map', new Map([['a', 1]]), '{"a":1}'],
    ['text', 'a reason', 'a reason'],
    ['a number', 7, '7'],
  ])('that are %s are shown as they are under another key', (_kind, cause, shown) => {
    const line = logged(new Error('x', { cause }))
    expect(line.traceback).toContain(`Caused by: ${shown}`)
    expect(JSON.stringify(line)).not.toContain('canary')
  })

  it('speak for an error without a message, as Node makes one for a refused connection', () => {
    const refused = (port: number) => Object.assign(new Error(`connect ECONNREFUSED 127.0.0.1:${port}`), { port })
    const error = Object.assign(new AggregateError([refused(1), refused(2)], ''), { code: 'ECONNREFUSED' })
    expect(logged(error).error).toBe('connect ECONNREFUSED 127.0.0.1:1; connect ECONNREFUSED 127.0.0.1:2')
    expect(logged(Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' })).error).toBe('ECONNREFUSED')
    const { log, lines } = capture()
    log.error(error)
    expect(JSON.parse(lines[0] ?? '').message).toContain('connect ECONNREFUSED 127.0.0.1:1')
  })
})

describe('objects of the web', () => {
  it('say what they are, without their secrets and without their bodies', () => {
    const { log, lines } = capture()
    const response = new Response('canary-body', { status: 503 })
    log.info('seen', {
      request: new Request('https://h/users?token=canary', { method: 'POST', body: 'canary-body' }),
      response,
      file: new File(['canary-body'], 'a.txt', { type: 'text/plain' }),
      blob: new Blob(['xy']),
      signal: AbortSignal.abort('why'),
    })
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      request: { method: 'POST', url: 'https://h/users?token=***REDACTED***' },
      response: { status: 503 },
      file: { name: 'a.txt', size: 11, type: 'text/plain' },
      blob: { size: 2 },
      signal: { aborted: true, reason: 'why' },
    })
    expect(lines[0]).not.toContain('canary')
    expect(response.bodyUsed).toBe(false)
  })
})
