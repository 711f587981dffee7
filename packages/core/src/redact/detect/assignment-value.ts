import { looksMade } from '../ambiguous.js'
import { isReadableText, nameOf } from '../names.js'
import type { TextKey } from './assignment-key.js'
import { isKeyPath, isSaidOf } from './assignment-words.js'

export interface TextValue {
  readonly start: number
  readonly end: number
}

/** Where the value after a secret name begins and ends; `undefined` when it is none. */
export function valueAfter(text: string, key: TextKey, rule: string): TextValue | undefined {
  if (key.kind === 'part') return checked(text, key.valueFrom, endOfPart(text, key.valueFrom), key, rule)
  const start = valueStart(text, key)
  if (key.kind === 'element') {
    const from = text.startsWith(CDATA, start) ? start + CDATA.length : start
    return checked(text, from, endOfElement(text, from), key, rule)
  }
  const quoted = OPENING.exec(text.slice(start, start + 16))
  if (quoted !== null) {
    const from = start + quoted[0].length
    return checked(text, from, endOfParts(text, from, quoted[2] ?? '"', (quoted[1] ?? '').length), key, rule)
  }
  const opening = text[start] ?? ''
  if (opening === '{' || opening === '[') {
    const isSecret = key.kind !== 'flag' && !NO_BRACKETS.test(text.slice(start, start + 70))
    if (!isSecret) return undefined
    const end = endOfBrackets(text, start)
    return isReadableText(text.slice(start, end), rule) ? undefined : { start, end }
  }
  const end = isHeader(nameOf(rule)) ? endOfHeader(text, start, key, rule) : endOfToken(text, start)
  return checked(text, start, end, key, rule)
}

/**
 * Where a value begins: behind spaces, behind the tag that marks it (`<code>`), on the next line where a quote opens there
 * (`util.inspect`), or where what stands there looks made and binds nothing itself.
 */
function valueStart(text: string, key: TextKey): number {
  const { valueFrom } = key
  if (key.isQuoted) return matchAt(ANY_SPACE, text, valueFrom) ?? valueFrom
  const start = matchAt(SPACE, text, valueFrom) ?? valueFrom
  if (key.kind !== 'colon' || !/[\r\n]/.test(text[start] ?? '')) return start
  const next = matchAt(NEXT_LINE, text, start)
  if (next === undefined) return start
  if (OPENING.test(text.slice(next, next + 16))) return next
  const word = text.slice(next, endOfToken(text, next))
  return looksMade(word) && !/[:=]/.test(word) ? next : start
}

const NEXT_LINE = /\r?\n[ \t]{0,80}/y

/** Behind a quoted name, JSON may have a new line. */
const ANY_SPACE = /\s{0,64}/y
const SPACE = /(?:[ \t]|<\/?(?:b|i|u|s|em|strong|code|mark|span|font|kbd|td|dd)>){0,16}/iy
const CDATA = '<![CDATA['

