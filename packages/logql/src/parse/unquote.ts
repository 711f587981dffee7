import { invalid, type Span } from '../error.js'

const simple: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
}
const escapeSequence = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([\s\S]))?/g

/** Returns the text of a string literal as Go writes them: in double quotes with escapes, or in backquotes without. */
export function unquote(literal: string, span: Span): string {
  if (literal.startsWith('`')) return literal.slice(1, -1).replaceAll('\r', '')
  const text = literal.slice(1, -1)
  if (text.includes('\n')) throw invalid('invalid char literal', span)
  if (!text.includes('\\')) return text
  // Escapes of bytes (`\xff`, `\377`) can form a character of UTF-8 together.
  const parts: Buffer[] = []
  let from = 0
  for (const match of text.matchAll(escapeSequence)) {
    parts.push(Buffer.from(text.slice(from, match.index)), escaped(match, span))
    from = match.index + match[0].length
  }
  parts.push(Buffer.from(text.slice(from)))
  return Buffer.concat(parts).toString('utf8')
}

function escaped([, byte, short, long, octal, letter]: RegExpMatchArray, span: Span): Buffer {
  if (byte !== undefined) return Buffer.from([Number.parseInt(byte, 16)])
  if (octal !== undefined) return Buffer.from([Number.parseInt(octal, 8) & 0xff])
  const code = short ?? long
  if (code !== undefined) {
    const point = Number.parseInt(code, 16)
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) throw invalid('invalid syntax', span)
    return Buffer.from(String.fromCodePoint(point))
  }
  const character = letter === undefined ? undefined : simple[letter]
  if (character === undefined) throw invalid('invalid char escape', span)
  return Buffer.from(character)
}
