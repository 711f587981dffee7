import { afterEach, describe, expect, it, vi } from 'vitest'
import { context } from '../context/context.js'
import { createLogger } from '../create-logger.js'
import { memory } from '../destination/memory.js'
import type { LoggerOptions } from '../options.js'
import { byRequestId } from './decision.js'
import type { SamplingOptions } from './sampling-options.js'

function create(sampling: SamplingOptions, options: LoggerOptions = {}) {
  const destination = memory()
  const log = createLogger({ service: 'test', env: {}, destination, sampling, ...options })
  const messages = () => destination.records.map(({ message }) => message)
  return { log, destination, messages, records: () => destination.records }
}

/** Ids that a rate keeps, and ids that it does not. */
function idsAt(rate: number): { kept: string; dropped: string } {
  const decide = byRequestId(rate)
  const ids = Array.from({ length: 10_000 }, (_, i) => `id-${i}`)
  return { kept: ids.find(decide) ?? '', dropped: ids.find((id) => !decide(id)) ?? '' }
}

const { kept, dropped } = idsAt(0.01)

afterEach(() => {
  vi.useRealTimers()
})

describe('a successful operation', () => {
  it('leaves no line when the rate does not keep it, and is counted', () => {
    const { log, messages } = create({ success: 0.01 })
    log.operation('job', { request_id: dropped }, () => log.info('within'))
    expect(messages()).toEqual([])
    expect(log.stats()).toMatchObject({ sampledOut: 3, held: 0, emitted: 0 })
  })

  it('is written whole, with its rate on each line, when the rate keeps it', () => {
    const { log, messages, records } = create({ success: 0.01 })
    log.operation('job', { request_id: kept }, () => log.info('within'))
    expect(messages()).toEqual(['Operation started', 'within', 'Operation completed'])
    expect(records().every(({ sample_rate }) => sample_rate === 0.01)).toBe(true)
  })

  it('carries no rate where every success is kept', () => {
    const { log, records } = create({ success: 1 })
    log.operation('job', () => log.info('within'))
    expect(records().some((record) => 'sample_rate' in record)).toBe(false)
  })

  it('lets audit lines through', () => {
    const { log, messages } = create({ success: 0 })
    log.operation('job', () => log.audit('access granted'))
    expect(messages()).toEqual(['access granted'])
  })
})

