import { describe, expect, expectTypeOf, it } from 'vitest'
import { context } from '../context/context.js'
import { memory } from '../destination/memory.js'
import { createLogger, fanOut } from '../index.js'
import type { LoggerOptions } from '../options.js'

function create(options: LoggerOptions = {}) {
  const destination = memory()
  const log = createLogger({ service: 'test', env: {}, destination, ...options })
  return { log, destination, records: () => destination.records as Record<string, unknown>[] }
}

describe('a method that is called without its logger', () => {
  it.each(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'audit'] as const)('%s logs', (name) => {
    const { log, records } = create({ level: 'trace' })
    const { [name]: method } = log.child({ a: 1 })
    method('unbound', { b: 2 })
    expect(records()).toMatchObject([{ message: 'unbound', a: 1, b: 2 }])
  })

  it('logs what a promise is rejected with', async () => {
    const { log, records } = create()
    await Promise.reject(new RangeError('too far')).catch(log.error)
    expect(records()).toMatchObject([{ level: 'ERROR', message: 'too far', error_type: 'RangeError' }])
  })

  it('logs each item of a list', () => {
    const { log, records } = create()
    const { info } = log
    const items = [{ a: 1 }, { a: 2 }]
    items.forEach((item) => {
      info(item)
    })
    items.forEach(log.info)
    expect(records().map(({ a }) => a)).toEqual([1, 2, 1, 2])
  })

  it('works for every other method', async () => {
    const { log, records } = create()
    const { child, operation, isLevelEnabled, bindings, stats, flush, flushSync, begin, emit, silent, close } = log
    child({ a: 1 }).info('child')
    expect(operation('job', () => 'done')).toBe('done')
    expect(operation('job', { id: 1 }, () => 2)).toBe(2)
    expect([isLevelEnabled('info'), isLevelEnabled('debug')]).toEqual([true, false])
    expect(bindings()).toEqual({ service: 'test' })
    emit(
      {
        name: 'e',
        message: 'none',
        level: 'info',
        compile: () => ({ write: (_record: object, _fields: object, isOpen: boolean) => (isOpen ? '"' : '') }),
      },
      {},
    )
    const unit = begin({ name: 'job' })
    unit.end({ message: 'ended', level: 'info', fields: {}, failed: false, durationMs: 1 })
    silent('nothing')
    flushSync()
    await flush()
    expect(stats().emitted).toBe(records().length)
    await close()
  })

  it('uses the logger that the first reader had, from then on', () => {
    const { log, records } = create()
    const [a, b] = [log.child({ from: 'a' }), log.child({ from: 'b' })]
    const methods = [a.info, b.info, a.info, b.info]
    for (const method of methods) method('said')
    expect(records().map(({ from }) => from)).toEqual(['a', 'b', 'a', 'b'])
    expect(a.info).toBe(a.info)
  })
})

describe('an object that inherits from a logger', () => {
  it('logs as the logger, whichever of the two is read first', () => {
    const { log, records } = create()
    const first = Object.create(log.child({ from: 'parent' })) as typeof log
    first.info('inherited')
    const child = first.child({ own: 1 })
    child.info('child')
    expect(records()).toMatchObject([{ from: 'parent' }, { from: 'parent', own: 1 }])
  })
})

describe('log.bindings()', () => {
  it('returns the fields of every line, redacted, a copy under our names', () => {
    const { log } = create({ fields: { team: 'shop', password: 'hunter2' }, format: 'ecs' })
    const child = log.child({ user: { id: 7 } }, { name: 'db' })
    expect(child.bindings()).toMatchObject({
      service: 'test',
      logger: 'db',
      team: 'shop',
      password: '***REDACTED***',
      user: { id: 7 },
    })
    Object.assign(child.bindings(), { team: 'changed' })
    expect(child.bindings().team).toBe('shop')
  })
})

