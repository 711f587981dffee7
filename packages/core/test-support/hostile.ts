import { runInNewContext } from 'node:vm'

/** Thrown by what is hostile, and nothing that a message could be made of. */
const GRUDGE = Object.create(null)

function grudge(): never {
  throw GRUDGE
}

const THROWING: ProxyHandler<object> = {
  get: grudge,
  has: grudge,
  ownKeys: grudge,
  getPrototypeOf: grudge,
  getOwnPropertyDescriptor: grudge,
}

function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

/** Says something else every time it is asked. */
function fickle(keys: readonly string[]): object {
  let asked = 0
  return new Proxy(
    {},
    {
      ownKeys: () => [...keys],
      get: () => (asked++ % 3 === 0 ? undefined : asked),
      getOwnPropertyDescriptor: () =>
        asked++ % 3 === 0 ? undefined : { value: asked, enumerable: true, configurable: true },
    },
  )
}

function circular(): object {
  const list: unknown[] = []
  const owner: Record<string, unknown> = { list }
  owner.self = owner
  list.push(owner, list)
  return owner
}

function causes(): Error {
  const first = new Error('first')
  const second = new TypeError('second', { cause: first })
  first.cause = second
  return new AggregateError([first, second, 'third', null], 'all of them', { cause: second })
}

function changed(base: Error, properties: PropertyDescriptorMap): Error {
  return Object.defineProperties(base, properties)
}

function sparse(): unknown[] {
  const list: unknown[] = []
  list[7] = 'last'
  return list
}

function deep(levels: number): object {
  let value: object = { end: true }
  for (let i = 0; i < levels; i++) value = i % 2 === 0 ? { in: value } : [value]
  return value
}

class Endless extends Map<unknown, unknown> {
  override *[Symbol.iterator](): MapIterator<[unknown, unknown]> {
    for (;;) yield ['a', 1]
  }
}

class LyingDate extends Date {
  override toISOString(): string {
    return '"}\n{"'
  }
}

