import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { context, createLogger, type FormatName, memory } from '../index.js'
import { readFormat } from './read-format.js'

type Line = Record<string, unknown>

const ENV = { SERVICE_VERSION: '1.4.2', NODE_ENV: 'production', POD_NAME: 'api-7d9f', GOOGLE_CLOUD_PROJECT: 'shop-1' }
const TIMES = ['timestamp', '@timestamp', 'time']

/** What a logger of a format writes: an event, a failure, and a request that ended. Without its own times, which differ. */
function linesOf(format: FormatName): Line[] {
  const destination = memory()
  const log = createLogger({ service: 'api-service', name: 'db', format, destination, env: ENV })
  const ids = { request_id: 'req-1', trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', span_id: '00f067aa0ba902b7' }
  const error = Object.assign(new TypeError('no'), { stack: 'TypeError: no\n    at x.js:1:1', code: 'E_NO' })
  context.run({ ...ids, user_id: 'user-456' }, () => {
    log.info('Cache miss', { key: 'user:42', ttl_s: 60, nested: { a: [1] } })
    log.error('Request failed', { error, retry_attempt: 2 })
    const request = { method: 'POST', path: '/charges', user_agent: 'curl/8', remote_addr: '192.0.2.7' }
    const answer = { status_code: 502, response_time_ms: 12.345, request_bytes: 48, response_bytes: 152 }
    log.warn('Request completed', { ...request, ...answer, route: '/charges' })
  })
  return destination.lines.map((line) => JSON.parse(line))
}

/** A line without its time, which is known to be readable. */
function timeless(line: Line): Line {
  expect(Number.isNaN(Date.parse(String(line.timestamp)))).toBe(false)
  return Object.fromEntries(Object.entries(line).filter(([name]) => !TIMES.includes(name)))
}

const STORES = ['ecs', 'otel', 'gcp', 'datadog', 'splunk', 'cloudwatch'] as const

/** Nested as a store makes objects of names with dots. */
function nested(line: Line): Line {
  const object: Line = {}
  for (const [name, value] of Object.entries(line)) {
    const parts = name.split('.')
    let at = object
    for (const part of parts.slice(0, -1)) {
      at[part] ??= {}
      at = at[part] as Line
    }
    at[parts.at(-1) as string] = value
  }
  return object
}

function written(format: FormatName, fields: Line, level: 'debug' | 'warn' | 'error' | 'fatal'): Line {
  const destination = memory()
  const log = createLogger({ service: 'api', level: 'trace', format, destination, env: {} })
  const ids = { request_id: 'r-1', trace_id: 'a'.repeat(32), span_id: '00f067aa0ba902b7' }
  context.run(ids, () => log[level]('said', fields))
  return JSON.parse(destination.lines[0] ?? '{}')
}

describe('a line read from', () => {
  it.each(STORES)('%s is what json has', (format) => {
    const ours = linesOf('json')
    for (const [i, line] of linesOf(format).entries()) {
      const expected = timeless(ours[i] ?? {})
      if (format === 'datadog') expected.trace_id = BigInt(`0x${String(expected.trace_id).slice(-16)}`).toString()
      expect(timeless(readFormat(line) ?? line)).toEqual(expected)
    }
  })

  it.each(['ecs', 'datadog'] as const)('%s is the same where the store has made objects of its names', (format) => {
    for (const line of linesOf(format)) expect(readFormat(nested(line))).toEqual(readFormat(line))
  })

  it.each(STORES)('%s has every field back, whatever was measured', (format) => {
    fc.assert(
      fc.property(
        fc.record({
          method: fc.constantFrom('GET', 'POST'),
          path: fc.webPath(),
          route: fc.constant('/x'),
          status_code: fc.integer({ min: 100, max: 599 }),
          response_time_ms: fc.integer({ min: 0, max: 1e9 }).map((us) => us / 1000),
          request_bytes: fc.nat(),
          response_bytes: fc.nat(),
          user_agent: fc.constant('curl/8'),
          user_id: fc.string({ minLength: 1, maxLength: 5, unit: fc.constantFrom('a', 'b') }),
          retries: fc.nat(),
          nested: fc.constant({ a: { b: [1, 'x'] } }),
        }),
        fc.constantFrom('debug' as const, 'warn' as const, 'error' as const, 'fatal' as const),
        (fields, level) => {
          const expected = { ...fields, message: 'said', level: level.toUpperCase(), service: 'api', request_id: 'r-1' }
          expect(readFormat(written(format, fields, level))).toMatchObject({ ...expected, span_id: '00f067aa0ba902b7' })
        },
      ),
      { numRuns: 50 },
    )
  })

  it.each([
    {},
    { message: 'x' },
    { timestamp: '2024-01-22T10:15:23.120Z', level: 'INFO', message: 'ours' },
    { timestamp: '2024-01-22T10:15:23.120Z', status: 'shipped', message: 'an order, not Datadog' },
    { time: 'never', severity: 'INFO', message: 'x' },
    { time: 1, event: 'login', host: 'h' },
    { time: 1, event: { severity: {}, message: 'x' } },
    { level: 30, time: 1705918523120, msg: 'pino' },
  ])('anything else is not: %j', (line) => expect(readFormat(line)).toBeUndefined())
})
