import type { Redactor } from '../redact/redactor.js'
import type { Classification } from '../redact/schema-censor.js'
import type { Fields } from './field.js'
import type { KeyInfo, KeyTable } from './key-table.js'
import type { LogRecord } from './record.js'

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
