import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { repeatedNames } from '../../test-support/repeated-names.js'
import {
  context,
  createLogger,
  type Format,
  type FormatName,
  type Logger,
  type LoggerOptions,
  memory,
} from '../index.js'
import { FORMAT_NAMES } from './formats.js'

const env = {}

function logTo(options: LoggerOptions) {
  const destination = memory()
  return { destination, log: createLogger({ service: 'api', env, destination, ...options }) }
}

const targets: Readonly<Record<FormatName, readonly string[]>> = {
  json: [],
  ecs: ['@timestamp', 'log.level', 'ecs.version', 'service.name', 'trace.id', 'http.request.method', 'event.duration'],
  otel: ['resource', 'attributes', 'body', 'severity_text', 'severity_number', 'exception.message', 'url.path'],
  gcp: ['time', 'severity', 'serviceContext', 'logging.googleapis.com/trace', 'stack_trace', 'httpRequest'],
  datadog: ['status', 'dd.trace_id', 'dd.env', 'error.stack', 'duration', 'ddsource'],
  splunk: ['severity', 'host', 'source', 'sourcetype', 'time', 'event'],
  cloudwatch: ['requestId', 'errorMessage', 'stackTrace', '_aws'],
  pino: ['time', 'msg', 'pid', 'hostname', 'err', 'responseTime'],
}

const ours = ['timestamp', 'level', 'message', 'service', 'request_id', 'trace_id', 'span_id', 'error', 'traceback']
const more = [
  'method',
  'path',
  'status_code',
  'host',
  'response_time_ms',
  'pod',
  'version',
  'log_type',
  'event',
  'seq',
  'field_time',
  'field_trace_id',
  'field_field_trace_id',
  'field_log_type',
]

describe.each(Object.entries(targets))('%s', (format, names) => {
  const name = format as FormatName

  it('never has a name twice, whatever the fields of call, logger and context are called', () => {
    const key = fc.constantFrom(...names, ...names.map((one) => `field_${one}`), ...ours, ...more)
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.dictionary(key, fc.string()))
    const fields = fc.dictionary(key, value)
    const property = fc.property(fields, fields, fields, fc.boolean(), (own, bindings, around, isAudit) => {
      const { destination, log } = logTo({ format: name, fields: bindings, sequence: true })
      context.run(around, () => log.child(bindings)[isAudit ? 'audit' : 'error']('said', own))
      const [line = ''] = destination.lines
      expect(() => JSON.parse(line)).not.toThrow()
      expect(repeatedNames(line)).toEqual([])
    })
    fc.assert(property, { numRuns: 300 })
  })

  it("keeps a call's field of a taken name under field_<name>, where the two would collide", () => {
    const { destination, log } = logTo({ format: name })
    log.info('said', Object.fromEntries(names.map((one) => [one, `own ${one}`])))
    const values = JSON.stringify(destination.records[0])
    for (const one of names) expect(values).toContain(`"own ${one}"`)
  })

  it('fits its budget with what it requires untouched, and says what was cut', () => {
    const { destination, log } = logTo({ format: name, maxLineBytes: 1024, sequence: true })
    log.info('m'.repeat(4000), { long: 'x'.repeat(4000), other: Array.from({ length: 500 }, (_, i) => i) })
    log.info('after', { fine: 1 })
    const [line = '', after = ''] = destination.lines
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(1024)
    const record = JSON.parse(line) as Record<string, unknown>
    const inner = (record.attributes ?? (format === 'splunk' ? record.event : record)) as Record<string, unknown>
    expect(inner.truncated).toEqual(expect.arrayContaining(['long']))
    expect(inner.seq).toBe(1)
    // The same names but for the one that says what was cut.
    const required = Object.keys(JSON.parse(after) as object).filter((key) => key !== 'fine')
    expect(Object.keys(record)).toEqual(expect.arrayContaining(required))
  })

  it('hides secrets', () => {
    const { destination, log } = logTo({ format: name, redact: { paths: ['user.email'] }, fields: { token: 'canary' } })
    context.run({ api_key: 'canary' }, () => {
      log.info('said', { password: 'canary', user: { email: 'canary' }, error: { secret: 'canary' } })
    })
    expect(destination.lines.join()).not.toContain('canary')
  })

  it('writes a held line as any other, with its rate', async () => {
    const { destination, log } = logTo({ format: name, sampling: { success: 1 } })
    await log.operation('job', async () => log.info('inside', { a: { b: 1 } }))
    expect(destination.records.length).toBeGreaterThan(0)
    for (const line of destination.lines) expect(repeatedNames(line)).toEqual([])
  })
})

