import type { NameRule } from '../names.js'
import { nameInObject, nameInSiblings, nameInTag, nameOfAttributes } from './assignment-beside.js'
import { decodedName } from './url.js'

/** A name in a text, before the value that it may give away. */
export interface TextKey {
  readonly name: string
  /** Where it begins, its quote included. */
  readonly start: number
  /** Where to look for the value. */
  readonly valueFrom: number
  /** How the value is bound to it. */
  readonly kind: 'colon' | 'equals' | 'element' | 'flag' | 'pair' | 'part'
  /** Whether the name stands in quotes. */
  readonly isQuoted: boolean
  /** Whether it begins a line as those of HTTP end (`\r\n`), where nobody writes sentences. */
  readonly isHeader?: boolean
}

const LONGEST_NAME = 80
const QUOTES = '"\'`'

/** The name before a `:` or `=`. */
export function keyBefore(text: string, at: number, nameRule: NameRule): TextKey | undefined {
  const kind = text[at] === ':' ? 'colon' : 'equals'
  // `::`, `==`, `!=`, `://` bind nothing.
  if (text[at + 1] === ':' || (kind === 'colon' && text.startsWith('//', at + 1))) return undefined
  if (kind === 'equals' && text[at + 1] === '=') return undefined
  let end = at
  if (kind === 'equals' && text[end - 1] === ':') end--
  end -= BETWEEN.exec(text.slice(Math.max(0, end - 60), end))?.[0].length ?? 0
  const valueFrom = text[at + 1] === '>' || (kind === 'colon' && text[at + 1] === '=') ? at + 2 : at + 1
  const quote = text[end - 1] ?? ''
  if (quote !== '' && QUOTES.includes(quote)) {
    const start = quotedStart(text, end - 1, quote)
    if (start === undefined) return undefined
    const own = text.slice(start, end - 1).replace(/(?<!\\)\\+$/, '')
    const name = nameInObject(text, start, own, nameRule) ?? own
    return { name, start: start - 1, valueFrom, kind, isQuoted: true }
  }
  let start = end
  while (start > 0 && end - start < LONGEST_NAME && isNameCharacter(text.charCodeAt(start - 1))) start--
  start += escapeLength(text, start)
  if (start >= end) return undefined
  const first = withWordsBefore(text, start)
  const own = decodedName(text.slice(first, end))
  const beside = kind === 'equals' ? nameInTag : nameInObject
  const name = beside(text, start, text.slice(start, end), nameRule) ?? own
  if (kind === 'equals') {
    const part = name === 'name' ? keyOfPart(text, start, valueFrom) : undefined
    return part ?? { name, start, valueFrom, kind, isQuoted: false }
  }
  return {
    name,
    start,
    valueFrom: valueFrom + emphasisLength(text, first, valueFrom),
    kind,
    isQuoted: false,
    isHeader: HEADER_LINE.test(text.slice(Math.max(0, start - 18), start)),
  }
}

const HEADER_LINE = /(?:\r\n|\\{1,8}r\\{1,8}n)$/

/** Between a name and its sign: spaces, what marks emphasis in Markdown, and the tags that do so in HTML. */
const BETWEEN = /(?:[ \t]|[*~]{1,3}|<\/(?:b|i|u|s|em|strong|code|mark|span|label|font|kbd|th|td|dt)>){1,16}$/i

/** `**Password:** …`: what opened before the name closes behind its sign. */
function emphasisLength(text: string, start: number, valueFrom: number): number {
  const mark = /[*_~]{1,3}$/.exec(text.slice(Math.max(0, start - 3), start))?.[0]
  return mark !== undefined && text.startsWith(mark, valueFrom) ? mark.length : 0
}

/** `Content-Disposition: form-data; name="password"`, behind which, after an empty line, the value stands. */
function keyOfPart(text: string, start: number, valueFrom: number): TextKey | undefined {
  const [all, name] = PART.exec(text.slice(valueFrom, valueFrom + 400)) ?? []
  if (all === undefined || name === undefined) return undefined
  return { name, start, valueFrom: valueFrom + all.length, kind: 'part', isQuoted: true }
}

