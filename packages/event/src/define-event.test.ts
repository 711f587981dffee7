import fc from 'fast-check'
import { context, createLogger, type LoggerOptions, memory, setLevel } from 'throughline'
import { describe, expect, it } from 'vitest'
import { repeatedNames } from '../../core/test-support/repeated-names.js'
import { defineEvent } from './define-event.js'

function logTo(options: LoggerOptions = {}) {
  const destination = memory()
  return { destination, log: createLogger({ service: 'shop', env: {}, destination, ...options }) }
}

const text = { type: 'string' } as const
const ordered = defineEvent('order_placed', {
  type: 'object',
  properties: {
    order_id: text,
    amount: { type: 'number' },
    express: { type: 'boolean' },
    customer: { type: 'object', properties: { id: text, tier: text } },
    lines: { type: 'array', items: { type: 'object', properties: { sku: text, qty: { type: 'integer' } } } },
  },
  required: ['order_id'],
})

describe('a line of an event', () => {
  it('has the name, the message and the listed fields', () => {
    const { destination, log } = logTo()
    const customer = { id: 'c-1', tier: 'gold', card: 'canary' }
    const lines = [{ sku: 's-1', qty: 2, cost: 'canary' }]
    const fields = { order_id: 'o-1', amount: 12.5, express: true, customer, lines, other: 'canary' }
    log.emit(ordered, fields as never)
    expect(destination.lines[0]?.replace(/"timestamp":"[^"]+"/, '"timestamp":"…"')).toBe(
      '{"timestamp":"…","level":"INFO","service":"shop","message":"order_placed","event":"order_placed","order_id":"o-1","amount":12.5,"express":true,"customer":{"id":"c-1","tier":"gold"},"lines":[{"sku":"s-1","qty":2}]}',
    )
    expect(fields.customer).toEqual({ id: 'c-1', tier: 'gold', card: 'canary' })
  })

  it('has the level and the message that the definition gives, else the title of the schema', () => {
    const { destination, log } = logTo()
    const schema = { title: 'Card declined', description: 'Longer.', type: 'object', properties: {} } as const
    log.emit(defineEvent('card_declined', schema, { level: 'warn' }), {})
    log.emit(defineEvent('card_declined', schema, { message: 'No money' }), {})
    expect(destination.records).toMatchObject([
      { level: 'WARN', message: 'Card declined', event: 'card_declined' },
      { level: 'INFO', message: 'No money', event: 'card_declined' },
    ])
  })

  it('is not written below the threshold, in force or per context', () => {
    const { destination, log } = logTo({ level: 'warn,[tenant=a]=info' })
    log.emit(ordered, { order_id: 'none' })
    context.run({ tenant: 'a' }, () => log.emit(ordered, { order_id: 'one' }))
    setLevel('info')
    log.emit(ordered, { order_id: 'two' })
    setLevel('')
    expect(destination.records.map((record) => record.order_id)).toEqual(['one', 'two'])
  })

  it('writes what a getter gives once, whatever it would give next', () => {
    const { destination, log } = logTo()
    let reads = 0
    const sly = {
      get order_id() {
        reads++
        return reads === 1 ? 'first' : 'canary'
      },
    }
    log.emit(ordered, sly)
    expect(destination.records[0]).toMatchObject({ order_id: 'first' })
    expect(reads).toBe(1)
  })

  it('survives a getter that emits the same event', () => {
    const { destination, log } = logTo()
    const fields = {
      order_id: 'outer',
      get amount() {
        log.emit(ordered, { order_id: 'inner', amount: 1 })
        return 2
      },
    }
    log.emit(ordered, fields)
    expect(destination.records).toMatchObject([
      { order_id: 'inner', amount: 1 },
      { order_id: 'outer', amount: 2 },
    ])
  })

  it('uses the serializers of its logger', () => {
    const { destination, log } = logTo()
    log.child({}, { serializers: { order_id: (id: string) => `#${id}` } }).emit(ordered, { order_id: '1' })
    expect(destination.records[0]).toMatchObject({ order_id: '#1' })
  })
})

