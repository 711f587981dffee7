import type { Detect } from './detect/detect.js'
import type { PathState } from './paths.js'

/**
 * What the encoder's walk asks of redaction. Compiled once for each root logger by `compileRedaction`; with
 * `redact: false` there is none, and the walk asks nothing.
 */
export interface Redactor {
  /** The rule that makes a key's value secret; asked once for each key, then kept in the key table. */
  keyRule(key: string): string | undefined
  /** The same for text that may be a header's name in a raw list (`['Authorization', '…']`). */
  nameRule(text: string): string | undefined
  /** The paths' automaton, at the start of a line. */
  readonly paths: PathState | undefined
  /** Censors what the detectors find in a string; `undefined` when there are none. */
  readonly detect: Detect | undefined
  /** The same and what names in the text give away, for texts that are known to have names: URLs, headers. */
  readonly structured: Detect
  /** Whether a key holds such texts. */
  isStructured(key: string): boolean
  /** Whether a key holds the path of a request, which is such a text where it has a query. */
  isPath(key: string): boolean
  /** The key as it may be shown: what the detectors find in it is censored, and numbered so that no two are the same. */
  shownKey(key: string): string
  /** The censor's text and its JSON, where it is always the same. */
  readonly constant: { readonly text: string; readonly json: string } | undefined
  /**
   * What stands in place of a value that a rule names: itself where that is no secret (nothing, a count), `undefined` where
   * the entry is left out. Counts it. Never throws. A result that is an object is the censor's, to be walked as any value.
   */
  censor(value: unknown, rule: string, key: string): unknown
}
