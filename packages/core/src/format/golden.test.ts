import { hostname } from 'node:os'
import { threadId } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { context, createLogger, type FormatName, memory } from '../index.js'

const ids = {
  request_id: 'req-123-abc',
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  span_id: '00f067aa0ba902b7',
}
const env = { SERVICE_VERSION: '1.4.2', NODE_ENV: 'production', POD_NAME: 'api-7d9f' }

function failure(): Error {
  const error = new TypeError('connect ECONNREFUSED')
  error.stack = 'TypeError: connect ECONNREFUSED\n    at connect (db.js:1:1)'
  return error
}

/** The line of one call in a format, and the time on it as the format writes it. */
function line(format: FormatName, time: RegExp): readonly [line: string, time: string] {
  const destination = memory()
  const before = Date.now()
  const log = createLogger({ service: 'api-service', name: 'db', format, destination, env })
  context.run(ids, () => {
    const fields = { error: failure(), method: 'GET', path: '/users', status_code: 500, response_time_ms: 12.345 }
    log.error('Database connection failed', { ...fields, user_id: 'user-456' })
  })
  const [text = ''] = destination.lines
  const written = time.exec(text)?.[1] ?? ''
  const ms = format === 'splunk' ? Number(written) * 1000 : format === 'pino' ? Number(written) : Date.parse(written)
  expect(ms).toBeGreaterThanOrEqual(before)
  expect(ms).toBeLessThanOrEqual(Date.now())
  return [text.trimEnd(), written]
}

const stack = '"TypeError: connect ECONNREFUSED\\n    at connect (db.js:1:1)"'

// The rules are named in each format's own file. docs/reference/formats.md shows these lines.
describe('a golden line', () => {
  it('of json is the contract', () => {
    const [text, time] = line('json', /"timestamp":"([^"]+)"/)
    expect(text).toBe(
      `{"timestamp":"${time}","level":"ERROR","service":"api-service","version":"1.4.2","environment":"production","pod":"api-7d9f","logger":"db","request_id":"req-123-abc","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7","message":"Database connection failed","error":"connect ECONNREFUSED","error_type":"TypeError","traceback":${stack},"method":"GET","path":"/users","status_code":500,"response_time_ms":12.345,"user_id":"user-456"}`,
    )
  })

  it('of ecs has the three first fields in their order, dotted names, and the fields of the call before those that are bound', () => {
    const [text, time] = line('ecs', /"@timestamp":"([^"]+)"/)
    expect(text).toBe(
      `{"@timestamp":"${time}","log.level":"ERROR","message":"Database connection failed","error.message":"connect ECONNREFUSED","error.type":"TypeError","error.stack_trace":${stack},"http.request.method":"GET","url.path":"/users","http.response.status_code":500,"event.duration":12345000,"user.id":"user-456","ecs.version":"8.10.0","event.dataset":"api-service","service.name":"api-service","service.version":"1.4.2","service.environment":"production","kubernetes.pod.name":"api-7d9f","log.logger":"db","http.request.id":"req-123-abc","trace.id":"4bf92f3577b34da6a3ce929d0e0e4736","span.id":"00f067aa0ba902b7"}`,
    )
  })

  it('of otel has the fields of the log data model, everything else under attributes', () => {
    const [text, time] = line('otel', /"timestamp":"([^"]+)"/)
    expect(text).toBe(
      `{"timestamp":"${time}","resource":{"service.name":"api-service","service.version":"1.4.2","deployment.environment.name":"production","k8s.pod.name":"api-7d9f"},"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7","severity_text":"ERROR","severity_number":17,"body":"Database connection failed","attributes":{"thread.id":${threadId},"logger":"db","request_id":"req-123-abc","exception.message":"connect ECONNREFUSED","exception.type":"TypeError","exception.stacktrace":${stack},"http.request.method":"GET","url.path":"/users","http.response.status_code":500,"response_time_ms":12.345,"user.id":"user-456"}}`,
    )
  })

  it("of gcp has Cloud Logging's special fields", () => {
    const [text, time] = line('gcp', /"time":"([^"]+)"/)
    expect(text).toBe(
      `{"time":"${time}","severity":"ERROR","serviceContext":{"service":"api-service","version":"1.4.2"},"environment":"production","pod":"api-7d9f","logger":"db","request_id":"req-123-abc","logging.googleapis.com/trace":"4bf92f3577b34da6a3ce929d0e0e4736","logging.googleapis.com/spanId":"00f067aa0ba902b7","message":"Database connection failed","error":"connect ECONNREFUSED","error_type":"TypeError","stack_trace":${stack},"user_id":"user-456","httpRequest":{"requestMethod":"GET","requestUrl":"/users","status":500,"latency":"0.012345s"}}`,
    )
  })

  it('of datadog has its standard attributes and decimal ids', () => {
    const [text, time] = line('datadog', /"timestamp":"([^"]+)"/)
    expect(text).toBe(
      `{"timestamp":"${time}","status":"error","service":"api-service","dd.version":"1.4.2","dd.env":"production","pod_name":"api-7d9f","logger.name":"db","http.request_id":"req-123-abc","dd.trace_id":"11803532876627986230","dd.span_id":"67667974448284343","message":"Database connection failed","error.message":"connect ECONNREFUSED","error.kind":"TypeError","error.stack":${stack},"http.method":"GET","http.url_details.path":"/users","http.status_code":500,"duration":12345000,"usr.id":"user-456"}`,
    )
  })

  it('of splunk is an event of the HTTP Event Collector', () => {
    const [text, time] = line('splunk', /"time":(\d{10}\.\d{3}),/)
    expect(text).toBe(
      `{"time":${time},"host":"api-7d9f","sourcetype":"_json","source":"api-service","event":{"severity":"ERROR","message":"Database connection failed","version":"1.4.2","environment":"production","pod":"api-7d9f","logger":"db","request_id":"req-123-abc","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7","error":"connect ECONNREFUSED","error_type":"TypeError","traceback":${stack},"method":"GET","path":"/users","status_code":500,"response_time_ms":12.345,"user_id":"user-456"}}`,
    )
  })

  it("of cloudwatch has the names of Lambda's own lines", () => {
    const [text, time] = line('cloudwatch', /"timestamp":"([^"]+)"/)
    expect(text).toBe(
      `{"timestamp":"${time}","level":"ERROR","service":"api-service","version":"1.4.2","environment":"production","pod":"api-7d9f","logger":"db","requestId":"req-123-abc","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7","message":"Database connection failed","errorMessage":"connect ECONNREFUSED","errorType":"TypeError","stackTrace":${stack},"method":"GET","path":"/users","status_code":500,"response_time_ms":12.345,"user_id":"user-456"}`,
    )
  })

  it('of pino has numbers for time and level, and the error as an object', () => {
    const [text, time] = line('pino', /"time":(\d{13}),/)
    expect(text).toBe(
      `{"time":${time},"level":50,"pid":${process.pid},"hostname":${JSON.stringify(hostname())},"service":"api-service","version":"1.4.2","environment":"production","pod":"api-7d9f","logger":"db","request_id":"req-123-abc","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7","msg":"Database connection failed","err":{"type":"TypeError","message":"connect ECONNREFUSED","stack":${stack}},"method":"GET","path":"/users","status_code":500,"responseTime":12.345,"user_id":"user-456"}`,
    )
  })
})