describe('createLogger({ serializers })', () => {
  const serializers = { user: ({ id }: { id: number }) => ({ id }) }

  it('replaces the values of fields, bindings and of what children log', () => {
    const { log, records } = create({ serializers })
    const user = { id: 7, email: 'ann@example.org' }
    log.info('call', { user })
    log.child({ user }).info('bound')
    log.child({}, { serializers: { other: () => 'own' } }).info('child', { user, other: 1 })
    expect(records()).toMatchObject([{ user: { id: 7 } }, { user: { id: 7 } }, { user: { id: 7 }, other: 'own' }])
    expect(JSON.stringify(records())).not.toContain('ann@')
  })

  it('counts the serializers that a prototype of its own has, as Fastify gives those of a plugin', () => {
    const { log, records } = create()
    const inherited = Object.create({ user: () => 'inherited', both: () => 'outer' }) as object
    log.child({}, { serializers: Object.assign(inherited, { both: () => 'inner' }) }).info('said', { user: 1, both: 1 })
    expect(records()).toMatchObject([{ user: 'inherited', both: 'inner' }])
  })

  it.each([
    [{ user: 'id' }, 'createLogger({ serializers: { user } }): got string; accepted: a function'],
    [['a'], 'createLogger({ serializers }): got array; accepted: an object of functions'],
  ])('refuses %j', (bad, message) => {
    expect(() => create({ serializers: bad as never })).toThrow(message)
  })
})

describe('createLogger({ mixin })', () => {
  it('is called once for each line that is logged, with its level, and never for a disabled one', () => {
    const levels: string[] = []
    const { log, records } = create({ mixin: (level) => ({ n: levels.push(level) }) })
    log.debug('disabled')
    log.info('one')
    log.warn('two', { a: 1 })
    log.audit('three')
    expect(levels).toEqual(['info', 'warn', 'info'])
    expect(records().map(({ n }) => n)).toEqual([1, 2, 3])
  })

  it('adds context: weaker than the context in force, the bindings and the fields of the call', () => {
    const { log, records } = create({ mixin: () => ({ a: 'mixin', b: 'mixin', c: 'mixin', d: 'mixin' }) })
    context.run({ b: 'context' }, () => log.child({ c: 'bound' }).info('said', { d: 'call' }))
    expect(records()).toMatchObject([{ a: 'mixin', b: 'context', c: 'bound', d: 'call' }])
  })

  it('is redacted', () => {
    const { log, destination } = create({ mixin: () => ({ password: 'hunter2', user: { token: 'hunter3' } }) })
    log.info('said')
    expect(destination.lines.join()).not.toMatch(/hunter/)
  })

  it('has its result of the time of the call on a line that is held', () => {
    let n = 0
    const { log, records } = create({ sampling: { success: 0 }, mixin: () => ({ n: ++n }) })
    expect(() =>
      log.operation('job', () => {
        log.info('held')
        n = 100
        throw new Error('broken')
      }),
    ).toThrow('broken')
    expect(records().map(({ message, n: at }) => [message, at])).toEqual([
      ['Operation started', 1],
      ['held', 2],
      ['Operation failed', 101],
    ])
  })

  it('costs no line when it throws, logs itself, or returns anything', () => {
    const returned: unknown[] = [undefined, null, 5, 'text', [1], new Proxy({}, { ownKeys: () => fail() })]
    for (const value of returned) {
      const { log, records } = create({ mixin: () => value as object })
      log.info('said')
      expect(records()).toHaveLength(1)
    }
    const { log, records } = create({
      mixin: () => {
        log.info('from the mixin')
        throw new Error('broken')
      },
    })
    log.info('said')
    expect(records().map(({ message }) => message)).toEqual(['from the mixin', 'said'])
  })

  it('must be a function', () => {
    expect(() => create({ mixin: {} as never })).toThrow('createLogger({ mixin }): got object; accepted: a function')
  })
})

it('accepts an interface without an index signature wherever fields are given', () => {
  interface User {
    readonly id: number
  }
  const user: User = { id: 7 }
  const { log, records } = create({ fields: user })
  log.child(user).info('said', user)
  context.run(user, () => context.set(user))
  log.operation('job', user, () => {})
  expect(records()[0]).toMatchObject({ id: 7 })
  expectTypeOf(log.child).toBeCallableWith(user)
})

it('gives a child the level of its parent where its own is empty', () => {
  const { log } = create({ level: 'warn' })
  expect(log.child({}, { level: '' }).level).toBe('warn')
})

it('keeps its parts out of a line that has a logger in a field', () => {
  const { log, destination } = create({ destination: fanOut([memory()]) })
  const child = log.child({ a: 1 })
  child.info('used')
  log.info('said', { service_object: { log: child } })
  expect(destination.lines).toEqual([])
  expect(JSON.stringify(child)).toBe('{}')
})

function fail(): never {
  throw new Error('broken')
}