describe('an operation with a reason to be kept', () => {
  const reasons: readonly [string, SamplingOptions, (log: ReturnType<typeof create>['log']) => unknown][] = [
    ['it failed', { success: 0 }, (log) => expect(() => fails(log)).toThrow('broken')],
    ['it logged a warning', { success: 0 }, (log) => log.operation('job', () => log.warn('careful'))],
    [
      'it was asked to be kept',
      { success: 0 },
      (log) => log.operation('job', (operation) => operation.keep('downstream')),
    ],
    ['it was slow', { success: 0, keep: { slowerThanMs: 1 } }, slow],
    [
      'a condition names it',
      { success: 0, keep: { when: ({ name }) => name === 'job' } },
      (log) => log.operation('job', () => {}),
    ],
    ['its status is listed', { success: 0, keep: { status: [404] } }, (log) => ends(log, 404)],
    ['its status is in the range', { success: 0, keep: { status: { from: 300 } } }, (log) => ends(log, 304)],
    ['a server failed', { success: 0 }, (log) => ends(log, 503)],
    ['it was aborted', { success: 0 }, (log) => ends(log, 200, true)],
  ]

  it.each(reasons)('is whole, in order and without a rate, when %s', async (_reason, sampling, act) => {
    const { log, messages, records } = create(sampling)
    await log.operation('outer', async () => {
      log.info('first', { n: 1 })
      await act(log)
    })
    expect(messages().slice(0, 2)).toEqual(['Operation started', 'first'])
    expect(messages().at(-1)).toBe('Operation completed')
    expect(records().some((record) => 'sample_rate' in record)).toBe(false)
  })

  it('keeps the time and the context of each call', async () => {
    const { log, records } = create({ success: 0 })
    const before = Date.now()
    await log
      .operation('job', async () => {
        log.info('early')
        context.set({ user_id: 7 })
        log.info('later')
        await new Promise((resolve) => setTimeout(resolve, 30))
        throw new Error('at last')
      })
      .catch(() => {})
    const [, early, later, failed] = records()
    expect(Date.parse(String(early?.timestamp))).toBeLessThan(Date.parse(String(failed?.timestamp)))
    expect(Date.parse(String(early?.timestamp))).toBeGreaterThanOrEqual(before)
    expect(early?.user_id).toBeUndefined()
    expect(later?.user_id).toBe(7)
  })

  it('writes what values were at the call, whatever became of them', () => {
    const { log, records } = create({ success: 0 })
    const nested = { deep: { list: [1] } }
    const flat: Record<string, unknown> = { n: 1 }
    expect(() =>
      log.operation('job', () => {
        log.info('nested', nested)
        log.info('flat', flat)
        nested.deep.list.push(2)
        flat.n = 2
        flat.more = true
        throw new Error('fails')
      }),
    ).toThrow('fails')
    expect(records()[1]).toMatchObject({ message: 'nested', deep: { list: [1] } })
    expect(records()[2]?.n).toBe(1)
    expect(records()[2]).not.toHaveProperty('more')
  })

  it('redacts what it held', () => {
    const { log, destination } = create({ success: 0 })
    log.operation('job', () => {
      log.info('flat', { password: 'canary-1' })
      log.info('nested', { user: { token: 'canary-2' } })
      log.warn('careful')
    })
    expect(destination.lines.join()).not.toContain('canary')
  })
})

describe('a logger that holds debug lines', () => {
  it('shows them for an operation that is kept for a reason, in their place', () => {
    const { log, messages } = create({ success: 0, hold: 'debug' })
    log.operation('job', () => {
      log.debug('detail', { sql: 'select' })
      log.trace('finer')
      log.info('coarse')
      log.error('broken')
      log.debug('afterwards')
    })
    expect(messages()).toEqual(['Operation started', 'detail', 'coarse', 'broken', 'afterwards', 'Operation completed'])
  })

  it('does not show them for one that the rate keeps', () => {
    const { log, messages } = create({ success: 0.01, hold: 'debug' })
    log.operation('job', { request_id: kept }, () => {
      log.debug('detail')
      log.info('coarse')
    })
    expect(messages()).toEqual(['Operation started', 'coarse', 'Operation completed'])
  })

  it('does not show them outside any operation', () => {
    const { log, messages } = create({ success: 1, hold: 'debug' })
    log.debug('detail')
    expect(messages()).toEqual([])
  })
})