it("writes bound fields, the call's fields and an audit line's type in the object that a store's format has for them", () => {
  const { destination, log } = logTo({ format: 'splunk', sequence: true })
  log.info('none')
  log.info('one', { a: 1 })
  log.child({ b: 2 }).info('bound', { a: 1 })
  log.audit('audited', { a: 1 })
  log.info('a "quoted" message', { a: 1 })
  expect(destination.records).toMatchObject([
    { event: { message: 'none', seq: 1 } },
    { event: { message: 'one', a: 1, seq: 2 } },
    { event: { message: 'bound', b: 2, a: 1, seq: 3 } },
    { event: { message: 'audited', log_type: 'audit', a: 1, seq: 4 } },
    { event: { message: 'a "quoted" message', a: 1, seq: 5 } },
  ])
})

it('has the fields of a call behind a message that is first, and behind them what is bound', () => {
  const order = (act: (log: Logger) => void, options: LoggerOptions = {}) => {
    const { destination, log } = logTo({ format: 'ecs', ...options })
    act(log)
    const [line = ''] = destination.lines
    expect(repeatedNames(line)).toEqual([])
    const [timestamp, level, ...rest] = Object.entries(JSON.parse(line) as object)
    expect([timestamp?.[0], level?.[0]]).toEqual(['@timestamp', 'log.level'])
    return Object.fromEntries(rest)
  }
  const said = { message: 'said' }
  const service = { 'ecs.version': '8.10.0', 'event.dataset': 'api', 'service.name': 'api' }
  const cases: [(log: Logger) => void, object][] = [
    [(log) => log.info('said'), { ...said, ...service }],
    [(log) => log.info('said', {}), { ...said, ...service }],
    [(log) => log.info('said', { a: 'text' }), { ...said, a: 'text', ...service }],
    [(log) => log.info('said', { a: 'text', b: 1 }), { ...said, a: 'text', b: 1, ...service }],
    [(log) => log.info('"said"\n', { a: 1 }), { message: '"said"\n', a: 1, ...service }],
    [(log) => log.info('said', { method: 'GET' }), { ...said, 'http.request.method': 'GET', ...service }],
    [(log) => log.child({ b: 2 }).info('said', { a: 'text' }), { ...said, a: 'text', ...service, b: 2 }],
    [(log) => log.child({ b: 2, c: 3 }).info('said', { b: 'own' }), { ...said, b: 'own', ...service, c: 3 }],
    [(log) => log.child({ b: 2 }).info('"', { b: [1] }), { message: '"', b: [1], ...service }],
    [(log) => context.run({ a: 'x' }, () => log.info('said', { b: 2 })), { ...said, b: 2, ...service, a: 'x' }],
    [(log) => context.run({ a: 'x' }, () => log.info('said', { a: 2 })), { ...said, a: 2, ...service }],
    [(log) => log.audit('said', { a: 1 }), { ...said, a: 1, log_type: 'audit', ...service }],
    [(log) => log.child({ b: 2 }).audit('said', { b: 'own' }), { ...said, b: 'own', log_type: 'audit', ...service }],
  ]
  for (const [act, expected] of cases) {
    expect(JSON.stringify(order(act))).toBe(JSON.stringify(expected))
    const { boot_id, ...numbered } = order(act, { sequence: true })
    expect(boot_id).toBeTypeOf('string')
    expect(JSON.stringify(numbered)).toBe(JSON.stringify({ ...expected, seq: 1 }))
  }
})

