import { hostname } from 'node:os'
import { threadId } from 'node:worker_threads'
import { defineEvent } from '@throughline/event'
import { context, createLogger, type FormatName, type Logger, memory } from 'throughline'
import { FORMAT_NAMES } from 'throughline/internal'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

const ids = {
  request_id: 'req-123-abc',
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  span_id: '00f067aa0ba902b7',
}
const env = {
  SERVICE_VERSION: '1.4.2',
  NODE_ENV: 'production',
  POD_NAME: 'api-7d9f',
  POD_NAMESPACE: 'shop',
  GOOGLE_CLOUD_PROJECT: 'shop-1',
}

function failure(): Error {
  const cause = new Error('connect ECONNREFUSED 10.0.0.7:5432')
  cause.stack = 'Error: connect ECONNREFUSED 10.0.0.7:5432\n    at connect (node:net:1:1)'
  const error = Object.assign(new TypeError('Charge failed', { cause }), { code: 'E_CHARGE' })
  error.stack = 'TypeError: Charge failed\n    at charge (charge.js:7:11)'
  return error
}

/** What `@throughline/http` says of a request that has ended. */
const completed = {
  method: 'POST',
  path: '/charges',
  user_agent: 'curl/8.5.0',
  remote_addr: '192.0.2.7',
  route: '/charges',
  status_code: 502,
  response_time_ms: 12.345,
  request_bytes: 48,
  response_bytes: 152,
}

const orderPlaced = defineEvent('order_placed', {
  type: 'object',
  properties: { order_id: { type: 'string' }, amount_cents: { type: 'integer' }, user_id: { type: 'string' } },
  required: ['order_id', 'amount_cents', 'user_id'],
} as const)

const kinds: readonly ((log: Logger) => void)[] = [
  (log) => log.info('Cache miss', { key: 'user:42', ttl_s: 60, user_id: 'user-456' }),
  (log) => log.error('Request failed', { error: failure(), retry_attempt: 2 }),
  (log) => log.info('Request completed', completed),
  (log) => log.emit(orderPlaced, { order_id: 'o-17', amount_cents: 1999, user_id: 'user-456' }),
  (log) => log.child({ table: 'users' }, { name: 'db' }).warn('Slow query', { duration_ms: 1204 }),
]

/** The lines of a format: a line with fields, an error with a cause, a request that ended, a typed event, a child's line. */
function lines(format: FormatName): readonly string[] {
  const destination = memory()
  const log = createLogger({ service: 'api-service', format, destination, env })
  context.run(ids, () => {
    for (const say of kinds) say(log)
  })
  return destination.lines
}

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-01-22T10:15:23.120Z') })
})
afterAll(() => {
  vi.useRealTimers()
})

describe.each(FORMAT_NAMES)('%s', (format) => {
  it('writes each kind of line as its golden file has it', async () => {
    const own = lines(format)
      .join('\n')
      .concat('\n')
      .replaceAll(`"pid":${process.pid},"hostname":${JSON.stringify(hostname())}`, '"pid":4242,"hostname":"api-7d9f"')
      .replaceAll(`"thread.id":${threadId}`, '"thread.id":0')
    await expect(own).toMatchFileSnapshot(`golden/${format}.jsonl`)
  })
})

