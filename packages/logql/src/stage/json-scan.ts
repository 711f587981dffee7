/**
 * Reads JSON the way Loki's parser (`grafana/jsonparser`) does: leniently, from left to right, without looking at what comes after.
 * A line that is broken at its end gives the labels before the break, and the error names what was looked for.
 */
export type JsonType = 'string' | 'number' | 'object' | 'array' | 'boolean' | 'null'

/** A value within a text. Most values of a line are passed over, so that their characters are cut out only when asked for. */
export class JsonValue {
  readonly type: JsonType
  /** Where the value ends in the text. */
  readonly end: number
  readonly #text: string
  readonly #from: number

  constructor(type: JsonType, text: string, from: number, end: number) {
    this.type = type
    this.#text = text
    this.#from = from
    this.end = end
  }

  /** The characters of the value; of a string without its quotes, and not yet unescaped. */
  get raw(): string {
    return this.type === 'string'
      ? this.#text.slice(this.#from + 1, this.end - 1)
      : this.#text.slice(this.#from, this.end)
  }
}

/** Why a text could not be read, in the words of Loki's parser. */
export class JsonError extends Error {}

export const malformed = 'Malformed JSON error'
const malformedObject = "Value looks like object, but can't find closing '}' symbol"
const malformedArray = "Value is array, but can't find closing ']' symbol"
const malformedString = "Value is string, but can't find closing '\"' symbol"
const unknownType = 'Unknown value type'
const badEscape = 'Encountered an invalid escape sequence in a string'

const quote = 0x22
const backslash = 0x5c

/** Returns the position of the first character that is no white space, or -1. */
export function nextToken(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at
  }
  return -1
}

/** Returns the position behind the quote that closes a string, given the position behind the one that opens it; or -1. */
export function stringEnd(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 1)) {
    let backslashes = 0
    while (at - 1 - backslashes >= from && text.charCodeAt(at - 1 - backslashes) === backslash) backslashes++
    if (backslashes % 2 === 0) return at + 1
  }
  return -1
}

/** Returns the position behind the bracket that closes the one at `from`, or -1. */
export function blockEnd(text: string, from: number, open: string, close: string): number {
  const [opening, closing] = [open.charCodeAt(0), close.charCodeAt(0)]
  let level = 0
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      const end = stringEnd(text, at + 1)
      if (end === -1) return -1
      at = end - 1
    } else if (code === opening) level++
    else if (code === closing && --level === 0) return at + 1
  }
  return -1
}

/** Reads the value that comes next. */
export function readJson(text: string, from: number): JsonValue {
  const start = nextToken(text, from)
  if (start === -1) throw new JsonError(malformed)
  const first = text[start]
  if (first === '"') {
    const end = stringEnd(text, start + 1)
    if (end === -1) throw new JsonError(malformedString)
    return new JsonValue('string', text, start, end)
  }
  if (first === '[' || first === '{') {
    const end = first === '[' ? blockEnd(text, start, '[', ']') : blockEnd(text, start, '{', '}')
    if (end === -1) throw new JsonError(first === '[' ? malformedArray : malformedObject)
    return new JsonValue(first === '[' ? 'array' : 'object', text, start, end)
  }
  let end = start
  while (end < text.length && !isTokenEnd(text.charCodeAt(end))) end++
  return new JsonValue(typeOf(text, start, end), text, start, end)
}

function isTokenEnd(code: number): boolean {
  return (
    code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09 || code === 0x2c || code === 0x7d || code === 0x5d
  )
}

function typeOf(text: string, from: number, end: number): JsonType {
  const code = text.charCodeAt(from)
  if (from < end && (code === 0x2d || (code >= 0x30 && code <= 0x39))) return 'number'
  const raw = text.slice(from, end)
  if (raw === 'true' || raw === 'false') return 'boolean'
  if (raw === 'null') return 'null'
  throw new JsonError(unknownType)
}

/**
 * Calls back with each field of the object that a text begins with, until the callback returns false.
 *
 * @returns whether the callback let it run to the end.
 */
export function eachField(text: string, visit: (key: string, value: JsonValue) => boolean): boolean {
  let at = nextToken(text, 0)
  if (at === -1 || text[at] !== '{') throw new JsonError(malformedObject)
  at = nextToken(text, at + 1)
  if (at === -1) throw new JsonError(malformed)
  for (;;) {
    if (text[at] === '}') return true
    if (text[at] !== '"') throw new JsonError(malformedObject)
    const keyEnd = stringEnd(text, at + 1)
    if (keyEnd === -1) throw new JsonError(malformed)
    const key = unescapeJson(text.slice(at + 1, keyEnd - 1))
    if (key === undefined) throw new JsonError(badEscape)
    const colon = nextToken(text, keyEnd)
    if (colon === -1 || text[colon] !== ':') throw new JsonError(malformed)
    const value = readJson(text, colon + 1)
    if (!visit(key, value)) return false
    at = nextToken(text, value.end)
    if (at === -1) throw new JsonError(malformedArray)
    if (text[at] === '}') return true
    if (text[at] !== ',') throw new JsonError(malformedObject)
    at = nextToken(text, at + 1)
    if (at === -1) throw new JsonError(malformedArray)
  }
}

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** Resolves the escapes of a string, or returns undefined where one is invalid. */
export function unescapeJson(raw: string): string | undefined {
  let at = raw.indexOf('\\')
  if (at === -1) return raw
  let [text, from] = ['', 0]
  while (at !== -1) {
    text += raw.slice(from, at)
    const letter = raw[at + 1] ?? ''
    const short = shortEscapes[letter]
    if (short !== undefined) {
      text += short
      from = at + 2
    } else {
      const escaped = unicodeEscape(raw, at)
      if (escaped === undefined) return undefined
      text += escaped.text
      from = escaped.end
    }
    at = raw.indexOf('\\', from)
  }
  return text + raw.slice(from)
}

function unicodeEscape(raw: string, at: number): { readonly text: string; readonly end: number } | undefined {
  const first = hexOf(raw, at)
  if (first === undefined) return undefined
  if (first < 0xd800 || first > 0xdfff) return { text: String.fromCharCode(first), end: at + 6 }
  const second = hexOf(raw, at + 6)
  if (second === undefined || second < 0xdc00) return undefined
  const point = 0x10000 + (first - 0xd800) * 0x400 + (second - 0xdc00)
  return { text: point > 0x10ffff || point < 0 ? '\ufffd' : String.fromCodePoint(point), end: at + 12 }
}

function hexOf(raw: string, at: number): number | undefined {
  const digits = /^\\u([\da-fA-F]{4})/.exec(raw.slice(at, at + 6))?.[1]
  return digits === undefined ? undefined : Number.parseInt(digits, 16)
}

/** Returns the text of a string's raw characters as Loki stores it in a label. */
export function jsonText(raw: string): string {
  return replaceInvalid(unescapeJson(raw) ?? '')
}

/** Replaces the replacement character by a space, as Loki does: label values may not have it. */
export function replaceInvalid(text: string): string {
  return text.includes('\ufffd') ? text.replaceAll('\ufffd', ' ') : text
}