describe('a value of another type', () => {
  it.each([
    ['a number for text', { order_id: 7 }, { order_id: '7' }],
    ['a numeric text for a number', { amount: '7.5' }, { amount: 7.5 }],
    ['a word for a boolean', { express: 'false' }, { express: false }],
    ['a date for text', { order_id: new Date(0) }, { order_id: '1970-01-01T00:00:00.000Z' }],
    ['an Error for text', { order_id: new Error('no') }, { order_id: 'no' }],
    ['an object with toJSON for text', { order_id: { toJSON: () => 'id' } }, { order_id: 'id' }],
    ['a BigInt for a number', { amount: 7n }, { amount: 7 }],
    ['NaN', { amount: Number.NaN }, { amount: null }],
  ])('is turned where nothing is lost: %s', (_, fields, expected) => {
    const { destination, log } = logTo()
    log.emit(ordered, { order_id: 'o', ...fields } as never)
    expect(destination.records[0]).toMatchObject(expected)
    expect(destination.records[0]).not.toHaveProperty('event_mismatch')
  })

  it.each([
    ['an object for text', { order_id: { a: 'canary' } }, 'order_id'],
    ['text for an object', { customer: 'canary' }, 'customer'],
    ['text for a list', { lines: 'canary' }, 'lines'],
    ['null', { order_id: null }, 'order_id'],
    ['text within a list', { lines: [{ qty: 1 }, { qty: 'canary' }] }, 'lines.1.qty'],
  ])('is not written, and said: %s', (_, fields, place) => {
    const { destination, log } = logTo()
    log.emit(ordered, { order_id: 'o', ...fields } as never)
    expect(destination.records[0]).toMatchObject({ event: 'order_placed', event_mismatch: [place] })
    expect(destination.lines[0]).not.toContain('canary')
  })

  it.each([undefined, null, 7, 'canary', [], new Map(), () => 'canary', Symbol('canary'), new Proxy({}, thrower())])(
    'of all fields is an event without any: case %#',
    (fields) => {
      const { destination, log } = logTo()
      log.emit(ordered, fields as never)
      expect(destination.records[0]).toMatchObject({ event: 'order_placed' })
      expect(destination.lines[0]).not.toContain('canary')
    },
  )

  it('is said once, also where the schema lists the name under which it is said', () => {
    const { destination, log } = logTo()
    const properties = { event_mismatch: text, amount: { type: 'number' } } as const
    log.emit(defineEvent('tried', { type: 'object', properties }), { event_mismatch: 'own', amount: 'much' } as never)
    expect(repeatedNames(destination.lines[0] ?? '')).toEqual([])
    expect(destination.records[0]).toMatchObject({ event_mismatch: ['amount'] })
  })

  it('that is no event writes nothing and throws nothing', () => {
    const { destination, log } = logTo()
    for (const event of [undefined, null, 'order_placed', {}, { level: 'info' }]) log.emit(event as never, {})
    expect(destination.lines.length).toBeLessThanOrEqual(1)
  })
})

function thrower(): ProxyHandler<object> {
  const fail = () => {
    throw new Error('hostile')
  }
  return { get: fail, ownKeys: fail, getPrototypeOf: fail, has: fail, getOwnPropertyDescriptor: fail }
}

describe('redaction', () => {
  const schema = {
    type: 'object',
    properties: {
      password: text,
      note: text,
      user: { type: 'object', properties: { email: text, api_key: text, name: text } },
      headers: { type: 'array', items: text },
      parts: { type: 'array', items: text },
      pairs: { type: 'array', items: { type: 'object', properties: { name: text, value: text } } },
    },
  } as const
  const event = defineEvent('tried', schema)

  it('holds for secret keys, at any depth', () => {
    const { destination, log } = logTo({ redact: { keys: ['note'] } })
    log.emit(event, { password: 'canary', note: 'canary', user: { api_key: 'canary', name: 'ann' } })
    expect(destination.lines[0]).not.toContain('canary')
    expect(destination.records[0]).toMatchObject({ password: '***REDACTED***', user: { name: 'ann' } })
    expect(log.stats().redacted).toMatchObject({ password: 1 })
  })

  it('holds for paths', () => {
    const { destination, log } = logTo({ redact: { paths: ['user.email', '*.name'] } })
    log.emit(event, { user: { email: 'canary', name: 'canary' }, note: 'kept' })
    expect(destination.lines[0]).not.toContain('canary')
    expect(destination.records[0]).toMatchObject({ note: 'kept' })
  })

  it('holds for detectors, counted once', () => {
    const { destination, log } = logTo({ redact: { detect: 'all' } })
    const card = '4111 1111 1111 1111'
    log.emit(event, { note: `paid with ${card}`, user: { name: card }, headers: [card] })
    expect(destination.lines[0]).not.toContain('4111 1111')
    expect(Object.values(log.stats().redacted).reduce((sum, count) => sum + count, 0)).toBe(3)
  })

  it('holds for detectors in objects and lists that a serializer writes, counted once', () => {
    const { destination, log } = logTo({ redact: { detect: 'all' } })
    const card = '4111 1111 1111 1111'
    log.emit(ordered, { order_id: 'o', customer: { id: card }, lines: [{ sku: card }] })
    expect(destination.lines[0]).not.toContain('4111 1111')
    expect(Object.values(log.stats().redacted).reduce((sum, count) => sum + count, 0)).toBe(2)
  })

  it('holds for raw header lists and for pairs of names and values', () => {
    const { destination, log } = logTo()
    log.emit(event, {
      headers: ['Authorization', 'canary'],
      parts: ['Authorization', 'canary'],
      pairs: [{ name: 'Cookie', value: 'canary' }],
    })
    expect(destination.lines[0]).not.toContain('canary')
  })

  it('is by its own choice of each root logger', () => {
    const one = logTo({ redact: { keys: ['note'] } })
    const other = logTo({ redact: false })
    for (const { log } of [one, other, one]) log.emit(event, { note: 'n', password: 'p' })
    expect(one.destination.records.map((record) => record.note)).toEqual(['***REDACTED***', '***REDACTED***'])
    expect(other.destination.records[0]).toMatchObject({ note: 'n', password: 'p' })
  })
})