function records(format: FormatName): readonly Record<string, unknown>[] {
  return lines(format).map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** The fields of these names, wherever they are of another type than the rules have. */
function wrong(
  record: Record<string, unknown>,
  rules: Readonly<Record<string, (value: unknown) => boolean>>,
): string[] {
  return Object.keys(rules).filter((name) => record[name] !== undefined && rules[name]?.(record[name]) !== true)
}

const isText = (value: unknown) => typeof value === 'string'
const isWhole = (value: unknown) => Number.isInteger(value)
const isInt64 = (value: unknown) => typeof value === 'string' && /^\d{1,19}$/.test(value)
const matches = (pattern: RegExp) => (value: unknown) => typeof value === 'string' && pattern.test(value)
const isTime = matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const oneOf =
  (...values: readonly unknown[]) =>
  (value: unknown) =>
    values.includes(value)

describe("a store's published rules hold for each kind of line", () => {
  it('gcp', () => {
    // https://cloud.google.com/logging/docs/structured-logging#structured_logging_special_fields
    const special = {
      time: isTime,
      severity: oneOf('DEFAULT', 'DEBUG', 'INFO', 'NOTICE', 'WARNING', 'ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY'),
      message: isText,
      'logging.googleapis.com/trace': matches(/^projects\/[^/]+\/traces\/[0-9a-f]{32}$/),
      'logging.googleapis.com/spanId': matches(/^[0-9a-f]{16}$/),
    }
    // https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#HttpRequest
    const request = {
      requestMethod: isText,
      requestUrl: isText,
      requestSize: isInt64,
      status: isWhole,
      responseSize: isInt64,
      userAgent: isText,
      remoteIp: isText,
      latency: matches(/^\d+(?:\.\d{1,9})?s$/),
    }
    const all = records('gcp')
    for (const record of all) expect(wrong(record, special)).toEqual([])
    const requests = all.flatMap(({ httpRequest }) => (httpRequest === undefined ? [] : [httpRequest as object]))
    expect(requests).toHaveLength(1)
    expect(Object.keys(requests[0] ?? {}).sort()).toEqual(Object.keys(request).sort())
    expect(wrong(requests[0] as Record<string, unknown>, request)).toEqual([])
    // https://cloud.google.com/error-reporting/docs/formatting-error-messages: a stack as Node prints it, and its service.
    expect(all[1]).toMatchObject({
      stack_trace: expect.stringMatching(/^TypeError: Charge failed\n {4}at /),
      serviceContext: { service: 'api-service', version: '1.4.2' },
    })
  })

  it('otel', () => {
    // https://opentelemetry.io/docs/specs/otel/logs/data-model/#log-and-event-record-definition, and for the ids' names at the
    // top https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/.
    const top = [
      'attributes',
      'body',
      'resource',
      'severity_number',
      'severity_text',
      'span_id',
      'timestamp',
      'trace_id',
    ]
    for (const record of records('otel')) {
      expect(Object.keys(record).sort()).toEqual(top)
      expect(
        wrong(record, {
          timestamp: isTime,
          trace_id: matches(/^[0-9a-f]{32}$/),
          span_id: matches(/^[0-9a-f]{16}$/),
          severity_number: (value) => isWhole(value) && Number(value) >= 1 && Number(value) <= 24,
        }),
      ).toEqual([])
      // https://opentelemetry.io/docs/specs/semconv/registry/attributes/
      const types = { 'http.response.status_code': isWhole, 'exception.stacktrace': isText, 'thread.id': isWhole }
      expect(wrong(record.attributes as Record<string, unknown>, types)).toEqual([])
    }
  })

  it('datadog', () => {
    // https://docs.datadoghq.com/logs/log_configuration/attributes_naming_convention/#default-standard-attribute-list; ids:
    // https://docs.datadoghq.com/tracing/other_telemetry/connect_logs_and_traces/opentelemetry/.
    const rules = {
      timestamp: isTime,
      status: oneOf('emergency', 'alert', 'critical', 'error', 'warning', 'warn', 'notice', 'info', 'debug', 'ok'),
      service: isText,
      message: isText,
      'dd.trace_id': matches(/^\d{1,20}$/),
      'dd.span_id': matches(/^\d{1,20}$/),
      'http.method': isText,
      'http.status_code': isWhole,
      'http.useragent': isText,
      'http.url_details.path': isText,
      'network.client.ip': isText,
      'network.bytes_read': isWhole,
      'network.bytes_written': isWhole,
      duration: isWhole,
      'error.kind': isText,
      'error.message': isText,
      'error.stack': isText,
      'logger.name': isText,
      'usr.id': isText,
      'evt.name': isText,
    }
    const all = records('datadog')
    for (const record of all) expect(wrong(record, rules)).toEqual([])
    // Each rule has a line that it was asked of.
    const seen = new Set(all.flatMap((record) => Object.keys(record)))
    expect(Object.keys(rules).filter((name) => !seen.has(name))).toEqual([])
  })

  it('splunk', () => {
    // https://docs.splunk.com/Documentation/Splunk/latest/Data/FormateventsforHTTPEventCollector#Event_metadata
    const metadata = { time: Number.isFinite, host: isText, source: isText, sourcetype: isText, index: isText }
    for (const record of records('splunk')) {
      const { event, ...rest } = record
      expect(Object.keys(rest).filter((name) => !(name in metadata))).toEqual([])
      expect(wrong(record, metadata)).toEqual([])
      expect(event).toEqual(expect.any(Object))
    }
    // Seconds, with the milliseconds behind the point.
    expect(lines('splunk')[0]).toMatch(/^\{"time":1769076923\.120,/)
  })

  it('cloudwatch', () => {
    // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html: what Lambda filters by.
    const rules = {
      timestamp: isTime,
      level: oneOf('TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'),
      requestId: isText,
      message: isText,
      errorType: isText,
      errorMessage: isText,
    }
    for (const record of records('cloudwatch')) {
      expect(wrong(record, rules)).toEqual([])
      expect(
        Object.keys(rules)
          .slice(0, 4)
          .filter((name) => !(name in record)),
      ).toEqual([])
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html: two hundred fields
      // of a log event are discovered.
      expect(Object.keys(record).length).toBeLessThan(200)
    }
  })
})
