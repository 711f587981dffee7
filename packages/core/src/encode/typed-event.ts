import type { LevelName } from '../levels/level.js'

/**
 * Something that happens in a service, with a name and fields of known types: what `defineEvent` of `@throughline/event`
 * makes and `log.emit` takes.
 */
export interface TypedEvent<out F extends object = object> {
  /** The line's `event`. */
  readonly name: string
  /** The line's message. */
  readonly message: string
  /** The level of its lines. */
  readonly level: LevelName
  /** Only a type: what `log.emit` wants beside the event. */
  readonly fieldsType?: F
  /**
   * How one root logger writes the event's fields: from an `EventHost` to an `EventWriter`, asked once for each root. The
   * types stay inside. They name classes, and with them the ESM types and the CJS types of a Logger would not be the same.
   */
  compile(host: never): unknown
}
