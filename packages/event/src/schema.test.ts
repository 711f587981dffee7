import { Type as OldType } from '@sinclair/typebox'
import { createLogger, memory } from 'throughline'
import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { defineEvent } from './index.js'

/** What an event of this one field writes for a value. */
function written(field: object, value: unknown, more: object = {}): unknown {
  const destination = memory()
  const event = defineEvent('tried', { type: 'object', properties: { it: field }, ...more })
  createLogger({ service: 's', destination, env: {} }).emit(event, { it: value } as never)
  return (destination.records[0] as Record<string, unknown>).it
}

describe('a schema is refused with the place and what would do', () => {
  it.each([
    ['no schema', undefined, 'the schema is undefined, which lists nothing; accepted: a JSON Schema'],
    ['true', true, 'the schema is true, which lists nothing'],
    ['no object', { type: 'string' }, 'the schema is no object; accepted: an event has named fields'],
    ['an object or null', { type: ['object', 'null'], properties: {} }, 'the schema is no object'],
    ['a free object', { type: 'object' }, 'the schema lists no fields'],
    ['x-log on all', { type: 'object', properties: {}, 'x-log': 'redact' }, 'classify its fields'],
    ['a field event', { type: 'object', properties: { event: { type: 'string' } } }, 'lists a field "event"'],
    ['a schema of zod itself', z.object({ a: z.string() }), 'accepted: what z.toJSONSchema(schema) makes of it'],
    ['no properties object', { type: 'object', properties: [] }, 'has no object under "properties"'],
  ])('%s', (_, schema, reason) => {
    expect(() => defineEvent('tried', schema)).toThrow(reason)
  })

  it.each([
    [
      'anything',
      {},
      '/properties/it does not say what it holds, so that anything could be written; accepted: a "type"',
    ],
    ['true', true, '/properties/it is true, which lists nothing'],
    ['an unknown type', { type: 'text' }, '/properties/it has type "text"; accepted: string, number'],
    [
      'patternProperties',
      { type: 'object', properties: {}, patternProperties: { '^a': {} } },
      'has "patternProperties"',
    ],
    [
      'a record',
      { type: 'object', additionalProperties: { type: 'number' } },
      'has "additionalProperties" with a shape',
    ],
    [
      'dependencies with a shape',
      { type: 'object', properties: {}, dependencies: { a: { properties: { b: { type: 'string' } } } } },
      'has "dependencies" (a shape that depends on a field)',
    ],
    [
      'unevaluatedProperties with a shape',
      { type: 'object', properties: {}, unevaluatedProperties: { type: 'string' } },
      'has "unevaluatedProperties" (a shape for names that nobody lists)',
    ],
    [
      'unevaluatedItems with a shape',
      { type: 'array', prefixItems: [{ type: 'string' }], unevaluatedItems: { type: 'string' } },
      'has "unevaluatedItems"',
    ],
    ['if', { type: 'string', if: {} }, '/properties/it has "if" (a shape that depends on a condition)'],
    ['not', { not: { type: 'string' } }, '/properties/it has "not"'],
    [
      'a foreign reference',
      { $ref: 'https://example.org/a.json' },
      'refers to "https://example.org/a.json"; accepted: ref',
    ],
    ['a missing reference', { $ref: '#/$defs/none' }, 'refers to "#/$defs/none", which is not there'],
    ['a reference to itself', { $ref: '#' }, '/properties/it refers to itself'],
    ['an unknown x-log', { type: 'string', 'x-log': 'hide' }, 'has "x-log": "hide"; accepted: hash, mask, redact'],
    ['a misspelt x-log', { type: 'string', xLog: 'hash' }, 'has "xLog"; accepted: "x-log"'],
    ['a hashed object', { type: 'object', properties: {}, 'x-log': 'hash' }, 'is no scalar; accepted: "redact" here'],
    [
      'two lists',
      {
        anyOf: [
          { type: 'array', items: { type: 'string' } },
          { type: 'array', items: { type: 'number' } },
        ],
      },
      'lists of several shapes',
    ],
    [
      'two objects',
      {
        anyOf: [
          { type: 'object', properties: { a: { type: 'string' } } },
          { type: 'object', properties: {} },
        ],
      },
      'no field with a "const" of its own tells apart',
    ],
    ['a list of anything', { type: 'array' }, 'does not say what its items are'],
    ['__proto__', { type: 'object', properties: JSON.parse('{"__proto__":{"type":"string"}}') }, 'keeps for itself'],
    ['a constant object', { const: {} }, 'has a constant that is no scalar'],
  ])('%s', (_, field, reason) => {
    expect(() => defineEvent('tried', { type: 'object', properties: { it: field } })).toThrow(reason)
  })

  it('more levels than a line has', () => {
    let field: object = { type: 'string' }
    for (let i = 0; i < 11; i++) field = { type: 'object', properties: { it: field } }
    expect(() => defineEvent('deep', field)).toThrow('is more than 10 levels deep')
  })

  it('a name or a level that is none', () => {
    const schema = { type: 'object', properties: {} }
    expect(() => defineEvent('', schema)).toThrow('defineEvent(name): got an empty string')
    expect(() => defineEvent('a', schema, { level: 'loud' as never })).toThrow("got string; accepted: 'trace', 'debug'")
  })
})

