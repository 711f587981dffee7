import type { LevelName } from '../levels/level.js'
import type { Environment } from '../service.js'

/** What a field of a flat value may be turned from and into, for a store that counts in another unit. */
export type Scalar = string | number | boolean | null

/**
 * How a line's own fields are called and written for a log store that has names of its own. The walk, the redaction and
 * the line budget are the same for all. Only `names` is needed.
 */
export interface Format {
  /** From our field name to the store's. Fields that are not listed keep their name. */
  readonly names: Readonly<Record<string, string>>
  /** The value of the level field; ours are the names in upper case. */
  readonly levels?: Readonly<Partial<Record<LevelName, string | number>>>
  /** More fields that follow from the level: `{ severity_number: { info: 9, … } }`. */
  readonly levelFields?: Readonly<Record<string, Readonly<Record<LevelName, string | number>>>>
  /** ISO 8601 text (ours), or a number since the epoch: of milliseconds, or of seconds with three decimals. */
  readonly timestamp?: 'iso' | 'epoch_ms' | 'epoch_s'
  /** Fields that the store wants on every line. */
  readonly constants?: Readonly<Record<string, unknown>>
  /**
   * Writes the message right after the level, then the call's fields, and the logger's and the context's last: with the
   * line's end they are one piece of it (bench `formats`).
   */
  readonly messageFirst?: boolean
  /**
   * Turns a field's value, by our name for it, into what the store takes: milliseconds into nanoseconds. Asked only for
   * text, numbers and booleans; what it returns is redacted like any value, and where it throws the value stands as it is.
   */
  readonly values?: Readonly<Record<string, (value: string | number | boolean) => Scalar>>
  /** Fields, by our names, that the store has as text: an object is written as its JSON in a string. */
  readonly texts?: readonly string[]
  /** The store's names for objects: a field that would stand under one and is no object goes under `field_<name>`. */
  readonly objects?: readonly string[]
  /** Names that the store itself gives a meaning to: a field of such a name goes under `field_<name>`. */
  readonly taken?: readonly string[]
  /** Other names by which a call may mean one of ours: `{ err: 'error' }`. */
  readonly aliases?: Readonly<Record<string, string>>
  /** An Error under `error`: spread over the line (ours), or one object with `type`, `message` and `stack`. */
  readonly errors?: 'fields' | 'object'
  /** An object that holds what says where a line is from (`service`, `version`, `pod`, …), under these names. */
  readonly place?: { readonly name: string; readonly names: Readonly<Record<string, string>> }
  /**
   * An object for some of a call's fields, under these names: what says how a request ended. `values` turns them as the
   * format's own does, only there.
   */
  readonly group?: {
    readonly name: string
    readonly names: Readonly<Record<string, string>>
    /** As the format's own `values`. */
    readonly values?: Readonly<Record<string, (value: string | number | boolean) => Scalar>>
    /**
     * Whether a call with these fields is one that the object is for, asked once a call that has any of them. A function that
     * names the fields, since a list of names costs four times as much (bench `formats`). Where it throws, the answer is no.
     */
    readonly when: (fields: Readonly<Record<string, unknown>>) => boolean
  }
  /** An object, the last of the line, that holds every field but those `outside` (our names, or names of `constants`). */
  readonly within?: { readonly name: string; readonly outside: readonly string[] }
}

/** What a format that has a name may depend on. */
export interface FormatContext {
  readonly env: Environment
  readonly service: string
}

/** The line as the contract has it. */
export const JSON_FORMAT: Format = { names: {} }
