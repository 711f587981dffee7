import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { context, createLogger, type FormatName, memory } from '../index.js'
import { readFormat } from './read-format.js'

type Line = Record<string, unknown>

const golden = (format: string): Line[] =>
  readFileSync(join(import.meta.dirname, 'golden', `${format}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

/** What a format keeps apart from our line: it stands on the line in another way, or on every line. */
const ELSEWHERE = ['seq', 'boot_id']
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
    const ours = golden('json')
    for (const [i, line] of golden(format).entries()) {
      const expected: Line = { ...ours[i] }
      for (const name of ELSEWHERE) delete expected[name]
      if (format === 'datadog' && expected.trace_id !== undefined)
        expected.trace_id = BigInt(`0x${String(expected.trace_id).slice(-16)}`).toString()
      const read = { ...(readFormat(line) ?? line) }
      expect(read).toMatchObject(expected)
      expect(Object.keys(read).filter((name) => !(name in expected))).toEqual([])
    }
  })

  it.each(['ecs', 'datadog'] as const)('%s is the same where the store has made objects of its names', (format) => {
    for (const line of golden(format)) expect(readFormat(nested(line))).toEqual(readFormat(line))
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