it('puts an id that the call gives where the ids of the format stand', () => {
  const { destination, log } = logTo({ format: 'otel' })
  log.info('said', { trace_id: 'a'.repeat(32), user_id: 1 })
  expect(destination.records[0]).toMatchObject({ trace_id: 'a'.repeat(32), attributes: { 'user.id': 1 } })
})

describe('an object that a format has for some fields of a call', () => {
  const ended = { method: 'GET', path: '/a', status_code: 200 }
  const gcp = (fields: object, options: LoggerOptions = {}) => {
    const { destination, log } = logTo({ format: 'gcp', ...options })
    log.info('said', fields as never)
    expect(repeatedNames(destination.lines[0] ?? '')).toEqual([])
    return destination.records[0] ?? {}
  }

  it('holds what is there, in the order of the call', () => {
    const record = gcp({ ...ended, user_id: 1, response_time_ms: 0.0005, response_bytes: undefined })
    expect(record).toMatchObject({ user_id: 1 })
    expect(record.httpRequest).toEqual({ requestMethod: 'GET', requestUrl: '/a', status: 200, latency: '0.0000005s' })
    expect(record).not.toHaveProperty('method')
  })

  it('says in seconds what is given in milliseconds, to the microsecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_600_000_000 }), (micros) => {
        const { httpRequest } = gcp({ ...ended, response_time_ms: micros / 1000 })
        const { latency } = httpRequest as { readonly latency: string }
        expect(latency).toMatch(/^\d+(?:\.\d{1,9})?s$/)
        expect(Math.round(Number.parseFloat(latency) * 1e6)).toBe(micros)
      }),
    )
  })

  it('is valid JSON whatever stands where a number is expected', () => {
    const given = fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.anything())
    fc.assert(
      fc.property(given, given, (time, bytes) => {
        const record = gcp({ ...ended, response_time_ms: time, request_bytes: bytes })
        expect(record.httpRequest).toMatchObject({ status: 200 })
      }),
    )
  })

  it('is not for a call that lacks what it needs, nor for one that it is not for', () => {
    expect(gcp({ method: 'GET', path: '/a' })).toMatchObject({ method: 'GET', path: '/a' })
    const outgoing = { ...ended, host: 'db:80', response_time_ms: 3 }
    expect(gcp(outgoing)).toMatchObject(outgoing)
    expect(gcp({ ...ended, status_code: undefined })).not.toHaveProperty('httpRequest')
  })

  it('stands in place of what a logger has under these names, and leaves a field of its own name beside it', () => {
    const record = gcp({ ...ended, httpRequest: 'mine' }, { fields: { method: 'POST', status_code: 1 } })
    expect(record).toMatchObject({ httpRequest: { requestMethod: 'GET', status: 200 }, field_httpRequest: 'mine' })
    expect(record).not.toHaveProperty('method')
    expect(record).not.toHaveProperty('status_code')
  })

  it('hides what redaction names, by our names', () => {
    const fields = { ...ended, user_agent: 'canary', remote_addr: 'canary' }
    const record = gcp(fields, { redact: { keys: ['user_agent'], paths: ['remote_addr'] } })
    expect(record.httpRequest).toMatchObject({ userAgent: '***REDACTED***', remoteIp: '***REDACTED***' })
  })

  it('survives fields that cannot be read', () => {
    const fields = Object.defineProperty({ ...ended }, 'path', {
      enumerable: true,
      get: () => {
        throw new Error('no')
      },
    })
    expect(gcp(fields)).toMatchObject({ httpRequest: { requestUrl: '[unreadable]', status: 200 } })
    const { method, status_code } = gcp({ ...ended, latency: Number.NaN, response_time_ms: Number.NaN })
    expect([method, status_code]).toEqual([undefined, undefined])
  })
})

