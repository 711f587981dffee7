import { expect, it } from 'vitest'
import { STANDARD_INPUT } from '../input/source.js'
import type { LogRecord } from '../record/record.js'
import { hopsOf } from './hop.js'
import { flatten, treeOf } from './tree.js'

const T = Date.parse('2024-01-22T10:15:23.000Z')
const line = (ms: number, record: LogRecord) => ({ record, source: STANDARD_INPUT, origin: undefined, time: T + ms })
const request = (service: string, from: number, to: number, ids: LogRecord) => [
  line(from, { service, message: 'Request started', level: 'INFO', method: 'GET', path: '/', ...ids }),
  line(to, {
    service,
    message: 'Request completed',
    level: 'INFO',
    status_code: 200,
    response_time_ms: to - from,
    ...ids,
  }),
]
const shape = (lines: ReturnType<typeof line>[]) =>
  flatten(treeOf(hopsOf([...lines].sort((a, b) => a.time - b.time)))).map(
    ({ hop, depth }) => `${'  '.repeat(depth)}${hop.service}`,
  )

it('puts a hop under the span that it names as its parent', () => {
  expect(
    shape([
      ...request('web', 0, 100, { span_id: 'a' }),
      ...request('api', 10, 90, { span_id: 'b', parent_span_id: 'a' }),
      ...request('db', 20, 30, { span_id: 'c', parent_span_id: 'b' }),
    ]),
  ).toEqual(['web', '  api', '    db'])
})

it('puts a hop whose parent is not among the lines under the narrowest that was under way', () => {
  expect(
    shape([
      ...request('web', 0, 100, { span_id: 'a' }),
      ...request('api', 10, 90, { span_id: 'b', parent_span_id: 'unlogged' }),
      ...request('db', 20, 30, { request_id: 'r' }),
    ]),
  ).toEqual(['web', '  api', '    db'])
})

it('puts a call without a span of its own under the hop that made it, and the called service under the call with one', () => {
  const call = {
    service: 'web',
    message: 'Outgoing request completed',
    level: 'DEBUG',
    duration_ms: 50,
    host: 'api',
    method: 'GET',
    path: '/x',
  }
  const lines = [
    ...request('web', 0, 100, { span_id: 'a' }),
    line(60, { ...call, span_id: 'a' }),
    line(95, { ...call, duration_ms: 30, span_id: 'call', parent_span_id: 'a' }),
    ...request('api', 70, 90, { span_id: 'b', parent_span_id: 'call' }),
  ]
  const nodes = flatten(treeOf(hopsOf(lines.sort((x, y) => x.time - y.time))))
  expect(nodes.map(({ hop, depth }) => [depth, hop.kind, hop.start - T, hop.end - T])).toEqual([
    [0, 'service', 0, 100],
    [1, 'call', 10, 60],
    [1, 'call', 65, 95],
    [2, 'service', 70, 90],
  ])
})

it('makes a tree of spans that name each other as parents', () => {
  const nodes = shape([
    ...request('a', 0, 10, { span_id: 'a', parent_span_id: 'b' }),
    ...request('b', 0, 10, { span_id: 'b', parent_span_id: 'a' }),
    ...request('c', 0, 10, { span_id: 'c', parent_span_id: 'c' }),
  ])
  expect(nodes).toHaveLength(3)
})

it('marks a hop as failed by status, by an error or by being cut off, and as open without an end', () => {
  const hops = hopsOf([
    line(0, { service: 'a', message: 'Request started', span_id: 'a' }),
    line(1, { service: 'b', message: 'Request completed', status_code: 503, response_time_ms: 1, span_id: 'b' }),
    line(2, { service: 'c', message: 'x', level: 'ERROR', error: 'no', error_type: 'Bad', span_id: 'c' }),
    line(3, { service: 'd', message: 'Request aborted', aborted: true, aborted_by: 'client', span_id: 'd' }),
  ])
  expect(hops.map(({ failed, isOpen, failure }) => ({ failed, isOpen, failure }))).toEqual([
    { failed: false, isOpen: true, failure: undefined },
    { failed: true, isOpen: false, failure: undefined },
    { failed: true, isOpen: false, failure: 'Bad: no' },
    { failed: true, isOpen: false, failure: 'aborted by the client' },
  ])
})
