import { EventEmitter, once } from 'node:events'
import { pipeline, Readable, Transform } from 'node:stream'
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { capture } from '../../test-support/capture.js'
import { HOSTILE } from '../../test-support/hostile.js'
import { runs } from '../../test-support/runs.js'
import { context } from './context.js'

describe('a context', () => {
  test('has its fields while the function runs, and what the function returns comes back', () => {
    expect(context.get('a')).toBeUndefined()
    expect(context.run({ a: 1, b: 'x' }, () => [context.get('a'), context.fields()])).toEqual([1, { a: 1, b: 'x' }])
    expect(context.fields()).toEqual({})
  })

  test('within another adds its fields to those around it, and they are gone behind it', () => {
    context.run({ a: 1, b: 1 }, () => {
      context.run({ b: 2, c: 2 }, () => expect(context.fields()).toEqual({ a: 1, b: 2, c: 2 }))
      expect(context.fields()).toEqual({ a: 1, b: 1 })
    })
  })

  test('takes more fields while it runs, for itself and what lies within it from then on', () => {
    context.run({ a: 1 }, () => {
      expect(context.set({ b: 2 })).toBe(true)
      context.run({}, () => {
        expect(context.get('b')).toBe(2)
        context.set({ a: 'inner', c: 3 })
        expect(context.fields()).toEqual({ a: 'inner', b: 2, c: 3 })
      })
      expect(context.fields()).toEqual({ a: 1, b: 2 })
    })
  })

  test('outside any, takes nothing and says so', () => {
    expect(context.set({ a: 1 })).toBe(false)
    expect(context.fields()).toEqual({})
  })

  test('gives copies: neither what it was given nor what it gives changes it', () => {
    const given: Record<string, unknown> = { a: 1 }
    context.run(given, () => {
      given.a = 2
      Object.assign(context.fields(), { a: 3, b: 4 })
      expect(context.fields()).toEqual({ a: 1 })
    })
  })

  test('ends with an error of the function, which is passed on', () => {
    const error = new Error('no')
    expect(() =>
      context.run({ a: 1 }, () => {
        throw error
      }),
    ).toThrow(error)
    expect(context.fields()).toEqual({})
  })

  test('has no fields that nobody gave, whatever their names', () => {
    context.run({}, () => {
      for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
        expect(context.get(name)).toBeUndefined()
      }
    })
    context.run(JSON.parse('{"__proto__":{"polluted":1}}'), () => {
      expect(context.get('polluted')).toBeUndefined()
      expect(context.get('__proto__')).toEqual({ polluted: 1 })
    })
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  test('of fields that cannot be read has those that can', () => {
    context.run(HOSTILE['throwing getter']?.() as object as Record<string, unknown>, () => {
      expect(context.fields()).toEqual({ ok: 1, after: 2 })
    })
    for (const make of Object.values(HOSTILE)) {
      const fields = make() as Record<string, unknown>
      if (typeof fields === 'object') expect(context.run(fields, () => context.set(fields))).toBe(true)
    }
  })
})

describe('a context goes along', () => {
  const within = <T>(fn: () => T) => context.run({ request_id: 'r1' }, fn)
  const id = () => context.get('request_id')

  test('through await, promises, microtasks and timers', async () => {
    await within(async () => {
      expect(id()).toBe('r1')
      await sleep(1)
      expect(id()).toBe('r1')
      await immediate()
      expect(id()).toBe('r1')
      expect(await Promise.all([1, 2].map(async () => id()))).toEqual(['r1', 'r1'])
      expect(await new Promise((resolve) => queueMicrotask(() => resolve(id())))).toBe('r1')
      expect(await new Promise((resolve) => process.nextTick(() => resolve(id())))).toBe('r1')
      expect(await new Promise((resolve) => setTimeout(() => resolve(id()), 1))).toBe('r1')
    })
    expect(id()).toBeUndefined()
  })

  test('through streams and asynchronous generators', async () => {
    const seen: unknown[] = []
    await within(async () => {
      const upper = new Transform({
        transform(chunk, _, done) {
          seen.push(id())
          done(null, chunk)
        },
      })
      await new Promise((resolve) => pipeline(Readable.from(['a', 'b']), upper, resolve).resume())
      for await (const _ of Readable.from(['c'])) seen.push(id())
    })
    expect(new Set(seen)).toEqual(new Set(['r1']))
  })

  test('with a field that is set after the work began', async () => {
    await within(async () => {
      const later = sleep(5).then(() => context.get('user_id'))
      context.set({ user_id: 7 })
      expect(await later).toBe(7)
    })
  })

  test('to an emitter’s listener only where it is bound', async () => {
    const emitter = new EventEmitter()
    const heard: unknown[] = []
    within(() => {
      emitter.on('said', () => heard.push(id()))
      emitter.on(
        'said',
        context.bind((...args: unknown[]) => heard.push([id(), ...args])),
      )
    })
    const done = once(emitter, 'said')
    context.run({ request_id: 'r2' }, () => emitter.emit('said', 1, 'two'))
    await done
    expect(heard).toEqual(['r2', ['r1', 1, 'two']])
  })

  test('a bound function gives back what it returns, and passes on what it throws', () => {
    const bound = within(() => context.bind((n: number) => [id(), n + 1]))
    expect(bound(1)).toEqual(['r1', 2])
    const failing = within(() =>
      context.bind(() => {
        throw new RangeError('no')
      }),
    )
    expect(failing).toThrow(RangeError)
  })
})

test('of many at once, each line carries its own request’s fields and no other’s', async () => {
  const { log, records } = capture()
  const child = log.child({ component: 'worker' })
  const work = async (n: number) => {
    child.info('begun', { n })
    await sleep(n % 7)
    context.set({ user_id: `u${n}` })
    child.info('going on', { n })
    await immediate()
    await context.run({ step: n }, async () => {
      await sleep(n % 3)
      child.info('within', { n })
    })
    child.info('done', { n })
  }
  await Promise.all(Array.from({ length: 300 }, (_, n) => context.run({ request_id: `r${n}` }, () => work(n))))
  expect(records()).toHaveLength(1_200)
  for (const { message, n, request_id, user_id, step } of records()) {
    expect(request_id).toBe(`r${n}`)
    expect(user_id).toBe(message === 'begun' ? undefined : `u${n}`)
    expect(step).toBe(message === 'within' ? n : undefined)
  }
})

test('a line has the context as it is at the call, for each root logger in its own way', () => {
  const [one, two] = [capture(), capture({ redact: { keys: ['user_id'] } })]
  context.run({ user_id: 1 }, () => {
    for (const { log } of [one, two, one, two]) log.info('said')
    context.set({ user_id: 2, deep: { a: 1 } })
    for (const { log } of [one, two]) log.info('said')
  })
  expect(one.records().map(({ user_id, deep }) => [user_id, deep])).toEqual([
    [1, undefined],
    [1, undefined],
    [2, { a: 1 }],
  ])
  expect(two.records().map(({ user_id }) => user_id)).toEqual(Array(3).fill('***REDACTED***'))
})

test('any steps of run and set give the fields that a plain model gives', () => {
  const bag = fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor'), fc.nat(9), { maxKeys: 3 })
  const { steps } = fc.letrec((tie) => ({
    steps: fc.array(
      fc.oneof(
        { depthSize: 'small' },
        fc.record({ kind: fc.constant('set' as const), fields: bag }),
        fc.record({ kind: fc.constant('run' as const), fields: bag, inner: tie('steps') }),
      ),
      { maxLength: 4 },
    ),
  }))
  type Step = { readonly kind: 'set' | 'run'; readonly fields: Record<string, number>; readonly inner?: Step[] }
  const follow = (list: readonly Step[], model: Map<string, number>) => {
    for (const { kind, fields, inner = [] } of list) {
      if (kind === 'set') {
        context.set(fields)
        for (const [key, value] of Object.entries(fields)) model.set(key, value)
      } else context.run(fields, () => follow(inner, new Map([...model, ...Object.entries(fields)])))
      for (const [key, value] of model) expect(context.get(key)).toBe(value)
      expect(Object.keys(context.fields()).length).toBe(model.size)
    }
  }
  fc.assert(
    fc.property(steps as fc.Arbitrary<Step[]>, (list) => context.run({}, () => follow(list, new Map()))),
    { numRuns: runs(1_000) },
  )
})
