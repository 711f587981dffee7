import type { LevelName } from '../levels/level.js'
import type { Redactor } from '../redact/redactor.js'
import type { Classification } from '../redact/schema-censor.js'
import type { KeyInfo, KeyTable } from './key-table.js'
import type { Fields, LogRecord } from './record.js'

/**
 * Something that happens in a service, with a name and fields of known types: what `defineEvent` of `throughline/event`
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

/** What the encoder of a root logger gives to a compiled event. */
export interface EventHost {
  readonly keys: KeyTable
  readonly redactor: Redactor | undefined
  /** More items than this could not stand on a line. */
  readonly mostItems: number
  /** The store's name for a field of ours. */
  rename(name: string): string
  /** The fields of a call, as any call has them: redacted, moved from reserved names, in place of weaker ones. */
  walk(record: LogRecord, fields: Fields): string
  /** A text's JSON, after the detectors and the key's rule. */
  text(value: string, key: KeyInfo): string | undefined
  /** The JSON of any plain data, redacted. */
  value(value: unknown): string | undefined
  /** Replaces a value that a schema classifies. */
  conceal(value: unknown, classification: Classification): string
  /** Counts what has been concealed, once it is sure to be written so. */
  concealed(classification: Classification): void
}

/** Writes the fields of one event for one root logger. */
export interface EventWriter {
  /**
   * `,"event":"…","key":value…`, as part of a line.
   *
   * @param isOpen The text before it lacks its closing quote.
   */
  write(record: LogRecord, fields: unknown, isOpen: boolean): string
}
