import type { Bindings } from './bindings.js'
import type { TypedEvent } from './typed-event.js'

/** Names and values that a call, a logger or a context gives. */
export type Fields = Readonly<Record<string, unknown>>

/** One log call on its way to a line. */
export class LogRecord {
  /**
   * @param level A level's number, or `AUDIT`.
   * @param ms The time of the call, in milliseconds since the epoch.
   * @param bindings The logger's fields, encoded.
   * @param context The context's fields, encoded.
   * @param fields The call's fields.
   * @param event The event whose schema lists the fields, for `log.emit`.
   */
  constructor(
    readonly level: number,
    readonly ms: number,
    readonly bindings: Bindings,
    readonly context: Bindings | undefined,
    readonly message: string,
    readonly fields: Fields | undefined,
    readonly event?: TypedEvent,
  ) {}
}
