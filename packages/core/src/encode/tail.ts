import { flatten } from './string.js'

/** What a line has behind the fields of its call, by how these end. */
export interface Tail {
  /** Behind a whole field. */
  readonly text: string
  /** Behind a text that lacks its closing quote, as the message of a call without fields does too. */
  readonly quoted: string
  /** Behind a whole field of the object that the format has for some of them. */
  readonly grouped: string
  /** The same behind a text there that lacks its closing quote. */
  readonly quotedGrouped: string
}

/** The same for each kind of line. */
export interface Tails {
  /** A line that something more is to follow on: a sequence number. */
  readonly open: Tail
  /** One that is finished. */
  readonly ended: Tail
}

/** Made for each context of a format with the message first: what few formats ask for is one piece only where it is short. */
function tailOf(text: string): Tail {
  return { text: flatten(text), quoted: flatten(`"${text}`), grouped: `}${text}`, quotedGrouped: `"}${text}` }
}

/**
 * @param bound Fields that stand behind the call's.
 * @param end What finishes a line.
 */
export function tailsOf(bound: string, end: string): Tails {
  return { open: tailOf(bound), ended: tailOf(bound + end) }
}
