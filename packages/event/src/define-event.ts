import { LEVELS, type LevelName, type TypedEvent } from 'throughline'
import { checkOptions, type EventHost, refused } from 'throughline/internal'
import { CompiledEvent } from './compile.js'
import type { FieldsOf } from './fields-of.js'
import { readSchema } from './schema.js'

/** The options of `defineEvent`. */
export interface EventOptions {
  /** The level of the event's lines; `info` by default. */
  readonly level?: LevelName
  /** The message of the event's lines. By default the schema's `title`, else the event's name. */
  readonly message?: string
}

/**
 * Defines an event: a name and its fields, as a JSON Schema (also from TypeBox or zod 4's `toJSONSchema`). The fields' types
 * follow from the schema. A field that the schema does not list is never written.
 *
 * `"x-log": "hash" | "mask" | "redact"` in a field's schema hides its value on every line, in addition to the logger's own
 * redaction.
 *
 * @throws TypeError naming the place in the schema that is not supported.
 * @example
 * ```ts
 * const orderPlaced = defineEvent('order_placed', {
 *   type: 'object',
 *   properties: { order_id: { type: 'string' }, email: { type: 'string', 'x-log': 'hash' } },
 *   required: ['order_id'],
 * })
 * log.emit(orderPlaced, { order_id: 'o-1', email: 'ann@example.org' })
 * ```
 */
export function defineEvent<const S>(name: string, schema: S, options: EventOptions = {}): TypedEvent<FieldsOf<S>> {
  if (typeof name !== 'string' || name.trim() === '') throw refused('defineEvent(name)', name, 'a name')
  const check = checkOptions('defineEvent(name, schema, options)', options, ['level', 'message'])
  const level = check.oneOf('level', Object.keys(LEVELS) as LevelName[], 'info')
  const message = check.check('message', (value) => typeof value === 'string', 'a string') ?? titleOf(schema) ?? name
  const shape = readSchema(schema)
  return { name, level, message, compile: (host: EventHost) => new CompiledEvent(name, shape, host) }
}

function titleOf(schema: unknown): string | undefined {
  const title = (schema as { title?: unknown } | null)?.title
  return typeof title === 'string' && title !== '' ? title : undefined
}
