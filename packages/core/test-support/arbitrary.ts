import fc from 'fast-check'
import { HOSTILE } from './hostile.js'

/** Names that mean something somewhere in the encoder, few enough that they collide in nearly every record. */
export const COLLIDING = [
  ...['timestamp', 'level', 'message', 'service', 'logger', 'log_type', 'sample_rate', 'truncated', 'boot_id', 'seq'],
  ...['field_level', 'field_message', 'field_field_level', 'field_log_type'],
  ...['request_id', 'trace_id', 'span_id', 'field_request_id', 'field_field_request_id', 'field_trace_id'],
  ...['error', 'error_type', 'traceback', 'error_code', 'logging_error', 'args', 'field_args', 'fields'],
  ...['__proto__', 'constructor', 'toJSON', 'hasOwnProperty', 'value', 'name', 'key', 'a', 'b', '', '0', '…'],
] as const

/**
 * How a value is made. What is generated is the recipe and not the value, since fast-check looks at what it generates, and
 * some of these values strike back.
 */
export interface Recipe<T = unknown> {
  make(): T
}

let made = 0

/** How many values were made from recipes so far, each value within a value counted. */
export function valuesMade(): number {
  return made
}

function recipe<T>(text: string, create: () => T): Recipe<T> {
  const make = () => {
    made++
    return create()
  }
  return Object.assign({ make }, { [fc.toStringMethod]: () => text })
}

function described(recipes: readonly Recipe[]): string {
  return recipes.map((one) => fc.stringify(one)).join(', ')
}

export const strings: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 30 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  // UTF-16 units as they come: lone surrogates, controls.
  { weight: 2, arbitrary: fc.array(fc.nat(0xffff), { maxLength: 40 }).map((units) => String.fromCharCode(...units)) },
  { weight: 1, arbitrary: fc.tuple(fc.string({ maxLength: 5 }), fc.nat(2_000)).map(([text, n]) => text.repeat(n)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('%s %d %j %o %% %c', '[Circular]', '***', '__proto__', '\n', '"', '\\u0000'),
  },
)

const keys: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...COLLIDING) },
  { weight: 2, arbitrary: fc.constantFrom('password', 'apiKey', 'Authorization', 'user', 'items', 'tokens') },
  { weight: 1, arbitrary: strings },
)

const scalars: fc.Arbitrary<Recipe> = fc
  .oneof(
    { weight: 4, arbitrary: strings },
    { weight: 3, arbitrary: fc.oneof(fc.integer(), fc.double(), fc.bigInt()) },
    { weight: 2, arbitrary: fc.constantFrom(true, false, null, undefined) },
  )
  .map((value: unknown) => recipe(fc.stringify(value), () => value))

const hostile: fc.Arbitrary<Recipe> = fc
  .constantFrom(...Object.entries(HOSTILE))
  .map(([kind, make]) => recipe(`<${kind}>`, make))

/** An object made key by key, so that `__proto__` is a key like any other. */
function bagOf(values: fc.Arbitrary<Recipe>): fc.Arbitrary<Recipe<Record<string, unknown>>> {
  return fc
    .array(fc.tuple(keys, values), { maxLength: 6 })
    .map((entries) =>
      recipe(`{${entries.map(([key, value]) => `${JSON.stringify(key)}: ${fc.stringify(value)}`).join(', ')}}`, () =>
        Object.fromEntries(entries.map(([key, value]) => [key, value.make()])),
      ),
    )
}

function listOf(values: fc.Arbitrary<Recipe>): fc.Arbitrary<Recipe<unknown[]>> {
  return fc
    .array(values, { maxLength: 5 })
    .map((list) => recipe(`[${described(list)}]`, () => list.map((one) => one.make())))
}

class Thing {
  constructor(values: object) {
    Object.defineProperties(this, Object.getOwnPropertyDescriptors(values))
  }
}

function errorFrom(message: string, cause: unknown, code: unknown): Error {
  return Object.assign(new RangeError(message, { cause }), { code })
}

const tied = fc.letrec<{ value: Recipe; bag: Recipe<Record<string, unknown>>; list: Recipe<unknown[]> }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 6, arbitrary: scalars },
    { weight: 3, arbitrary: hostile },
    { weight: 3, arbitrary: tie('bag') },
    { weight: 2, arbitrary: tie('list') },
    {
      weight: 1,
      arbitrary: tie('bag').map((bag) => recipe(`Thing ${fc.stringify(bag)}`, () => new Thing(bag.make()))),
    },
    {
      weight: 1,
      arbitrary: tie('bag').map((bag) => recipe(`Map ${fc.stringify(bag)}`, () => new Map(Object.entries(bag.make())))),
    },
    {
      weight: 1,
      arbitrary: tie('list').map((list) => recipe(`Set ${fc.stringify(list)}`, () => new Set(list.make()))),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(strings, tie('value'), tie('value'))
        .map(([message, cause, code]) =>
          recipe(`Error(${fc.stringify(message)}, ${described([cause, code])})`, () =>
            errorFrom(message, cause.make(), code.make()),
          ),
        ),
    },
  ),
  bag: bagOf(tie('value')),
  list: listOf(tie('value')),
}))

/** Any value: what services log, and what they should not. */
export const anything: fc.Arbitrary<Recipe> = tied.value

/** Fields whose names collide, with any values. */
export const bags: fc.Arbitrary<Recipe<Record<string, unknown>>> = tied.bag