describe('the bounds', () => {
  it('drop the lowest level first, and the kept operation says how many', () => {
    const { log, messages, records } = create({ success: 0, hold: 'debug', maxHeldBytes: 2000 })
    log.operation('job', () => {
      for (let i = 0; i < 50; i++) log.debug('detail', { i })
      log.info('kept', { text: 'x'.repeat(500) })
      log.error('broken')
    })
    expect(messages()).toContain('kept')
    const last = records().at(-1)
    const details = messages().filter((message) => message === 'detail').length
    expect(details).toBeGreaterThan(0)
    expect(last?.held_dropped).toBe(50 - details)
  })

  it('hold for all operations together', () => {
    const { log } = create({ success: 0, maxHeldBytes: 1000 })
    const operations = Array.from({ length: 500 }, () => log.begin({ name: 'endless' }))
    for (const { log: own } of operations) for (let i = 0; i < 20; i++) own.info('held', { i })
    expect(log.stats().held).toBeLessThanOrEqual(64 * 8)
    expect(log.stats().held).toBeGreaterThan(0)
  })

  it('cost an operation that hangs its lines before they cost one that fails its own', () => {
    const { log, messages } = create({ success: 0, hold: 'debug', maxHeldBytes: 2000 })
    for (let i = 0; i < 100; i++) {
      const { log: own } = log.begin({ name: 'hanging' })
      for (let line = 0; line < 50; line++) own.debug('held', { line })
    }
    log.operation('failing', () => {
      for (let line = 0; line < 5; line++) log.info('mine', { line })
      log.error('broken')
    })
    expect(messages().filter((message) => message === 'mine')).toHaveLength(5)
  })

  it('let go of an operation that never ends, which may still fail', () => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] })
    const { log, messages, records } = create({ success: 0 })
    const operation = log.begin({ name: 'stream' })
    operation.log.info('opened')
    vi.advanceTimersByTime(16 * 60_000)
    expect(log.stats()).toMatchObject({ held: 0, sampledOut: 1 })
    operation.log.info('later')
    operation.end({ message: 'Stream broke', level: 'error', fields: {}, failed: true, durationMs: 1 })
    expect(messages()).toEqual(['later', 'Stream broke'])
    expect(records().at(-1)?.held_dropped).toBe(1)
  })
})

describe('rules', () => {
  const request = (
    log: ReturnType<typeof create>['log'],
    method: string,
    path: string,
    route?: string,
    status = 200,
  ) => {
    const operation = log.begin({ name: 'request', kind: 'request', method, path })
    operation.log.info('Request started', { path })
    const fields = { path, status_code: status }
    const outcome = {
      message: 'Request completed',
      level: 'info',
      fields,
      failed: status >= 500,
      durationMs: 1,
      status,
    } as const
    operation.end(route === undefined ? outcome : { ...outcome, route })
  }

  it('apply the first that matches, by method, path, glob, expression, route and condition', () => {
    const { log, records } = create({
      success: 1,
      rules: [
        { path: '/health', rate: 0 },
        { method: 'OPTIONS', rate: 0 },
        { path: '/static/**', rate: 0 },
        { path: /\.png$/g, rate: 0 },
        { route: '/users/:id', rate: 0 },
        { when: ({ status }) => status === 204, rate: 0 },
        { path: '/never', when: () => Promise.reject as never, rate: 0 },
      ],
    })
    request(log, 'GET', '/health')
    request(log, 'options', '/kept')
    request(log, 'GET', '/static/deep/app.js')
    request(log, 'GET', '/a.png')
    request(log, 'GET', '/b.png')
    request(log, 'GET', '/users/7', '/users/:id')
    request(log, 'GET', '/empty', '/empty', 204)
    request(log, 'GET', '/health/live')
    request(log, 'GET', '/never')
    expect(records().map(({ path }) => path)).toEqual(['/health/live', '/health/live', '/never', '/never'])
  })

  it('never drop a failure', () => {
    const { log, records } = create({ rules: [{ path: '/health', rate: 0 }] })
    request(log, 'GET', '/health', undefined, 500)
    expect(records().map(({ message }) => message)).toEqual(['Request started', 'Request completed'])
  })

  it('do not apply when their condition throws', () => {
    const when = () => {
      throw new Error('application bug')
    }
    const { log, records } = create({ success: 1, rules: [{ when, rate: 0 }] })
    request(log, 'GET', '/')
    expect(records()).toHaveLength(2)
  })
})

