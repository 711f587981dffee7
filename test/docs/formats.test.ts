import { context, createLogger, type FormatName, memory } from 'throughline'
import { describe, expect, it } from 'vitest'
import { blocks } from './markdown.js'

/** The page's call. */
function written(format: FormatName): Record<string, unknown> {
  const destination = memory()
  const env = { SERVICE_VERSION: '1.4.2' }
  const log = createLogger({ service: 'api-service', name: 'db', env, format, destination })
  const error = new TypeError('connect ECONNREFUSED')
  error.stack = 'TypeError: connect ECONNREFUSED\n    at …'
  const ids = { request_id: 'req-123-abc', trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', span_id: '00f067aa0ba902b7' }
  context.run(ids, () => {
    const fields = { method: 'POST', path: '/charges', status_code: 502, response_time_ms: 12.345, user_id: 'user-456' }
    log.error('Charge failed', { error, ...fields })
  })
  return destination.records[0] as Record<string, unknown>
}

/** Of this run and this machine. */
const OWN = ['timestamp', '@timestamp', 'time', 'pid', 'host', 'hostname']

describe('docs/reference/formats.md', () => {
  const shown = blocks('docs/reference/formats.md').filter(({ language }) => language === 'json')
  const formats = ['ecs', 'otel', 'gcp', 'datadog', 'splunk', 'cloudwatch', 'pino'] as const

  it.each(formats.map((format, i) => [format, i] as const))('shows what %s writes', (format, i) => {
    const line = JSON.parse(shown[i]?.text ?? '') as Record<string, unknown>
    const now = written(format)
    for (const name of OWN) expect(typeof line[name]).toBe(typeof now[name])
    const rest = (record: object) => Object.entries(record).filter(([name]) => !OWN.includes(name))
    expect(rest(line)).toEqual(rest(now))
  })
})
