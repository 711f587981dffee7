import type { PathState } from './paths.js'

/** What stands in a secret's place: JSON text, or `undefined` where the entry is left out (`censor: 'remove'`). */
export type Censored = string | undefined

/**
 * What the encoder's walk asks of redaction. Compiled once for each root logger by `compileRedaction`; with
 * `redact: false` there is none, and the walk asks nothing.
 */
export interface Redactor {
  /** The rule that makes a key's value secret, for counting; asked once for each key, then kept in the key table. */
  keyRule(key: string): string | undefined
  /** The same for text that may be a header's name in a raw list (`['Authorization', '…']`); not kept. */
  nameRule(text: string): string | undefined
  /** The paths' automaton, at the start of a line. */
  readonly paths: PathState | undefined
  /** Censors what the detectors find in a string; `undefined` when there are none. */
  readonly detect: ((text: string) => string) | undefined
  /** What to write in place of a value that a rule names. Counts it. Never throws. */
  censor(value: unknown, rule: string, key: string): Censored
}
