/** What JSON must escape (RFC 8259, section 7), and lone surrogates, which would make invalid UTF-8 of the line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const NEEDS_ESCAPE = /[\u0000-\u001f"\\\ud800-\udfff]/

/**
 * A string as JSON text, quotes included.
 *
 * Three ways, by length, because none is the fastest for all (bench `strings`): a loop wins for short strings, a regular
 * expression for middling ones, and V8's own serializer for long ones.
 */
export function quote(text: string): string {
  const { length } = text
  if (length > 80) return JSON.stringify(text)
  if (length > 24) return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code < 32 || code === 34 || code === 92 || code >= 0xd800) return JSON.stringify(text)
  }
  return `"${text}"`
}
