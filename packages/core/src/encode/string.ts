/**
 * What JSON must escape (RFC 8259, section 7) beside the quote and the backslash, lone surrogates, which would make invalid
 * UTF-8 of the line, and the two separators at which Node's own `readline` breaks a line.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const NEEDS_ESCAPE = /[\u0000-\u001f\u2028\u2029\ud800-\udfff]/
const SEPARATORS = /[\u2028\u2029]/g

/** A loop is the best way to read a string that is no longer. */
const SHORT = 24
/** A string that is no longer is no weight on a line. */
export const LONG_TEXT = 256
/** A longer one may well be a document, which is left to `JSON.stringify` unread. */
const VERY_LONG = 16_384

/** Whether a string is its own JSON text between quotes. Only asked of strings of up to 256 characters. */
export function isPlainText(text: string): boolean {
  const { length } = text
  if (length > SHORT) return length <= LONG_TEXT && isPlain(text)
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code < 32 || code === 34 || code === 92 || code >= 0x2028) return false
  }
  return true
}

/** One character is looked for many at a time, and a class without those two is one range of Latin letters (bench `strings`). */
function isPlain(text: string): boolean {
  return text.indexOf('"') === -1 && text.indexOf('\\') === -1 && !NEEDS_ESCAPE.test(text)
}

/**
 * A string as JSON text, quotes included. A long one is read before it is written too: that takes half the time of V8's own
 * serializer before Node 25, and leaves no copy (bench `long-string`).
 */
export function quote(text: string): string {
  const { length } = text
  if (length <= LONG_TEXT) return isPlainText(text) ? `"${text}"` : stringify(text)
  // A line break is what most long texts have to have escaped, and it comes soon (bench `error-reused`).
  const isOwnText = length <= VERY_LONG && text.indexOf('\n') === -1 && isPlain(text)
  return isOwnText ? `"${text}"` : stringify(text)
}

/** `JSON.stringify`, with the separators escaped. */
export function stringify(value: unknown): string {
  const json = JSON.stringify(value)
  // In text of Latin letters alone, the search knows at once that there are none.
  return json.search(SEPARATORS) === -1 ? json : json.replace(SEPARATORS, (one) => ESCAPES[one] ?? one)
}

const ESCAPES: Readonly<Record<string, string>> = { '\u2028': '\\u2028', '\u2029': '\\u2029' }

/**
 * The same string, put together: V8 keeps a concatenation as a tree until it has to read it, and a piece that stands on
 * many lines would be walked for each. Asking for one character has it done (bench `plain`: 236 ns against 128), and is
 * nothing that a bundler knows to have no effect.
 */
export function flatten(text: string): string {
  text.charCodeAt(0)
  return text
}
