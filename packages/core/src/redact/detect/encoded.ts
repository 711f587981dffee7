/** A text as it reads, and where each of its characters stands in the text as it is written. */
export interface Reading {
  readonly text: string
  /** Where the sign of a character begins. */
  readonly starts: readonly number[]
  /** Where it ends. */
  readonly ends: readonly number[]
}

/**
 * Sequences that terminals act on (ECMA-48): colours and other controls, and links. The backslash that ends a link is
 * doubled at each level of JSON in JSON.
 */
const CONTROL = String.raw`(?:\u001b\[|\u009b)[0-?]{0,40}[ -/]{0,4}[@-~]|\u001b\][^\u0007\u001b]{0,2000}(?:\u0007|\u001b\\{1,8})`
/** The first character of such a sequence as shells (`\e`, `\33`), `cat -v` (`^[`) and rsyslog (`#033`) write it. */
const ESCAPE_CHARACTER = String.raw`(?:\\{1,8}(?:e|33)|\^\[|#033)(?=[[\]\\])`
/** Characters without a width: marks of direction, joiners, soft hyphens, tags. */
const INVISIBLE = String.raw`[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|\udb40[\udc00-\udc7f]`
/** White space that is neither a space, a tab nor the end of a line. */
const SPACE = String.raw`[\v\f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`
/** Full-width forms of ASCII, and the quotes and colons of typography. */
const WIDE = String.raw`[\uff01-\uff5e\u00ab\u00bb\u2018-\u201f\u2032\u2033\u300c-\u300f\u02d0\u2236\ua789\ufe13\ufe55\ufe66]`

/**
 * A sign by which names are bound to values (`=`, `:`, `?`, `&`, a quote), or a letter, that is written as percent encoding, as an
 * escape of JSON, JavaScript, Rust or C, or as an HTML entity: a URL within a query, what Gson and .NET make of `=` and `"`, what
 * Python's JSON makes of all beyond ASCII, a page with JSON in it. And what stands between a name and its value where a person
 * does not see it: colours, wide forms, invisible characters. Encoded brackets and backslashes may be a part of a colour.
 */
export const ENCODED = [
  `%(?:25){0,3}(?:1[Bb]|2[236]|3[ABDFabdf]|5[BCbc])`,
  String.raw`\\(?:u[0-9A-Fa-f{]|x[0-7][0-9A-Fa-f]|[01][0-7][0-7])`,
  '&(?:quot|apos|amp|quest|equals|colon|nbsp|#\\d{1,4}|#[xX][0-9A-Fa-f]{1,4});',
  '[\\u001b\\u009b]',
  ESCAPE_CHARACTER,
  INVISIBLE,
  SPACE,
  WIDE,
].join('|')

const HAS_ENCODED = new RegExp(ENCODED)
const SIGN = new RegExp(
  [
    '%([0-7][0-9A-Fa-f])',
    // JSON in JSON doubles the backslash at each level. Those of a quote stay: they tell its level.
    String.raw`\\{1,8}(?:u(?!002[27])([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,4})\}|x(?!2[27])([0-7][0-9A-Fa-f]))`,
    String.raw`\\(?:u00|x)(2[27])`,
    String.raw`\\{1,8}([01][0-7][0-7])`,
    `(${ESCAPE_CHARACTER})`,
    '&(quot|apos|amp|lt|gt|quest|equals|colon|nbsp);',
    '&#(\\d{1,4});',
    '&#[xX]([0-9A-Fa-f]{1,4});',
    `(${CONTROL}|${INVISIBLE})`,
    `(${SPACE})`,
    `(${WIDE})`,
  ].join('|'),
  'g',
)
const ENTITIES: Readonly<Record<string, string>> = {
  quot: '"',
  apos: "'",
  amp: '&',
  lt: '<',
  gt: '>',
  quest: '?',
  equals: '=',
  colon: ':',
  nbsp: ' ',
}
/**
 * A URL in a query of a URL in a query, an escape within the innermost, and the colour that the escape writes; whoever
 * encodes it more often does so to hide it.
 */
const MOST_LEVELS = 5

/** The text as it reads after each level of encoding is undone; nothing where there is none. */
export function readingsOf(written: string): readonly Reading[] {
  const readings: Reading[] = []
  let text = written
  while (readings.length < MOST_LEVELS && HAS_ENCODED.test(text)) {
    const reading = decoded(text, readings.at(-1))
    if (reading.text === text) break
    readings.push(reading)
    text = reading.text
  }
  return readings
}

/** @param before The reading that the text is, when it has been decoded before. */
function decoded(text: string, before: Reading | undefined): Reading {
  const starts: number[] = []
  const ends: number[] = []
  let out = ''
  let at = 0
  const place = (from: number, to: number) => {
    starts.push(before?.starts[from] ?? from)
    ends.push(before?.ends[to - 1] ?? to)
  }
  const upTo = (end: number) => {
    out += text.slice(at, end)
    for (; at < end; at++) place(at, at + 1)
  }
  for (const match of text.matchAll(SIGN)) {
    upTo(match.index)
    const character = read(match)
    at = match.index + match[0].length
    if (character === '') continue
    out += character
    place(match.index, at)
  }
  upTo(text.length)
  return { text: out, starts, ends }
}

/** What a sign stands for. */
function read(match: RegExpExecArray): string {
  const [, percent, unit, point, byte, quote, octal, escaped, entity, decimal, hexadecimal, nothing, space, wide] =
    match
  const code = percent ?? unit ?? point ?? byte ?? quote ?? hexadecimal
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
  if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
  if (escaped !== undefined) return '\u001b'
  if (entity !== undefined) return ENTITIES[entity] ?? ''
  if (decimal !== undefined) return String.fromCharCode(Number(decimal))
  if (nothing !== undefined) return ''
  return space === undefined ? narrow(wide ?? '') : ' '
}

const QUOTES = /[\u00ab\u00bb\u201c-\u201f\u2033\u300c-\u300f]/
const APOSTROPHES = /[\u2018-\u201b\u2032]/

function narrow(wide: string): string {
  const code = wide.charCodeAt(0)
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0)
  if (QUOTES.test(wide)) return '"'
  if (APOSTROPHES.test(wide)) return "'"
  return code === 0xfe66 ? '=' : ':'
}
