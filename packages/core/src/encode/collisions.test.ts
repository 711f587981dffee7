import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { COLLIDING } from '../../test-support/arbitrary.js'
import { capture } from '../../test-support/capture.js'
import { runs } from '../../test-support/runs.js'
import { parseStrictly } from '../../test-support/strict-json.js'
import { context } from '../context/context.js'
import type { Logger } from '../logger/logger.js'

const RESERVED = new Set([
  ...['timestamp', 'level', 'message', 'service', 'logger', 'log_type'],
  ...['sample_rate', 'truncated', 'boot_id', 'seq'],
])
const IDS = new Set(['request_id', 'trace_id', 'span_id', 'parent_span_id'])

type Bag = Readonly<Record<string, string>>

/** Where a name may have come to stand: under itself, or under `field_` and as many more as were taken. */
function reaches(from: string, to: string): boolean {
  return to.endsWith(from) && /^(?:field_)*$/.test(to.slice(0, to.length - from.length))
}

function capturing() {
  return capture({ level: 'trace', redact: false, maxLineBytes: 65_536, name: 'module' })
}

/** A line of bags of fields, the weakest first: contexts, bindings, a call. */
function lineOf(contexts: readonly Bag[], bindings: readonly Bag[], call: Bag, isAudit: boolean) {
  const { log, lines } = capturing()
  const logger = bindings.reduce((parent: Logger, own) => parent.child(own), log)
  const write = () => (isAudit ? logger.audit('said', call) : logger.info('said', call))
  contexts.reduceRight<() => void>((inner, layer) => () => context.run(layer, inner), write)()
  return parseStrictly(lines[0] ?? '') as Record<string, unknown>
}

function merged(bags: readonly Bag[]): Bag {
  return Object.fromEntries(bags.flatMap((bag) => Object.entries(bag)))
}

test('of fields that collide, the stronger stands and nothing else is lost', () => {
  const names = fc.constantFrom(...COLLIDING)
  let next = 0
  // Every value is another, so that each can be told on the line.
  const bag = fc
    .uniqueArray(names, { maxLength: 8 })
    .map((keys): Bag => Object.fromEntries(keys.map((key) => [key, `value ${next++}`])))
  const bagsOf = (most: number) => fc.array(bag, { maxLength: most })

  fc.assert(
    fc.property(bagsOf(2), bagsOf(3), bag, fc.boolean(), (contexts, layers, call, isAudit) => {
      const record = lineOf(contexts, layers, call, isAudit)
      const [around, bound] = [merged(contexts), merged(layers)]
      const placeOf = (value: string) => Object.keys(record).filter((key) => record[key] === value)

      expect(record).toMatchObject({ level: 'INFO', service: 'test', logger: 'module', message: 'said' })
      expect(record.log_type).toBe(isAudit ? 'audit' : undefined)

      for (const [key, value] of Object.entries(call)) {
        // A call's field is on the line, once; under its own name unless that is the logger's or the thread's.
        const places = placeOf(value)
        expect(places).toHaveLength(1)
        const isTaken = RESERVED.has(key) || (IDS.has(key) && (Object.hasOwn(around, key) || Object.hasOwn(bound, key)))
        expect(places[0]).toSatisfy((place: string) => reaches(key, place) && (place !== key) === isTaken)
      }
      for (const [key, value] of Object.entries(bound)) {
        const places = placeOf(value)
        const [place] = places
        if (IDS.has(key)) {
          // The thread's id is the context's; the bindings' is the nearest logger's.
          expect(place).toSatisfy((at: string) => reaches(key, at) && (at === key) === !Object.hasOwn(around, key))
        } else {
          // It is missing only where something stronger has taken the name.
          const isShadowed = Object.keys({ ...bound, ...call }).some((other) => other !== key && reaches(other, key))
          if (places.length === 0)
            expect(Object.hasOwn(call, key) || isShadowed || shadowsMoved(key, bound, call)).toBe(true)
          else expect(place).toSatisfy((at: string) => reaches(key, at) && (at !== key) === RESERVED.has(key))
        }
      }
      for (const [key, value] of Object.entries(around)) {
        const places = placeOf(value)
        if (IDS.has(key)) expect(places).toEqual([key])
        else if (places.length === 0) {
          const stronger = Object.keys({ ...bound, ...call })
          expect(stronger.some((other) => reaches(other, key) || reaches(key, other))).toBe(true)
        } else expect(places[0]).toSatisfy((at: string) => reaches(key, at))
      }
    }),
    { numRuns: runs(5_000) },
  )
})

/** Whether a name that a reserved field of the bindings was moved to is one that another layer or the call has. */
function shadowsMoved(key: string, ...stronger: readonly Bag[]): boolean {
  return (
    RESERVED.has(key) && stronger.some((bag) => Object.keys(bag).some((other) => other !== key && reaches(key, other)))
  )
}

