import type { LevelName } from '../levels/level.js'

/**
 * How a line's own fields are called and written for a log store that has names of its own. The walk, the redaction and
 * the line budget are the same for all.
 */
export interface Format {
  /** What the option and `LOG_FORMAT` call it. */
  readonly name: string
  /** From our field name to the store's. Fields that are not listed keep their name. */
  readonly names: Readonly<Record<string, string>>
  /** The value of the level field; ours are the names in upper case. */
  readonly levels?: Readonly<Record<LevelName, string | number>>
  /** How the timestamp is written: ISO 8601 text (ours), or a number of milliseconds since the epoch. */
  readonly timestamp?: 'iso' | 'epoch_ms'
  /** Fields that the store wants on every line. */
  readonly constants?: Readonly<Record<string, unknown>>
}

/** The line as the contract has it. */
export const JSON_FORMAT: Format = { name: 'json', names: {} }