class Money {
  readonly #cents = 5
  readonly currency = 'EUR'
  toJSON(): unknown {
    return { cents: this.#cents, currency: this.currency }
  }
}

const elsewhere = runInNewContext('() => new TypeError("elsewhere", { cause: new Error("there") })') as () => unknown

/** One of each kind of value that has broken a serializer, made anew at every call. */
export const HOSTILE: Readonly<Record<string, () => unknown>> = {
  'throwing getter': () => ({
    ok: 1,
    get bad() {
      return grudge()
    },
    after: 2,
  }),
  'throwing getters of reserved names': () =>
    Object.defineProperties(
      {},
      Object.fromEntries(
        ['level', 'error', 'value', 'name', 'toJSON'].map((key) => [key, { get: grudge, enumerable: true }]),
      ),
    ),
  'revoked proxy of an object': () => revoked({}),
  'revoked proxy of a list': () => revoked([]),
  'revoked proxy of a function': () => revoked(() => {}),
  'proxy whose traps throw': () => new Proxy({ a: 1 }, THROWING),
  'proxy that throws when read': () => new Proxy({ a: 1, level: 2 }, { get: grudge }),
  'proxy that throws when its keys are described': () =>
    new Proxy({ a: 1, error_type: 2, level: 3 }, { getOwnPropertyDescriptor: grudge }),
  'proxy of an error': () => new Proxy(new Error('behind a proxy'), {}),
  'proxy of an error whose reads throw': () => new Proxy(new Error('behind a proxy'), { get: grudge }),
  'proxy of a list with no sound length': () =>
    new Proxy([1, 2], { get: (target, key) => (key === 'length' ? Symbol('length') : Reflect.get(target, key)) }),
  'proxy that says something else every time': () =>
    fickle(['error', 'error_type', 'level', 'field_level', 'request_id', 'a', 'value', 'name', 'logging_error']),
  'toJSON that throws': () => ({ a: 1, toJSON: grudge }),
  'toJSON that returns itself': () => ({
    a: 1,
    toJSON() {
      return this
    },
  }),
  'toJSON that returns what has one again': () => {
    const again = () => ({ toJSON: again, deeper: 1 })
    return again()
  },
  'toJSON that returns a hostile value': () => ({ toJSON: () => revoked({}) }),
  'toJSON that returns text': () => ({ toJSON: () => 'as text' }),
  'toJSON that returns a list': () => ({ toJSON: () => [1, 'two'] }),
  'toJSON that is a getter that throws': () =>
    Object.defineProperty({ a: 1 }, 'toJSON', { get: grudge, enumerable: true }),
  'toJSON that is no function': () => ({ toJSON: 'text', a: 1 }),
  'instance with toJSON': () => new Money(),
  circular,
  'BigInt, safe': () => 42n,
  'BigInt, unsafe': () => 2n ** 64n,
  symbol: () => Symbol('s'),
  function: () => grudge,
  'function whose toString throws': () => Object.assign(() => {}, { toString: grudge }),
  'object whose toString throws': () => ({ toString: grudge, [Symbol.toPrimitive]: grudge }),
  'no prototype': () => Object.assign(Object.create(null), { a: 1 }),
  'own __proto__': () => JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":1},"a":1}'),
  'lone surrogates': () => ({ '\ud800': '\udc00\ud800', tail: 'x\ud83d' }),
  'control characters': () => '\u0000\u001b[31m\r\n\u2028\u2029\u007f"\\',
  'long text': () => 'é€😀"\n'.repeat(2_000),
  'long key': () => ({ ['k'.repeat(3_000)]: 1, [`${'k'.repeat(3_000)}2`]: 2 }),
  'many fields': () => Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`field_${i}`, 'x'.repeat(i)])),
  'key that stands for what was left out': () => ({ '…': 1, '*': 2 }),
  'invalid Date': () => new Date(Number.NaN),
  Date: () => new Date(0),
  'Date that lies': () => new LyingDate(0),
  'object with the prototype of Date': () => Object.create(Date.prototype),
  Map: () =>
    new Map<unknown, unknown>([
      ['a', 1],
      ['toJSON', grudge],
      ['__proto__', 2],
    ]),
  'Map with keys that are no text': () =>
    new Map<unknown, unknown>([
      [{}, 1],
      [2, new Map()],
    ]),
  'Map without end': () => new Endless([['a', 1]]),
  Set: () => new Set(['a', {}, Number.NaN]),
  'WeakMap and friends': () => [new WeakMap(), new WeakSet(), Promise.resolve(1), /x"y/g, globalThis.Symbol.iterator],
  'boxed primitives': () => [Object('text'), Object(1), Object(false), Object(1n), Object(Symbol('boxed'))],
  'boxed primitive that never ends': () =>
    Object.assign(Object(1), { valueOf: () => Object.assign(Object(2), { valueOf: () => Object(3) }) }),
  Buffer: () => Buffer.from('secret'),
  'Uint8Array that lies': () => Object.defineProperty(new Uint8Array(3), 'byteLength', { value: '"}' }),
  'typed arrays': () => [
    new Float64Array([1.5, Number.NaN]),
    new BigInt64Array([1n]),
    new DataView(new ArrayBuffer(2)),
  ],
  URLSearchParams: () => new URLSearchParams('a=1&a=2&__proto__=3'),
  Headers: () => new Headers(['a', 'b'].map((value): [string, string] => ['set-cookie', value])),
  URL: () => new URL('https://user:pass@example.org/?q=1'),
  'headers that are none': () => ({
    [Symbol.toStringTag]: 'Headers',
    *[Symbol.iterator]() {
      for (;;) yield 'x'
    },
  }),
  'error with causes that go round': causes,
  'error of another realm': elsewhere,
  'error whose properties throw': () =>
    changed(new Error('x'), {
      message: { get: grudge },
      stack: { get: grudge },
      name: { get: grudge },
      cause: { get: grudge },
    }),
  'error whose properties are no text': () =>
    changed(new Error('x'), {
      message: { value: { toString: grudge } },
      stack: { value: 5 },
      name: { value: Symbol('name') },
      code: { value: {} },
      errors: { value: revoked([]) },
    }),
  'error of a class that will not be named': () =>
    changed(new Error('x'), { constructor: { value: Object.defineProperty(class {}, 'name', { get: grudge }) } }),
  'error without a stack': () => changed(new Error('x'), { stack: { value: undefined } }),
  'error with the prototype alone': () => Object.create(Error.prototype),
  'sparse list': sparse,
  'deep nesting': () => deep(200),
  numbers: () => [Number.NaN, Infinity, -Infinity, -0, 5e-324, Number.MAX_VALUE],
}

/** Values so large that walking them whole would be noticed. */
export const ENORMOUS: Readonly<Record<string, () => unknown>> = {
  'text of 50 MB': () => 'secret text, '.repeat(4_000_000),
  'text of 50 MB that JSON must escape': () => '"\u0000'.repeat(25_000_000),
  'key of 10 MB': () => ({ ['k'.repeat(10_000_000)]: 1 }),
  'list of a million': () => new Array(1_000_000).fill(0),
  'longest list': () => new Array(2 ** 32 - 1),
  'typed array of ten millions': () => new Float64Array(10_000_000),
  'object of 100,000 keys': () => Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`key ${i}`, i])),
  'list of 20,000 texts': () => Array.from({ length: 20_000 }, (_, i) => `${i} `.repeat(200)),
  'Map of 100,000': () => new Map(Array.from({ length: 100_000 }, (_, i) => [`key ${i}`, i])),
  'Set of a million': () => new Set(Array.from({ length: 1_000_000 }, (_, i) => i)),
  'URLSearchParams of 20,000': () => new URLSearchParams('k=v&l=w&'.repeat(10_000)),
  'BigInt of a million digits': () => 10n ** 1_000_000n,
  'nesting of 100,000 levels': () => deep(100_000),
  'error with 100,000 errors': () => new AggregateError(Array.from({ length: 100_000 }, (_, i) => new Error(`${i}`))),
}