/** An empty line, at whatever level of escaping, or indented as the inner errors of a traceback are. */
const EMPTY_LINE = String.raw`(?:\r?\n[ \t]{0,40}\r?\n[ \t]{0,40}|(?:\\{1,8}r)?\\{1,8}n(?:\\{1,8}r)?\\{1,8}n)`
const PART = new RegExp(
  String.raw`^\\{0,8}["']([^"'\\\r\n]{1,80})\\{0,8}["'](?:;(?:[^\r\n\\]|\\(?![rn\\])|\\{2,8}["']){0,200})?${EMPTY_LINE}`,
)

/** `--password`, when its value follows after a space; with `=` it is found as an assignment. */
export function keyAfterDashes(text: string, at: number): TextKey | undefined {
  const name = /^--([A-Za-z][\w-]{0,79})["']?[ \t,]{1,4}(?!-)/.exec(text.slice(at, at + 90))
  if (name?.[1] === undefined) return undefined
  return { name: name[1], start: at, valueFrom: at + name[0].length, kind: 'flag', isQuoted: false }
}

/** The element whose start tag ends here. */
export function keyOfElement(text: string, at: number, nameRule: NameRule): TextKey | undefined {
  const before = text.slice(Math.max(0, at - 200), at)
  const open = at - before.length + before.lastIndexOf('<')
  const [, own, attributes] = ELEMENT.exec(text.slice(open, at)) ?? []
  if (own === undefined) return undefined
  const told = attributes === undefined ? undefined : nameOfAttributes(attributes, nameRule)
  const name =
    told ?? (/^(?:value|val|string|v)$/i.test(own) ? nameInSiblings(text, open, at, nameRule) : undefined) ?? own
  return { name, start: open, valueFrom: at + 1, kind: 'element', isQuoted: false }
}

const ELEMENT = /^<(?:[\w-]{1,40}:)?([\p{L}_][\p{L}\p{N}_.-]{0,79})(\s[^<>]*)?$/u

/** `"Authorization","…"`, as in a list of raw headers. */
export function keyOfPair(text: string, at: number): TextKey | undefined {
  const quote = text[at - 1] ?? ''
  if (quote !== '"' && quote !== "'") return undefined
  const start = quotedStart(text, at - 1, quote)
  if (start === undefined) return undefined
  const name = text.slice(start, at - 1).replace(/(?<!\\)\\+$/, '')
  // Behind a colon it is a value itself, and what follows is the next key.
  if (!/[[,(]\s?\\{0,8}$/.test(text.slice(Math.max(0, start - 11), start - 1))) return undefined
  if (name.length > 40 || !/^\s?\\*["']/.test(text.slice(at + 1, at + 12))) return undefined
  return { name, start: start - 1, valueFrom: at + 1, kind: 'pair', isQuoted: true }
}

/** The character after the quote that opens the text that ends here. */
function quotedStart(text: string, end: number, quote: string): number | undefined {
  for (let start = end - 1; start >= 0 && end - start <= LONGEST_NAME + 8; start--) {
    if (text[start] === quote) return start + 1
  }
  return undefined
}

/** Letters of an escape before a name (`\\napi_key=…`) are not the name's. */
function escapeLength(text: string, start: number): number {
  if (text[start - 1] !== '\\') return 0
  return /^(?:u[0-9A-Fa-f]{4}|[nrtbf])/.exec(text.slice(start, start + 5))?.[0].length ?? 0
}

/** `the api key: …`: names of several words are written with spaces in sentences. */
function withWordsBefore(text: string, start: number): number {
  let first = start
  for (let words = 0; words < 2; words++) {
    if (text[first - 1] !== ' ') break
    let at = first - 1
    while (at > 0 && first - at < 20 && isLetter(text.charCodeAt(at - 1))) at--
    if (at === first - 1) break
    first = at
  }
  return first
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
}

/** Letters, digits, `_ - . $ % [ ]`, and everything beyond ASCII. */
function isNameCharacter(code: number): boolean {
  return (
    isLetter(code) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 45 ||
    code === 46 ||
    code === 36 ||
    code === 37 ||
    code === 91 ||
    code === 93 ||
    code > 127
  )
}