/** An opening quote at whatever level of escaping; Python marks its strings. */
const OPENING = /^[bur]?(\\{0,8})(["'`])/

/** What redaction left behind, an object's tag, and a template's variable. */
const NO_BRACKETS = /^(?:\[(?:object |redacted|filtered|hidden|masked)|\{\{[^{}]{0,60}\}\})/i

function checked(text: string, start: number, end: number, key: TextKey, rule: string): TextValue | undefined {
  let last = end
  while (last > start && (text[last - 1] === '\\' || text[last - 1] === ' ')) last--
  const value = text.slice(start, last)
  if (value === '' || isSaidOf(value, key, rule) || (start === key.valueFrom && isKeyPath(value, key, rule)))
    return undefined
  return { start, end: last }
}

/** A long string stands in parts where `util.inspect` breaks its lines: `'…' +\n  '…'`. */
function endOfParts(text: string, from: number, quote: string, level: number): number {
  let end = endOfQuoted(text, from, quote, level)
  for (let next = matchAt(CONTINUED, text, end); next !== undefined; next = matchAt(CONTINUED, text, end)) {
    end = endOfQuoted(text, next, text[next - 1] ?? quote, level)
  }
  return end
}

const CONTINUED = /\\{0,8}["'`] ?\+ ?(?:\r?\n|\\{1,8}n)?[ \t]{0,80}\\{0,8}["'`]/y

/** To the quote at the same level of escaping, or to the end of the text. */
function endOfQuoted(text: string, from: number, quote: string, level: number): number {
  for (let at = text.indexOf(quote, from); at !== -1; at = text.indexOf(quote, at + 1)) {
    let slashes = 0
    while (at - slashes > from && text[at - slashes - 1] === '\\') slashes++
    // An even number on the outermost level is escaped backslashes; fewer than at the opening end an outer string.
    if (slashes <= level || (level === 0 && slashes % 2 === 0)) return at - slashes
  }
  return text.length
}

function endOfElement(text: string, from: number): number {
  const end = text.indexOf(text.startsWith(CDATA, from - CDATA.length) ? ']]>' : '<', from)
  return end === -1 ? text.length : end
}

/** To the line that begins with the boundary, or to the end of a body that was cut off. */
function endOfPart(text: string, from: number): number {
  BOUNDARY.lastIndex = from
  return BOUNDARY.exec(text)?.index ?? text.length
}

const BOUNDARY = /(?:\n|\\n)--/g

/** To the bracket that closes this one, or to the end. Brackets in texts count too: too much is hidden then, not too little. */
function endOfBrackets(text: string, from: number): number {
  let depth = 0
  for (BRACKET.lastIndex = from; ; ) {
    const match = BRACKET.exec(text)
    if (match === null) return text.length
    depth += match[0] === '{' || match[0] === '[' ? 1 : -1
    if (depth === 0) return match.index + 1
  }
}

const BRACKET = /[{}[\]]/g

function isHeader(name: string): boolean {
  return name === 'authorization' || name === 'proxyauthorization' || name === 'cookie' || name === 'setcookie'
}

/** One scheme and one token or its parameters, or a list of cookies; where the header is a line of its own, the whole line. */
function endOfHeader(text: string, start: number, key: TextKey, rule: string): number {
  const one = matchAt(PARAMETERS, text, start) ?? matchAt(ONE_TOKEN, text, start)
  if (one !== undefined) return one
  const word = matchAt(WORD, text, start)
  if (word !== undefined && isSaidOf(text.slice(start, word), key, rule)) return word
  if (key.kind === 'colon' && !key.isQuoted) {
    const before = text[key.start - 1] ?? '\n'
    if (before === '"' || before === "'") return endOfQuoted(text, start, before, 0)
    if (/[\r\n]/.test(before) || /\\[rn]$/.test(text.slice(Math.max(0, key.start - 2), key.start))) {
      return matchAt(LINE, text, start) ?? text.length
    }
  }
  return matchAt(COOKIES, text, start) ?? matchAt(LINE, text, start) ?? text.length
}

/** `Digest username="…", response="…"` (RFC 9110, section 11.4), and what AWS, OAuth 1 and Hawk made of it. */
const PARAMETERS =
  /[A-Za-z][\w-]{1,30} {1,4}[\w-]{1,40}=(?:\\{0,8}"[^"\r\n]*"|[^\s",\\]+)(?:, ?[\w-]{1,40}=(?:\\{0,8}"[^"\r\n]*"|[^\s",\\]+))*/y
const ONE_TOKEN = /(?:bearer|basic|token|apikey|negotiate|ntlm|bot) {1,4}[^\s"'<>\\,;]{1,65536}/iy
/** A sentence about the header, perhaps. */
const WORD = /[A-Za-z]{1,20}(?=[ .,!?]|$)/y
const COOKIES = /[^\s=;,"']{1,256}=[^\s;"']*(?:; ?[^\s=;,"']{1,256}=[^\s;"']*)*/y
/** A line ends at its end, real or escaped. */
const LINE = /(?:[^\r\n\\]|\\(?![rn]))*/y

/** A text without spaces; commas and their like end it where something else begins behind them. */
function endOfToken(text: string, start: number): number {
  return matchAt(TOKEN, text, start) ?? start
}

const TOKEN = /(?:[^\s"'`<>&;,)\]}|]|[;,)\]}|](?![\s"'`<>;,)\]}|]|$|[\w.-]{1,16}[=:]))+/y

function matchAt(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at
  const match = pattern.exec(text)
  return match === null ? undefined : at + match[0].length
}