describe('x-log', () => {
  const schema = {
    type: 'object',
    properties: {
      email: { type: 'string', 'x-log': 'hash' },
      card: { type: ['string', 'null'], 'x-log': 'mask' },
      notes: { type: 'object', properties: { text }, 'x-log': 'redact' },
      people: { type: 'array', items: { type: 'object', properties: { email: { ...text, 'x-log': 'mask' } } } },
      password: { ...text, 'x-log': 'mask' },
    },
  } as const
  const event = defineEvent('tried', schema)
  const fields = { email: 'ann@example.org', card: '4111111111111111', notes: { text: 'canary' } }
  const hashKey = '0123456789abcdef0123456789abcdef'

  it('hides as it says, with the logger redacting or not, and is counted', () => {
    for (const redact of [{ hashKey }, false as const]) {
      const { destination, log } = logTo({ redact, env: { LOG_HASH_KEY: hashKey } })
      log.emit(event, { ...fields, people: [{ email: 'bob@example.org' }] })
      expect(destination.records[0]).toMatchObject({
        email: expect.stringMatching(/^hmac:[0-9a-f]{16}$/),
        card: '****1111',
        notes: '***REDACTED***',
        people: [{ email: '****.org' }],
      })
      expect(log.stats().redacted).toEqual({ 'x-log:hash': 1, 'x-log:mask': 2, 'x-log:redact': 1 })
    }
  })

  it('gives the same hash as the logger gives', () => {
    const { destination, log } = logTo({ redact: { keys: ['mail'], censor: 'hash', hashKey } })
    log.info('said', { mail: 'ann@example.org' })
    log.emit(event, fields)
    expect(destination.records[1]?.email).toBe(destination.records[0]?.mail)
  })

  it('redacts where a hash has no key', () => {
    const { destination, log } = logTo()
    log.emit(event, fields)
    expect(destination.records[0]).toMatchObject({ email: '***REDACTED***' })
  })

  it('gives way to a rule of the logger, and leaves null', () => {
    const { destination, log } = logTo()
    log.emit(event, { password: 'long enough canary', card: null })
    expect(destination.records[0]).toMatchObject({ password: '***REDACTED***', card: null })
  })

  it.each([{}, [], new Date(Number.NaN), new Proxy({}, thrower()), { toJSON: () => ({}) }, 7n, Symbol('canary')])(
    'never throws and never shows: case %#',
    (value) => {
      const { destination, log } = logTo({ redact: { hashKey } })
      log.emit(event, { email: value, card: value, notes: value, people: [{ email: value }] } as never)
      expect(destination.lines).toHaveLength(1)
      expect(destination.lines[0]).not.toContain('canary')
    },
  )
})

describe('the names of a line', () => {
  const keys = ['level', 'service', 'request_id', 'user_id', 'event_mismatch', 'field_level', 'log_type', 'error']
  const event = defineEvent('tried', {
    type: 'object',
    properties: Object.fromEntries(keys.map((key) => [key, text])),
  })

  it('stand once, whatever logger and context have bound, and in every format', () => {
    const fields = fc.dictionary(fc.constantFrom(...keys, 'event'), fc.string())
    const format = fc.constantFrom('json', 'ecs', 'otel', 'splunk', 'pino') as fc.Arbitrary<'json'>
    fc.assert(
      fc.property(fields, fields, fields, format, (own, bindings, around, format) => {
        const { destination, log } = logTo({ format })
        const child = log.child(bindings)
        child.emit(event, own as never)
        context.run(around, () => child.emit(event, own as never))
        for (const line of destination.lines) expect(repeatedNames(line)).toEqual([])
      }),
    )
  })

  it("are the event's before the logger's and the context's, but for the thread's ids", () => {
    const { destination, log } = logTo()
    const child = log.child({ user_id: 'bound', event: 'bound' })
    context.run({ request_id: 'r-1', user_id: 'around' }, () => {
      child.emit(event, { user_id: 'own', request_id: 'other', level: 'mine' } as never)
    })
    expect(destination.records[0]).toMatchObject({
      event: 'tried',
      user_id: 'own',
      request_id: 'r-1',
      field_request_id: 'other',
      level: 'INFO',
      field_level: 'mine',
    })
  })
})

