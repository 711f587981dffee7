import { describe, expect, it } from 'vitest'
import { filterOf } from './filter.js'
import { isUnderstood, parseRecord } from './record.js'
import { severityOf } from './severity.js'
import { parseMoment, timeOf } from './time.js'

describe('a record of', () => {
  it('our own passes as it is', () => {
    const line = { timestamp: '2024-01-22T10:15:23.120Z', level: 'INFO', message: 'hello', name: 'x', pid: 1 }
    expect(parseRecord(JSON.stringify(line))).toEqual(line)
  })

  it('pino gets our names', () => {
    const line =
      '{"level":50,"time":1705918523120,"pid":1,"hostname":"h","name":"api","reqId":"req-1","req":{"id":"req-1","method":"GET","url":"/x?y=1"},"res":{"statusCode":500},"responseTime":12,"err":{"type":"TypeError","message":"no","stack":"TypeError: no\\n    at x"},"msg":"request errored"}'
    expect(parseRecord(line)).toEqual({
      timestamp: '2024-01-22T10:15:23.120Z',
      level: 'ERROR',
      service: 'api',
      message: 'request errored',
      request_id: 'req-1',
      method: 'GET',
      path: '/x',
      status_code: 500,
      response_time_ms: 12,
      error: 'no',
      error_type: 'TypeError',
      traceback: 'TypeError: no\n    at x',
    })
  })

  it('bunyan gets our names', () => {
    const line =
      '{"name":"api","hostname":"h","pid":1,"level":40,"msg":"slow","time":"2024-01-22T10:15:23.120Z","v":0,"ms":9,"err":{"name":"E","message":"m"}}'
    expect(parseRecord(line)).toEqual({
      timestamp: '2024-01-22T10:15:23.120Z',
      level: 'WARN',
      service: 'api',
      message: 'slow',
      ms: 9,
      error: 'm',
      error_type: 'E',
    })
  })

  it('a logger that writes levels small and times as seconds is understood', () => {
    expect(parseRecord('{"level":"warn","ts":1705918523.12,"msg":"x"}')).toEqual({
      timestamp: '2024-01-22T10:15:23.120Z',
      level: 'WARN',
      message: 'x',
    })
  })

  it.each(['', '[]', '1', '{', 'null', '{"a":1}x', '{"a":1}{"b":2}'])('%j is none', (text) => {
    expect(parseRecord(text)).toBeUndefined()
  })
})

it.each([
  ['15m', -900_000],
  ['1.5h', -5_400_000],
  ['2024-01-22', Date.UTC(2024, 0, 22)],
  ['2024-01-22T10:15', Date.UTC(2024, 0, 22, 10, 15)],
  ['2024-01-22 10:15:23', Date.UTC(2024, 0, 22, 10, 15, 23)],
  ['2024-01-22T10:15:00+02:00', Date.UTC(2024, 0, 22, 8, 15)],
  ['yesterday', undefined],
  ['2024-99-99', undefined],
])('%s is %s', (text, expected) => {
  expect(parseMoment(text, 0)).toBe(expected)
})

it('lets a record without a level through a level, and none without a time through a span of time', () => {
  expect(filterOf({ severity: 40 })?.({ message: 'x' })).toBe(true)
  expect(filterOf({ severity: 40 })?.({ level: 'INFO' })).toBe(false)
  // A level of pino's that its program has made up.
  expect(filterOf({ severity: 40 })?.({ level: '35' })).toBe(false)
  expect(filterOf({ since: 0 })?.({ message: 'x' })).toBe(false)
  expect(filterOf({ until: 1 })?.({ timestamp: '1970-01-01T00:00:00.000Z' })).toBe(true)
  expect(filterOf({})).toBeUndefined()
})

describe('a record of another logger', () => {
  it.each([
    ['zap', { level: 'warn', ts: 1705918523.12, msg: 'x', caller: 'a.go:1' }],
    ['logrus', { level: 'warning', time: '2024-01-22T10:15:23.120Z', msg: 'x' }],
    ['zerolog with Unix milliseconds', { level: 'warn', time: 1705918523120, message: 'x' }],
    ['slog', { time: '2024-01-22T10:15:23.120Z', level: 'WARN', msg: 'x' }],
    ['python-json-logger', { asctime: '2024-01-22 10:15:23.120Z', levelname: 'WARNING', message: 'x' }],
    ['Serilog', { '@t': '2024-01-22T10:15:23.120Z', '@l': 'Warning', '@m': 'x' }],
    ['logback', { '@timestamp': '2024-01-22T10:15:23.120Z', level: 'WARN', message: 'x', '@version': '1' }],
    ['microseconds since the epoch', { level: 'warn', ts: 1705918523120000, msg: 'x' }],
    ['nanoseconds as text', { level: 'warn', ts: '1705918523120000000', msg: 'x' }],
  ])('%s is understood', (_, fields) => {
    const record = parseRecord(JSON.stringify(fields)) ?? {}
    expect(isUnderstood(record)).toBe(true)
    expect(timeOf(record.timestamp)).toBe(1705918523120)
    expect(severityOf(record.level)).toBe(40)
    expect(record.message).toBe('x')
  })

  it('keeps every field that is not its time, level or message', () => {
    const fields = { level: 'info', time: 1705918523120, msg: 'x', ts: 'y', message: 'z', date: 1, severity: 2 }
    expect(parseRecord(JSON.stringify(fields))).toMatchObject({ message: 'z', msg: 'x', ts: 'y', date: 1, severity: 2 })
  })

  it.each(['constructor', '__proto__', 'toString', ''])('has no severity for the level %j', (level) =>
    expect(severityOf(level)).toBeUndefined(),
  )

  it('says nothing of itself without a time and a level', () => {
    for (const fields of [
      { a: 1 },
      { level: 'info' },
      { time: 1 },
      { level: 'loud', time: 1 },
      { level: 30, time: 'never' },
    ])
      expect(isUnderstood(parseRecord(JSON.stringify(fields)) ?? {})).toBe(false)
  })
})
