import type { Entries } from '@throughline/transport'
import { describe, expect, it, vi } from 'vitest'
import { checkLoki, type LokiOptions } from './options.js'
import { pushEncoder } from './push.js'

type Push = { streams: { stream: Record<string, string>; values: [string, string, Record<string, string>][] }[] }

function entries(...list: readonly (readonly [fields: object | string, level: number])[]): Entries {
  return {
    lines: list.map(([fields]) => `${typeof fields === 'string' ? fields : JSON.stringify(fields)}\n`),
    levels: Uint8Array.from(list, ([, level]) => level),
    ms: Float64Array.from(list, () => 1_700_000_000_000),
    ns: Uint32Array.from(list, (_, i) => i),
  }
}

function push(options: Partial<LokiOptions>, given: Entries): Push {
  return JSON.parse(pushEncoder(checkLoki({ url: 'http://loki:3100', ...options }).push)(given)) as Push
}

describe('a push', () => {
  it('has labels, nanoseconds, the line as it is, and metadata where it is asked for', () => {
    const line = {
      level: 'INFO',
      service: 'api',
      namespace: 'shop',
      message: 'ä "x"',
      request_id: 'r',
      user_id: 42,
      trace_id: '',
    }
    const stream = { app: 'api', namespace: 'shop', level: 'INFO', cluster: 'eu' }
    const metadata = ['request_id', 'trace_id', 'user_id']
    expect(push({ staticLabels: { cluster: 'eu' }, metadata }, entries([line, 30], [line, 70]))).toEqual({
      streams: [
        { stream, values: [['1700000000000000000', JSON.stringify(line), { request_id: 'r', user_id: '42' }]] },
        {
          stream: { ...stream, log_type: 'audit' },
          values: [['1700000000000000001', JSON.stringify(line), { request_id: 'r', user_id: '42' }]],
        },
      ],
    })
    expect(push({}, entries([line, 30])).streams[0]?.values).toEqual([['1700000000000000000', JSON.stringify(line)]])
  })

  it('has the namespace of the option, else of the line, else of the pod', () => {
    const streamOf = (options: Partial<LokiOptions>, line: object) =>
      push(options, entries([line, 30])).streams[0]?.stream
    vi.stubEnv('POD_NAMESPACE', 'of-the-pod')
    expect(streamOf({ namespace: 'given' }, { namespace: 'of-the-line' })).toMatchObject({ namespace: 'given' })
    expect(streamOf({}, { namespace: 'of-the-line' })).toMatchObject({ namespace: 'of-the-line' })
    expect(streamOf({}, {})).toMatchObject({ namespace: 'of-the-pod' })
    vi.stubEnv('POD_NAMESPACE', '')
    expect(streamOf({}, {})).toEqual({ level: 'INFO' })
    vi.unstubAllEnvs()
  })

  it('takes labels from other fields, also from within objects', () => {
    const options = { labels: { app: 'service.name', where: 'resource.pod', level: 'level' }, metadata: [] }
    const line = { 'service.name': 'api', resource: { pod: 'p-1' } }
    expect(push(options, entries([line, 50])).streams[0]?.stream).toEqual({ app: 'api', where: 'p-1', level: 'ERROR' })
  })

  it('keeps a hundred values of a label apart, and cuts what Loki would refuse', () => {
    const lines = Array.from({ length: 150 }, (_, i) => [{ team: `team-${i}` }, 30] as const)
    const streams = push({ labels: ['team'] }, entries(...lines)).streams
    expect(streams).toHaveLength(101)
    expect(streams.at(-1)?.stream).toEqual({ team: 'other' })
    expect(streams.at(-1)?.values).toHaveLength(50)
    const long = push({ labels: ['team'] }, entries([{ team: '語'.repeat(5_000) }, 30])).streams[0]?.stream.team ?? ''
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(2048)
  })

  it('ships what is no JSON object too', () => {
    expect(push({}, entries(['not JSON', 40])).streams).toEqual([
      { stream: { level: 'WARN' }, values: [['1700000000000000000', 'not JSON']] },
    ])
  })
})

describe('the options', () => {
  it('ignore what Object.prototype has, at every depth, and take what other prototypes have', () => {
    const polluted = {
      metadata: ['request_id'],
      gzip: false,
      spool: { dir: '/polluted' },
      bytes: 2048,
      tenant: 'evil',
      headers: { a: 'b' },
    }
    const usual = checkLoki({ url: 'http://loki:3100', batch: {} })
    try {
      Object.assign(Object.prototype, polluted)
      expect(checkLoki({ url: 'http://loki:3100', batch: {} })).toEqual(usual)
    } finally {
      for (const name of Object.keys(polluted)) delete (Object.prototype as unknown as Record<string, unknown>)[name]
    }
    const defaults = { url: 'http://loki:3100', tenant: 'team-a', staticLabels: Object.create({ cluster: 'eu' }) }
    const { transport, push } = checkLoki(Object.create(defaults))
    expect([transport.endpoint.headers, push.staticLabels]).toEqual([{ 'x-scope-orgid': 'team-a' }, { cluster: 'eu' }])
  })
})
