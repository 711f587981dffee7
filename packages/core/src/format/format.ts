import type { LevelName } from '../levels/level.js'
import type { Environment } from '../logger/service.js'

/** A field's value that is no object. */
export type Scalar = string | number | boolean | null

/** Turns a field's value into what a log store takes: milliseconds into nanoseconds. */
export type Convert = (value: string | number | boolean) => Scalar

/** How a log store names and writes the fields of a line. Only `names` is needed. */
export interface Format {
  /** From our field name to the store's. Fields that are not listed keep their name. */
  readonly names: Readonly<Record<string, string>>
  /** The value of the level field. By default the level's name in upper case. */
  readonly levels?: Readonly<Partial<Record<LevelName, string | number>>>
  /** ISO 8601 text (the default), or a number since the epoch: of milliseconds, or of seconds with three decimals. */
  readonly timestamp?: 'iso' | 'epoch_ms' | 'epoch_s'
  /** Fields that the store wants on every line. */
  readonly constants?: Readonly<Record<string, unknown>>
  /**
   * Converts fields' values, by our names for the fields. Called for strings, numbers and booleans only; the result is
   * redacted like any value. Where a function throws, the value is written as it is.
   */
  readonly values?: Readonly<Record<string, Convert>>
}

/** A format with what only the stores' own formats need. */
export interface StoreFormat extends Format {
  /** More fields that follow from the level: `{ severity_number: { info: 9, … } }`. */
  readonly levelFields?: Readonly<Record<string, Readonly<Record<LevelName, string | number>>>>
  /** Writes the message right after the level, and the bound fields behind the call's: ECS asks for that order. */
  readonly messageFirst?: boolean
  /** Fields, by our names, that the store has as text: an object is written as its JSON in a string. */
  readonly texts?: readonly string[]
  /** The store's names for objects: a field under such a name that is no object goes under `field_<name>`. */
  readonly objects?: readonly string[]
  /** Names that the store itself gives a meaning to: a field of such a name goes under `field_<name>`. */
  readonly taken?: readonly string[]
  /** Other names by which a call may mean one of our fields: `{ err: 'error' }`. */
  readonly aliases?: Readonly<Record<string, string>>
  /** An Error under `error`: spread over the line (the default), or one object with `type`, `message` and `stack`. */
  readonly errors?: 'fields' | 'object'
  /** An object that holds where a line is from (`service`, `version`, `pod`, …), under these names. */
  readonly origin?: { readonly name: string; readonly names: Readonly<Record<string, string>> }
  /** An object for some fields of a call. */
  readonly group?: FieldGroup
  /** An object, the last of the line, that holds every field but those `outside`. It is never empty. */
  readonly within?: { readonly name: string; readonly outside: readonly string[] }
}

/** An object for some fields of a call: Google Cloud's `httpRequest`. */
export interface FieldGroup {
  readonly name: string
  /** From our field name to the name in the object. */
  readonly names: Readonly<Record<string, string>>
  /** As `Format.values`, in the object only. */
  readonly values?: Readonly<Record<string, Convert>>
  /** Whether a call with these fields gets the object. Asked once for a call that has one of the fields. */
  readonly when: (fields: Readonly<Record<string, unknown>>) => boolean
}

/** What a named format may depend on. */
export interface FormatContext {
  readonly env: Environment
  readonly service: string
}

/** The default format: our own names. */
export const JSON_FORMAT: StoreFormat = { names: {} }