describe('a schema in other words means the same', () => {
  it.each([
    ['a reference', { $ref: '#/$defs/name' }, 'ann', 'ann'],
    ['a reference with a pointer escape', { $ref: '#/$defs/a~1b' }, 1, 1],
    ['nullable', { type: 'string', nullable: true }, null, null],
    ['two types', { type: ['string', 'number'] }, 1, 1],
    ['a constant', { const: 'x' }, 'x', 'x'],
    ['an enum', { enum: ['a', 1, null] }, null, null],
    ['anyOf with null', { anyOf: [{ type: 'integer' }, { type: 'null' }] }, null, null],
    ['a tuple of 2020-12', { type: 'array', prefixItems: [{ type: 'string' }], items: false }, ['a', 'b'], ['a']],
    [
      'a tuple of draft 7',
      { type: 'array', items: [{ type: 'string' }], additionalItems: { type: 'number' } },
      ['a', 2],
      ['a', 2],
    ],
    [
      'allOf',
      { allOf: [{ type: 'object', properties: { a: { type: 'string' } } }, { properties: { b: { type: 'number' } } }] },
      { a: 'x', b: 1, c: 2 },
      { a: 'x', b: 1 },
    ],
    [
      'a list of objects',
      { type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } } },
      [{ a: 'x', b: 'y' }],
      [{ a: 'x' }],
    ],
    ['a Set', { type: 'array', items: { type: 'string' } }, new Set(['a']), ['a']],
    [
      'no more names and items',
      {
        type: 'object',
        properties: { a: { type: 'array', prefixItems: [{ type: 'string' }], unevaluatedItems: false } },
        unevaluatedProperties: false,
        dependencies: { a: ['b'] },
      },
      { a: ['x', 'y'], b: 'z' },
      { a: ['x'] },
    ],
  ])('%s', (_, field, value, expected) => {
    const $defs = { name: { type: 'string' }, 'a/b': { type: 'number' } }
    expect(written(field, value, { $defs })).toEqual(expected)
  })

  it('writes the shape that a constant tells of, and only it', () => {
    const card = { type: 'object', properties: { kind: { const: 'card' }, brand: { type: 'string' } } }
    const bank = { type: 'object', properties: { kind: { const: 'bank' }, country: { type: 'string' } } }
    const field = { oneOf: [card, bank] }
    expect(written(field, { kind: 'card', brand: 'v', country: 'canary' })).toEqual({ kind: 'card', brand: 'v' })
    expect(written(field, { kind: 'bank', brand: 'canary', country: 'se' })).toEqual({ kind: 'bank', country: 'se' })
    expect(JSON.stringify(written(field, { kind: 'other', brand: 'canary' }))).not.toContain('canary')
  })
})

const value = {
  id: 'u-1',
  amount: 12.5,
  count: 3,
  paid: true,
  note: null,
  kind: 'b',
  lines: [{ sku: 's', qty: 1, hidden: 'canary' }],
  at: '2024-01-22T10:15:23.120Z',
  extra: 'canary',
}
const listed = { ...value, lines: [{ sku: 's', qty: 1 }], extra: undefined }

describe.each([
  [
    'zod 4',
    z.toJSONSchema(
      z.object({
        id: z.string(),
        amount: z.number(),
        count: z.int(),
        paid: z.boolean(),
        note: z.string().nullable().optional(),
        kind: z.enum(['a', 'b']),
        lines: z.array(z.looseObject({ sku: z.string(), qty: z.number() })),
        at: z.iso.datetime(),
      }),
    ),
  ],
  [
    'TypeBox 1',
    Type.Object({
      id: Type.String(),
      amount: Type.Number(),
      count: Type.Integer(),
      paid: Type.Boolean(),
      note: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      kind: Type.Union([Type.Literal('a'), Type.Literal('b')]),
      lines: Type.Array(Type.Object({ sku: Type.String(), qty: Type.Number() })),
      at: Type.String({ format: 'date-time' }),
    }),
  ],
  [
    'TypeBox 0.34',
    OldType.Object({
      id: OldType.String(),
      amount: OldType.Number(),
      count: OldType.Integer(),
      paid: OldType.Boolean(),
      note: OldType.Optional(OldType.Union([OldType.String(), OldType.Null()])),
      kind: OldType.Union([OldType.Literal('a'), OldType.Literal('b')]),
      lines: OldType.Array(OldType.Object({ sku: OldType.String(), qty: OldType.Number() })),
      at: OldType.String({ format: 'date-time' }),
    }),
  ],
])('a schema of %s', (_, schema) => {
  it('writes what it lists', () => {
    const destination = memory()
    const log = createLogger({ service: 's', destination, env: {} })
    log.emit(defineEvent('ordered', schema as object), value)
    expect(destination.records[0]).toMatchObject(JSON.parse(JSON.stringify({ event: 'ordered', ...listed })))
    expect(destination.lines[0]).not.toContain('canary')
  })
})

it('takes a classification from zod and TypeBox', () => {
  const destination = memory()
  const log = createLogger({ service: 's', destination, env: {} })
  const email = 'ann@example.org'
  log.emit(defineEvent('a', z.toJSONSchema(z.object({ email: z.string().meta({ 'x-log': 'mask' }) }))), { email })
  log.emit(defineEvent('b', Type.Object({ email: Type.String({ 'x-log': 'mask' }) })), { email })
  log.emit(defineEvent('c', OldType.Object({ email: OldType.String({ 'x-log': 'mask' }) })), { email })
  expect(destination.records.map((record) => record.email)).toEqual(['****.org', '****.org', '****.org'])
})