describe('for any fields', () => {
  const scalar = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.boolean(), fc.constant(null), fc.bigInt())
  const named = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 })
  const listable = named.filter((name) => name !== '__proto__' && name !== 'event')
  const hostile = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
  })

  it('an event is one valid line, with what a plain call writes of the listed fields', () => {
    fc.assert(
      fc.property(fc.dictionary(listable, scalar, { noNullPrototype: true }), fc.boolean(), (fields, redacts) => {
        const { destination, log } = logTo(redacts ? { redact: { detect: 'all' } } : { redact: false })
        const type = ['string', 'number', 'boolean', 'null']
        const properties = Object.fromEntries(Object.keys(fields).map((key) => [key, { type }]))
        log.info('tried', { event: 'tried', ...fields })
        log.emit(defineEvent('tried', { type: 'object', properties }), fields)
        const [plain, typed] = destination.records.map(({ timestamp, ...rest }) => rest)
        expect(typed).toEqual(plain)
      }),
    )
  })

  it('nothing that is not listed is written, nothing thrown, nothing changed', () => {
    const keys = fc.constantFrom('order_id', 'amount', 'customer', 'lines', 'id', 'sku', 'toJSON', 'x')
    const tree = fc.dictionary(
      keys,
      fc.oneof(hostile, fc.dictionary(keys, hostile), fc.array(fc.dictionary(keys, hostile))),
    )
    fc.assert(
      fc.property(tree, (fields) => {
        const planted = {
          ...fields,
          unlisted: 'canary-1',
          customer: { ...(fields.customer as object), unlisted: 'canary-2' },
        }
        const { destination, log } = logTo()
        log.emit(ordered, planted as never)
        expect(destination.lines).toHaveLength(1)
        expect(() => JSON.parse(destination.lines[0] ?? '')).not.toThrow()
        expect(destination.lines[0]).not.toContain('canary')
        expect(planted.unlisted).toBe('canary-1')
      }),
    )
  })

  it('objects and lists are written as a plain call writes them', () => {
    const string = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\u2028', '\ud800', '"\\', 'x'.repeat(2000)))
    const line = fc.record({ sku: string, qty: fc.oneof(fc.integer(), fc.constant(-0)) }, { noNullPrototype: true })
    fc.assert(
      fc.property(fc.array(line, { maxLength: 120 }), string, (lines, id) => {
        const { destination, log } = logTo()
        const fields = { order_id: id, customer: { id }, lines }
        log.info('order_placed', { event: 'order_placed', ...fields })
        log.emit(ordered, fields)
        const [plain, typed] = destination.lines.map((text) => text.slice(text.indexOf('"level"')))
        expect(typed).toBe(plain)
      }),
    )
  })
})

describe('a long event', () => {
  it('fits the budget and says what was cut', () => {
    const { destination, log } = logTo({ maxLineBytes: 2048 })
    const lines = Array.from({ length: 5000 }, (_, qty) => ({ sku: 's', qty }))
    log.emit(ordered, { order_id: 'x'.repeat(100_000), lines })
    expect(Buffer.byteLength(destination.lines[0] ?? '')).toBeLessThanOrEqual(2048)
    expect(destination.records[0]).toMatchObject({
      event: 'order_placed',
      truncated: expect.arrayContaining(['order_id']),
    })
  })
})

describe('in an operation', () => {
  it('is held with the other lines, as it was when it was emitted', async () => {
    const { destination, log } = logTo({ sampling: { success: 0 } })
    const fields = { order_id: 'o-1', customer: { id: 'then' } }
    const failed = log.operation('job', async () => {
      log.emit(ordered, fields)
      fields.customer.id = 'later'
      expect(destination.lines).toHaveLength(0)
      throw new Error('failed')
    })
    await expect(failed).rejects.toThrow('failed')
    expect(destination.records.find((record) => record.event === 'order_placed')).toMatchObject({
      customer: { id: 'then' },
    })
  })

  it('goes with a success that sampling lets go', async () => {
    const { destination, log } = logTo({ sampling: { success: 0 } })
    await log.operation('job', async () => log.emit(ordered, { order_id: 'o-1' }))
    expect(destination.lines).toHaveLength(0)
    expect(log.stats().sampledOut).toBeGreaterThan(0)
  })
})