describe('levels', () => {
  const written = (format: FormatName, name: string) => {
    const destination = memory()
    const log = createLogger({ service: 's', format, destination, level: 'trace', env: {} })
    for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) log[level](level)
    return destination.lines.map((text) => {
      const record = JSON.parse(text) as Record<string, unknown>
      return record[name] ?? (record.event as Record<string, unknown>)[name]
    })
  }

  it.each([
    // https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber: the first of each range.
    ['otel', 'severity_number', [1, 5, 9, 13, 17, 21]],
    ['otel', 'severity_text', ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']],
    // https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#LogSeverity
    ['gcp', 'severity', ['DEBUG', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL']],
    // https://docs.datadoghq.com/logs/log_configuration/processors/#log-status-remapper
    ['datadog', 'status', ['debug', 'debug', 'info', 'warn', 'error', 'critical']],
    // https://github.com/pinojs/pino/blob/main/docs/api.md#loggerlevels-object
    ['pino', 'level', [10, 20, 30, 40, 50, 60]],
    ['splunk', 'severity', ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']],
  ] as const)('of %s are written under %s as its home knows them', (format, name, expected) => {
    expect(written(format, name)).toEqual(expected)
  })
})

it('completes a trace with the project for Cloud Logging', () => {
  const destination = memory()
  const log = createLogger({ service: 's', format: 'gcp', destination, env: { GOOGLE_CLOUD_PROJECT: 'shop-1' } })
  context.run(ids, () => log.info('hello'))
  expect(destination.records[0]).toMatchObject({
    'logging.googleapis.com/trace': `projects/shop-1/traces/${ids.trace_id}`,
  })
})

it("takes an Error under pino's own name for it", () => {
  const destination = memory()
  createLogger({ service: 's', format: 'pino', destination, env: {} }).error({ err: failure() }, 'failed')
  expect(destination.records[0]).toMatchObject({ msg: 'failed', err: { type: 'TypeError' } })
  expect(destination.records[0]).not.toHaveProperty('field_err')
})
