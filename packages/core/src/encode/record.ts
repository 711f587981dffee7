import type { Bindings } from './bindings.js'
import type { Fields } from './field.js'
import type { TypedEvent } from './typed-event.js'

/** One log call on its way to a line. */
export interface LogRecord {
  /** A level's number, or `AUDIT`. */
  readonly level: number
  /** The time of the call, in milliseconds since the epoch. */
  readonly ms: number
  /** The logger's fields, encoded. */
  readonly bindings: Bindings
  /** The context's fields, encoded. */
  readonly context: Bindings | undefined
  readonly message: string
  /** The call's fields. */
  readonly fields: Fields | undefined
  /** The event whose schema lists the fields, for `log.emit`. */
  readonly event: TypedEvent | undefined
}
