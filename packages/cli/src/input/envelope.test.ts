import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentsOf } from './envelope.js'
import { Unwrapper } from './wrapping.js'

const RECORD = { timestamp: '2024-01-22T10:15:23.120Z', level: 'ERROR', message: 'no', request_id: 'r-1' }
const LINE = JSON.stringify(RECORD)
const unwrap = (object: object) => new Unwrapper().unwrap(JSON.stringify(object), 1)

describe('the line is taken out of', () => {
  it.each([
    ['a document of Filebeat', { '@timestamp': 't', agent: { type: 'filebeat' }, message: LINE }, undefined],
    ['a document with a pod', { '@timestamp': 't', kubernetes: { pod: { name: 'api-1' } }, message: LINE }, 'api-1'],
    ["Elasticsearch's hit", { _index: 'x', _source: { agent: {}, message: LINE } }, undefined],
    ['logcli', { labels: { app: 'api', pod: 'api-1' }, line: LINE, timestamp: 't' }, 'api-1'],
    [
      'journalctl',
      { MESSAGE: LINE, __REALTIME_TIMESTAMP: '1705918523120000', _SYSTEMD_UNIT: 'api.service' },
      'api.service',
    ],
    [
      'journalctl, as bytes',
      { __REALTIME_TIMESTAMP: '1', PRIORITY: '6', SYSLOG_IDENTIFIER: 'api', MESSAGE: [...Buffer.from(LINE)] },
      'api',
    ],
    ["Docker's json-file", { log: `${LINE}\n`, stream: 'stdout', time: 't' }, undefined],
    [
      "Docker's json-file with attributes",
      { log: `${LINE}\n`, stream: 'stdout', attrs: { tag: 'x' }, time: 't' },
      undefined,
    ],
    ["Docker's fluentd driver", { container_id: 'c', container_name: '/api', source: 'stdout', log: LINE }, '/api'],
    [
      'Fluent Bit',
      { date: 1705918523.1, log: `${LINE}\n`, kubernetes: { pod_name: 'api-1', container_name: 'api' } },
      'api',
    ],
    ['Vector', { message: LINE, source_type: 'kubernetes_logs', kubernetes: { pod_name: 'api-1' } }, 'api-1'],
    [
      "CloudWatch's event",
      { logStreamName: 's/1', timestamp: 1, message: LINE, ingestionTime: 2, eventId: '3' },
      's/1',
    ],
    [
      "CloudWatch's subscription",
      { messageType: 'DATA_MESSAGE', logStream: 's', logEvents: [{ id: '1', timestamp: 1, message: LINE }] },
      's',
    ],
    [
      'filter-log-events',
      { events: [{ timestamp: 1, message: LINE, eventId: '3' }], searchedLogStreams: [] },
      undefined,
    ],
    ['Logs Insights', { '@timestamp': 't', '@message': RECORD }, undefined],
    ["Splunk's export", { preview: false, result: { _raw: LINE, host: 'h' } }, 'h'],
    [
      'OTLP',
      { resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano: '1', body: { stringValue: LINE } }] }] }] },
      undefined,
    ],
    [
      "Loki's answer",
      {
        status: 'success',
        data: { resultType: 'streams', result: [{ stream: { app: 'api' }, values: [['1', LINE]] }] },
      },
      'api',
    ],
    [
      'logcli, of what Filebeat shipped',
      { labels: { app: 'api' }, timestamp: 't', line: JSON.stringify({ agent: {}, message: LINE }) },
      'api',
    ],
  ])('%s', (_, object, origin) => {
    expect(unwrap(object)).toMatchObject([{ text: LINE, origin, bytes: expect.any(Number) }])
  })

  it('an export of many events, each a line', () => {
    const events = [1, 2, 3].map((n) => ({ eventId: `${n}`, timestamp: n, message: `{"n":${n}}\n` }))
    expect(unwrap({ events }).map(({ text, bytes }) => [text, bytes])).toEqual([
      ['{"n":1}', 7],
      ['{"n":2}', 7],
      ['{"n":3}', 7],
    ])
  })

  it('an entry of Google Cloud, whose agents took the line apart', () => {
    const entry = {
      insertId: 'x',
      logName: 'projects/p/logs/stdout',
      timestamp: '2024-01-22T10:15:23.120Z',
      severity: 'ERROR',
      trace: 'projects/p/traces/abc',
      httpRequest: { status: 502 },
      jsonPayload: { message: 'no', serviceContext: { service: 'api' } },
    }
    expect(JSON.parse(unwrap(entry)[0]?.text ?? '')).toMatchObject({
      severity: 'ERROR',
      message: 'no',
      httpRequest: { status: 502 },
    })
  })

  it('journald, where it is no record: time, level and unit are what the journal knows', () => {
    const entry = {
      MESSAGE: 'Started.',
      PRIORITY: '4',
      SYSLOG_IDENTIFIER: 'systemd',
      __REALTIME_TIMESTAMP: '1705918523120000',
    }
    expect(JSON.parse(unwrap(entry)[0]?.text ?? '')).toEqual({
      timestamp: '2024-01-22T10:15:23.120Z',
      level: 'WARN',
      service: 'systemd',
      message: 'Started.',
    })
  })

  it("an OTLP record of the collector's file exporter, with its attributes and its resource", () => {
    const attributes = [
      { key: 'http.response.status_code', value: { intValue: '500' } },
      { key: 'tags', value: { arrayValue: { values: [{ stringValue: 'a' }, { boolValue: true }] } } },
    ]
    const record = {
      timeUnixNano: '1705918523120000000',
      severityText: 'ERROR',
      body: { stringValue: 'no' },
      attributes,
    }
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'api' } }] }
    const [line] = unwrap({ resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] })
    expect(JSON.parse(line?.text ?? '')).toEqual({
      timestamp: '2024-01-22T10:15:23.120Z',
      severity_text: 'ERROR',
      body: 'no',
      attributes: { 'http.response.status_code': 500, tags: ['a', true] },
      resource: { 'service.name': 'api' },
    })
  })
})

describe('a record of its own is no wrapping', () => {
  it.each([
    { ...RECORD, message: LINE },
    { ...RECORD, log: 'x', stream: 'y', time: 1 },
    { ...RECORD, events: [], data: { resultType: 'streams', result: [] }, hits: { hits: [] } },
    { level: 30, time: 1, msg: LINE, container: 'c' },
    { message: LINE },
    { log: 'x', level: 'INFO' },
    { events: [], hits: { hits: [] } },
    { line: 1, labels: 2 },
  ])('%j', (record) => expect(contentsOf(record)).toBeUndefined())

  it('nor is any other object a reason to throw, or to lose a line', () => {
    fc.assert(
      fc.property(
        fc.object({
          key: fc.constantFrom(
            'log',
            'stream',
            'message',
            'events',
            '_source',
            'resourceLogs',
            'MESSAGE',
            'PRIORITY',
            'data',
            'result',
            'attributes',
            'hits',
            'line',
            'labels',
            'jsonPayload',
            'insertId',
          ),
        }),
        (object) => {
          const contents = contentsOf(object)
          if (contents !== undefined) expect(contents.length).toBeGreaterThan(0)
        },
      ),
    )
  })
})
