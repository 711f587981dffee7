/**
 * Text without anything that a terminal would act on: control characters of both sets (a C1 one starts a sequence too)
 * but newline and tab, and the marks that turn the direction of writing, are shown by their code.
 */
export function harmless(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the terminal
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** The same on one line: newline and tab are shown too. */
export function oneLine(value: unknown): string {
  const text = textOf(value)
  return PRINTABLE.test(text) ? text : harmless(text).replace(/\n/g, '\\n').replace(/\t/g, '\\t')
}

/** A value as text: text as it is, nothing as empty text, all else as JSON. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === undefined) return ''
  if (typeof value === 'bigint') return String(value)
  try {
    return JSON.stringify(value, bigIntAsText)
  } catch {
    // Nested deeper than the stack reaches.
    return '[unreadable]'
  }
}

function bigIntAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

const PRINTABLE = /^[\x20-\x7e]*$/
