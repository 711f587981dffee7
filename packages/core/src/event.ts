/**
 * Events with a schema, compiled. A subpath, so that the core starts without the compiler.
 *
 * @module throughline/event
 */

import type { EventHost } from './encode/event-host.js'
import type { TypedEvent } from './encode/typed-event.js'
import { CompiledEvent } from './event/compile.js'
import type { FieldsOf } from './event/fields-of.js'
import { readSchema } from './event/schema.js'
import { LEVELS, type LevelName } from './levels/level.js'
import { checkKnown, refused } from './refusal.js'

export type { TypedEvent } from './encode/typed-event.js'
export type { FieldsOf } from './event/fields-of.js'

/** How the lines of an event read, where its schema does not say. */
export interface EventOptions {
  /** The level of its lines; `info` by default. */
  readonly level?: LevelName
  /** The message of its lines. The schema's `title` by default, else the event's name. */
  readonly message?: string
}

/**
 * Defines an event: a name, and the fields that it has, as a JSON Schema, TypeBox's or zod 4's `toJSONSchema` among them.
 * The fields' types follow from the schema, and what the schema does not list is never written.
 *
 * A field's schema may say `"x-log": "hash" | "mask" | "redact"`: its value is hidden so on every line, whatever the
 * logger's own redaction says of it, which holds besides.
 *
 * @throws TypeError naming the place of what the schema cannot be honoured in.
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
  if (typeof name !== 'string' || name.trim() === '') {
    throw new TypeError(`defineEvent: got ${name === '' ? 'an empty name' : typeof name}; accepted: a name`)
  }
  checkKnown('defineEvent', options, ['level', 'message'])
  const { level = 'info', message = titleOf(schema) ?? name } = options
  if (typeof level !== 'string' || !Object.hasOwn(LEVELS, level)) {
    const given = typeof level === 'string' ? JSON.stringify(level) : typeof level
    throw new TypeError(`defineEvent(…, { level }): got ${given}; accepted: ${Object.keys(LEVELS).join(', ')}`)
  }
  if (typeof message !== 'string') throw refused('defineEvent(…, { message })', message, 'a text')
  const shape = readSchema(schema)
  return { name, level, message, compile: (host: EventHost) => new CompiledEvent(name, shape, host) }
}

function titleOf(schema: unknown): string | undefined {
  const title = (schema as { title?: unknown } | null)?.title
  return typeof title === 'string' && title !== '' ? title : undefined
}
