import { ExactNumber, isLossy } from './exact-number.js'

/** An object of a line, with the names that it has there. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Values nested deeper are replaced: nobody reads them, and what walks a record must not exhaust the stack. */
const DEEPEST = 100
const TOO_DEEP = `[nested deeper than ${DEEPEST}]`

/** A text nested deeper is not parsed: the parser needs memory for each level. */
const DEEPEST_TEXT = 100_000

/**
 * The object that a text is; `undefined` where it is none. Numbers keep their digits, values that are nested too deeply are replaced, and
 * no text throws.
 */
export function parseObject(text: string): JsonObject | undefined {
  if (!beginsObject(text)) return undefined
  const isDeep = hasManyOpenings(text)
  if (isDeep && text.length > DEEPEST_TEXT && depthOf(text) > DEEPEST_TEXT) return undefined
  const isLong = LONG_NUMBER.test(text)
  try {
    const object = JSON.parse(isLong ? withNumbersAsText(text) : text) as Record<string, unknown>
    if (isDeep || isLong) settle(object, 1)
    return object
  } catch {
    return undefined
  }
}

function beginsObject(text: string): boolean {
  let at = 0
  for (let code = text.charCodeAt(0); code === 32 || code === 9; code = text.charCodeAt(at)) at++
  return text.charCodeAt(at) === 0x7b
}

/** A search for each opening of an object or a list: of most lines there is one. */
function hasManyOpenings(text: string): boolean {
  let count = 0
  for (const opening of ['{', '[']) {
    for (let at = text.indexOf(opening); at !== -1; at = text.indexOf(opening, at + 1)) {
      if (++count > DEEPEST) return true
    }
  }
  return false
}

function depthOf(text: string): number {
  let [depth, deepest] = [0, 0]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth)
    else if (code === 0x7d || code === 0x5d) depth--
  }
  return deepest
}

/** Whether a number may have more digits than a double holds, or be too large for one. A text that looks like one costs only time. */
const LONG_NUMBER = /[:,[ \t]-?(?:[\d.]{16}|\d+(?:\.\d+)?[eE])/
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const QUOTE = 0x22
/** The one key of an object that stands for a number. */
const MARK = '\u0000number'

function withNumbersAsText(text: string): string {
  let marked = ''
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else if (code === 0x2d || (code >= 48 && code <= 57)) {
      NUMBER.lastIndex = at
      const number = NUMBER.exec(text)?.[0]
      if (number === undefined) continue
      const end = at + number.length
      if ((number.length > 15 || /e/i.test(number)) && isLossy(number)) {
        marked += `${text.slice(from, at)}{"\\u0000number":"${number}"}`
        from = end
      }
      at = end - 1
    }
  }
  return marked + text.slice(from)
}

/** Puts numbers in the place of their marks, and cuts off what is too deep. */
function settle(object: Record<string, unknown> | unknown[], depth: number): void {
  const values = object as Record<string, unknown>
  for (const name of Object.keys(object)) {
    const value = values[name]
    if (typeof value !== 'object' || value === null) continue
    const number = (value as Record<string, unknown>)[MARK]
    if (typeof number === 'string' && Object.keys(value).length === 1) values[name] = new ExactNumber(number)
    else if (depth >= DEEPEST) values[name] = TOO_DEEP
    else settle(value as Record<string, unknown>, depth + 1)
  }
}

/** Where the quote that closes a string is, or the text's length. */
export function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end !== -1; end = json.indexOf('"', end + 1)) {
    let slashes = 0
    while (json.charCodeAt(end - 1 - slashes) === 0x5c) slashes++
    if (slashes % 2 === 0) return end
  }
  return json.length
}
