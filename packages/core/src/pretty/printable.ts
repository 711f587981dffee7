/**
 * Text without anything that a terminal acts on or a reader cannot see, shown by its code: control characters of both sets
 * but newline and tab, the line and paragraph separators, what turns the direction of writing, and characters without a
 * width, tags among them. A joiner between two emoji stays: it makes them one.
 */
export function harmless(text: string): string {
  return text.replace(INVISIBLE, (character) => {
    const code = (character.codePointAt(0) as number).toString(16)
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
  })
}

const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the terminal
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]|\u200d(?!\p{Extended_Pictographic})|(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)\u200d/gu

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
