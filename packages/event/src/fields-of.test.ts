import { Type as OldType } from '@sinclair/typebox'
import { createLogger, memory } from 'throughline'
import { Type } from 'typebox'
import { describe, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { defineEvent, type TypedEvent } from './index.js'

type FieldsIn<E> = E extends TypedEvent<infer F> ? F : never

// Checked by the compiler: `tsc --noEmit` fails where a type is another.
describe("an event's fields have the types of its schema", () => {
  it('written as JSON Schema', () => {
    const event = defineEvent('ordered', {
      type: 'object',
      properties: {
        id: { type: 'string' },
        amount: { type: 'number' },
        count: { type: 'integer' },
        paid: { type: ['boolean', 'null'] },
        kind: { enum: ['a', 'b'] },
        fixed: { const: 1 },
        note: { type: 'string', nullable: true },
        either: { anyOf: [{ type: 'string' }, { type: 'number' }] },
        lines: { type: 'array', items: { type: 'object', properties: { sku: { type: 'string' } }, required: ['sku'] } },
      },
      required: ['id', 'lines'],
    })
    interface Expected {
      readonly id: string
      readonly lines: readonly { readonly sku: string }[]
      readonly amount?: number | undefined
      readonly count?: number | undefined
      readonly paid?: boolean | null | undefined
      readonly kind?: 'a' | 'b' | undefined
      readonly fixed?: 1 | undefined
      readonly note?: string | null | undefined
      readonly either?: string | number | undefined
    }
    expectTypeOf<FieldsIn<typeof event>>().branded.toEqualTypeOf<Expected>()
  })

  it('of zod', () => {
    const event = defineEvent('a', z.toJSONSchema(z.object({ id: z.string(), n: z.number().optional() })))
    expectTypeOf<FieldsIn<typeof event>>().branded.toEqualTypeOf<{ id: string; n?: number | undefined }>()
  })

  it('of TypeBox 1', () => {
    const event = defineEvent('a', Type.Object({ id: Type.String(), n: Type.Optional(Type.Number()) }))
    expectTypeOf<FieldsIn<typeof event>>().toMatchTypeOf<{ readonly id: string; readonly n?: number | undefined }>()
    expectTypeOf<FieldsIn<typeof event>['id']>().toEqualTypeOf<string>()
  })

  it('of TypeBox 0.34', () => {
    const event = defineEvent('a', OldType.Object({ id: OldType.String(), n: OldType.Optional(OldType.Number()) }))
    expectTypeOf<FieldsIn<typeof event>>().branded.toEqualTypeOf<{ id: string; n?: number }>()
  })

  it('so that a wrong call does not compile', () => {
    const log = createLogger({ service: 's', destination: memory(), env: {} })
    const event = defineEvent('a', { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] })
    log.emit(event, { id: 'x' })
    // @ts-expect-error: of another type
    log.emit(event, { id: 1 })
    // @ts-expect-error: missing
    log.emit(event, {})
    // @ts-expect-error: not listed
    log.emit(event, { id: 'x', other: 1 })
    // @ts-expect-error: no event
    log.emit('a', { id: 'x' })
  })
})