describe('LOG_FORMAT', () => {
  it.each(FORMAT_NAMES)('takes %s, over the option', (name) => {
    const one = logTo({ format: name })
    const other = logTo({ format: 'json', env: { LOG_FORMAT: name } })
    one.log.info('said')
    other.log.info('said')
    const keys = (line?: string) => Object.keys(JSON.parse(line ?? '') as object)
    expect(keys(other.destination.lines[0])).toEqual(keys(one.destination.lines[0]))
  })

  it('does not hide that the option is wrong', () => {
    const options = { format: 'xml', env: { LOG_FORMAT: 'ecs' } } as unknown as LoggerOptions
    expect(() => createLogger(options)).toThrow('createLogger({ format }): got "xml"; accepted: json, ecs, otel')
  })
})

describe('a format of its own', () => {
  const own: Format = {
    names: { timestamp: 'ts', level: 'lvl', message: 'text', response_time_ms: 'seconds' },
    levels: { warn: 'careful' },
    timestamp: 'epoch_s',
    constants: { team: 'payments' },
    values: { response_time_ms: (ms) => Number(ms) / 1000 },
  }

  it('renames, converts and adds', () => {
    const { destination, log } = logTo({ format: own })
    log.warn('slow', { response_time_ms: 1500, team: 'mine', ts: 1 })
    const [record] = destination.records
    expect(record).toMatchObject({ lvl: 'careful', team: 'payments', service: 'api', text: 'slow', seconds: 1.5 })
    expect(record).toMatchObject({ field_team: 'mine', field_ts: 1 })
    expect(destination.lines[0]).toMatch(/^\{"ts":\d{10}\.\d{3},"lvl":/)
  })

  it('leaves a value as it is when its conversion throws', () => {
    const format = { names: {}, values: { a: () => BigInt('no') as unknown as number } }
    const { destination, log } = logTo({ format })
    log.info('said', { a: 'text' })
    expect(destination.records[0]).toMatchObject({ a: 'text' })
  })

  it('redacts what a conversion returns', () => {
    const values = { note: () => 'Bearer abcdefghijklmnopqrstuvwxyz0123456789' }
    const { destination, log } = logTo({ format: { names: {}, values }, redact: { detect: 'all' } })
    log.info('said', { note: 'x' })
    expect(destination.lines[0]).not.toContain('abcdefghijklmnopqrstuvwxyz0123456789')
  })

  it.each([
    [null, 'createLogger({ format }): got null'],
    [{ names: { message: '' } }, 'createLogger({ format: { names.message } }): got an empty string'],
    [{ names: { message: 'level' } }, '"level" for both level and message'],
    [{ names: { a: 'x', b: 'x' } }, '"x" for both a and b'],
    [{ names: {}, constants: { service: 1 } }, undefined],
    [{ names: { a: 'team' }, constants: { team: 1 } }, '"team" for both a and team'],
    [{ names: {}, timestamp: 'now' }, 'createLogger({ format: { timestamp } }): got "now"; accepted: iso'],
    [{ names: {}, levels: { verbose: 1 } }, 'createLogger({ format: { levels } }): got "verbose"; accepted: trace'],
    [{ names: {}, within: { name: 'data' } }, 'createLogger({ format: { within } }): got unknown; accepted: names'],
    [{ names: {}, color: true }, 'createLogger({ format: { color } }): got unknown; accepted: names'],
    [{ names: {}, values: { a: 1 } }, 'createLogger({ format: { values.a } }): got number; accepted: a function'],
  ])('%j is refused with a reason, or is none to refuse', (format, reason) => {
    const make = () => createLogger({ service: 's', destination: memory(), env, format: format as Format })
    if (reason === undefined) expect(make).not.toThrow()
    else expect(make).toThrow(reason)
  })
})