describe('a limit for each second', () => {
  it('passes the first n of the same success and one in a hundred of the rest', () => {
    const { log, messages } = create({ success: 1, hold: 'debug', maxPerSecond: 5 })
    vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 })
    for (let i = 0; i < 205; i++) log.operation('job', () => {})
    expect(messages().filter((message) => message === 'Operation completed')).toHaveLength(7)
    expect(log.stats().sampledOut).toBe(2 * 198)
    vi.setSystemTime(1_001_000)
    log.operation('job', () => {})
    expect(messages().filter((message) => message === 'Operation completed')).toHaveLength(8)
  })

  it('passes the first n of the same failure, and counts every one in the summary', async () => {
    const { log, records } = create({ success: 0, maxPerSecond: 3 })
    vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 })
    for (let i = 0; i < 50; i++) expect(() => fails(log)).toThrow()
    expect(records().filter(({ message }) => message === 'Operation failed')).toHaveLength(3)
    await log.close()
    expect(records().at(-1)).toMatchObject({ message: 'Operation summary', outcome: 'failed', count: 50, kept: 3 })
  })
})

describe('an operation within an operation', () => {
  it('shares the ids, is a child span, and is decided with the outer one', () => {
    const { log, records } = create({ success: 0 })
    expect(() => log.operation('outer', () => log.operation('inner', () => fails(log)))).toThrow()
    const [outer, inner] = records()
    expect(inner).toMatchObject({
      request_id: outer?.request_id,
      trace_id: outer?.trace_id,
      parent_span_id: outer?.span_id,
    })
    expect(records().map(({ operation }) => operation)).toEqual(['outer', 'inner', 'job', 'job', 'inner', 'outer'])
  })
})

describe('the environment', () => {
  it('sets the rate over the option', () => {
    const { log, messages } = create({ success: 1 }, { env: { LOG_SAMPLE_SUCCESS: '0' } })
    log.operation('job', () => {})
    expect(messages()).toEqual([])
  })

  it.each(['1.5', '-1', 'all'])('is refused by name for the rate %s', (rate) => {
    expect(() => createLogger({ env: { LOG_SAMPLE_SUCCESS: rate } })).toThrow(/^LOG_SAMPLE_SUCCESS: .*0 to 1/)
  })
})

describe('a bad option', () => {
  const bad: readonly [string, unknown, RegExp][] = [
    [
      'a rate above 1',
      { success: 2 },
      /^createLogger\({ sampling: { success } }\): got 2; accepted: a number from 0 to 1/,
    ],
    ['an unknown option', { sucess: 0.1 }, /^createLogger: unknown option "sucess" in sampling/],
    ['an unknown id', { by: 'user_id' }, /^createLogger\({ sampling: { by } }\): .*'request_id' or 'trace_id'/],
    ['an unknown level', { hold: 'warn' }, /^createLogger\({ sampling: { hold } }\):/],
    ['a bound that is none', { maxHeldBytes: 0 }, /^createLogger\({ sampling: { maxHeldBytes } }\): got 0/],
    ['a rule without a rate', { rules: [{ path: '/' }] }, /^createLogger\({ sampling: { rules\[0\]: { rate } } }\):/],
    ['an unknown part of a rule', { rules: [{ url: '/', rate: 1 }] }, /unknown option "url" in sampling\.rules\[0\]/],
    ['a rule that is none', { rules: [1] }, /^createLogger\({ sampling: { rules\[0\] } }\): got 1/],
    ['rules that are no array', { rules: {} }, /^createLogger\({ sampling: { rules } }\): got object/],
    ['an unknown reason', { keep: { slow: 1 } }, /unknown option "slow" in sampling\.keep/],
  ]

  it.each(bad)('is refused by name: %s', (_what, sampling, message) => {
    expect(() => createLogger({ env: {}, sampling: sampling as SamplingOptions })).toThrow(message)
  })
})

function fails(log: ReturnType<typeof create>['log']): void {
  log.operation('job', () => {
    throw new Error('broken')
  })
}

async function slow(log: ReturnType<typeof create>['log']): Promise<void> {
  await log.operation('job', () => new Promise((resolve) => setTimeout(resolve, 20)))
}

function ends(log: ReturnType<typeof create>['log'], status: number, aborted = false): void {
  const operation = log.begin({ name: 'call' })
  operation.end({ message: 'ended', level: 'info', fields: {}, failed: false, aborted, durationMs: 0, status })
}