describe('the thread’s ids', () => {
  test('are the context’s, and the others are kept beside them', () => {
    expect(lineOf([{ request_id: 'context' }], [{ request_id: 'bound' }], { request_id: 'call' }, false)).toMatchObject(
      {
        request_id: 'context',
        field_request_id: 'call',
        field_field_request_id: 'bound',
      },
    )
  })

  test('are the bindings’ where the context has none, and the call’s where neither has', () => {
    expect(lineOf([], [{ request_id: 'bound' }], { request_id: 'call' }, false)).toMatchObject({
      request_id: 'bound',
      field_request_id: 'call',
    })
    expect(lineOf([], [], { request_id: 'call' }, false)).toMatchObject({ request_id: 'call' })
  })

  test('stand once where all say the same', () => {
    const same = { request_id: 'r1', trace_id: 't1' }
    const { timestamp, ...record } = lineOf([same], [same], same, false)
    expect(record).toEqual({ level: 'INFO', service: 'test', logger: 'module', message: 'said', ...same })
  })
})

describe('a field that is first bound after the line’s own fields were named', () => {
  test('stands once, the call’s over the context’s', () => {
    expect(lineOf([{ user_id: 'context' }], [], { user_id: 'call' }, false)).toMatchObject({ user_id: 'call' })
  })

  test('is the later one where the context is set again', () => {
    const { log, records } = capturing()
    context.run({ user_id: 1 }, () => {
      log.info('first', { user_id: 0 })
      context.set({ user_id: 2 })
      log.info('second')
      log.info('third', { user_id: 3 })
    })
    expect(records().map(({ user_id }) => user_id)).toEqual([0, 2, 3])
  })
})

test('no caller passes a line off as an audit', () => {
  for (const log_type of ['audit', 'application']) {
    expect(lineOf([{ log_type }], [], {}, false)).toMatchObject({ field_log_type: log_type })
    expect(lineOf([], [{ log_type }], {}, false)).not.toHaveProperty('log_type')
    expect(lineOf([], [], { log_type }, false)).not.toHaveProperty('log_type')
  }
})

test('an error of the bindings gives way to the call’s, with what belongs to it', () => {
  const { log, last } = capturing()
  const bound = log.child({ error: new RangeError('bound') })
  bound.error('failed', new TypeError('called'))
  expect(last()).toMatchObject({
    error: 'called',
    error_type: 'TypeError',
    traceback: expect.stringContaining('called'),
  })
  bound.info('fine')
  expect(last()).toMatchObject({ error: 'bound', error_type: 'RangeError' })
})

test('what the caller says of an error is stronger than what the error says', () => {
  const { log, last } = capturing()
  log.error('failed', { error_type: 'Declined', error: new Error('no'), traceback: 'none', error_code: 7 })
  expect(last()).toMatchObject({ error: 'no', error_type: 'Declined', traceback: 'none', error_code: 7 })
})

test('a child of a child has each name once, the nearest’s', () => {
  const { log, lines } = capturing()
  let logger: Logger = log
  for (let i = 0; i < 50; i++) logger = logger.child({ depth: i, [`own${i % 5}`]: i, level: i })
  logger.info('deep')
  expect(parseStrictly(lines[0] ?? '')).toMatchObject({ depth: 49, own0: 45, own4: 49, field_level: 49 })
})

describe('a value that logs while it is being written', () => {
  test('writes a line of its own, and leaves the one around it as it would have been', () => {
    const { log, lines } = capturing()
    const logger = log.child({ a: 'bound', request_id: 'bound' })
    const noisy = {
      toJSON() {
        logger.info('within', { a: 'within', b: { toJSON: () => 'x' } })
        return 'noisy'
      },
    }
    logger.info('around', {
      a: 'around',
      get read() {
        log.child({ c: noisy }).info('deeper', { c: 1 })
        return 'getter'
      },
      noisy,
      request_id: 'call',
    })
    const records = lines.map((line) => parseStrictly(line) as Record<string, unknown>)
    const around = records.find(({ message }) => message === 'around')
    expect(around).toMatchObject({
      ...{ a: 'around', read: 'getter', noisy: 'noisy', request_id: 'bound', field_request_id: 'call' },
    })
    expect(records.filter(({ message }) => message === 'within').length).toBeGreaterThan(0)
    expect(records.filter(({ message }) => message === 'deeper')).toHaveLength(1)
  })

  test('ends although it logs itself', () => {
    const { log, lines } = capturing()
    const endless = {
      toJSON(): unknown {
        log.info('again', { endless: this })
        return 1
      },
    }
    log.info('start', { endless })
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines.slice(-3)) parseStrictly(line)
    log.info('after', { a: [1] })
    expect(parseStrictly(lines.at(-1) ?? '')).toMatchObject({ message: 'after', a: [1] })
  })
})
