/**
 * Typed events: a name and fields of known types, from a JSON Schema. `log.emit` writes them.
 *
 * @module @throughline/event
 */
export type { TypedEvent } from 'throughline'
export { defineEvent, type EventOptions } from './define-event.js'
export type { FieldsOf } from './fields-of.js'
