/**
 * What JSON must escape (RFC 8259, section 7), lone surrogates, which would make invalid UTF-8 of the line, and the two
 * separators at which Node's own `readline` breaks a line.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const NEEDS_ESCAPE = /[\u0000-\u001f"\\\u2028\u2029\ud800-\udfff]/
const SEPARATORS = /[\u2028\u2029]/g

/**
 * Whether a string is its own JSON text between quotes. Only asked of strings of up to 80 characters; a longer one is for
 * V8's own serializer, which is then the faster way to find out and to write.
 *
 * A loop wins for short strings, a regular expression for middling ones (bench `strings`).
 */
export function isPlainText(text: string): boolean {
  const { length } = text
  if (length > 80) return false
  if (length > 24) return !NEEDS_ESCAPE.test(text)
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code < 32 || code === 34 || code === 92 || code >= 0x2028) return false
  }
  return true
}

/** A string as JSON text, quotes included. */
export function quote(text: string): string {
  return isPlainText(text) ? `"${text}"` : stringify(text)
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
