/** A text as it reads, and where each of its characters stands in the text as it is written. */
export interface Reading {
  readonly text: string
  /** Where the sign of a character begins. */
  readonly starts: readonly number[]
  /** Where it ends. */
  readonly ends: readonly number[]
}

/** Sequences that terminals act on (ECMA-48): colours and other controls, and links. */
const CONTROL = String.raw`(?:\u001b\[|\u009b)[0-?]{0,40}[ -/]{0,4}[@-~]|\u001b\][^\u0007\u001b]{0,2000}(?:\u0007|\u001b\\)`
/** The same where `JSON.stringify` or a debugger has escaped the first character. */
const ESCAPED_CONTROL = String.raw`\\(?:u001[bB]|x1[bB]|033|e)\[[\d;]{0,40}[A-Za-z]`
/** Characters without a width: marks of direction, joiners, soft hyphens, tags. */
const INVISIBLE = String.raw`[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|\udb40[\udc00-\udc7f]`
/** White space that is neither a space, a tab nor the end of a line. */
const SPACE = String.raw`[\v\f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`
/** Full-width forms of ASCII, and the quotes and colons of typography. */
const WIDE = String.raw`[\uff01-\uff5e\u00ab\u00bb\u2018-\u201f\u2032\u2033\u300c-\u300f\u02d0\u2236\ua789\ufe13\ufe55\ufe66]`

/**
 * A sign by which names are bound to values (`=`, `:`, `?`, `&`, a quote), or a letter, that is written as percent encoding, as a
 * JSON escape or as an HTML entity: a URL within a query, what Gson and .NET make of `=` and `"`, a page with JSON in it. And
 * what stands between a name and its value where a person does not see it: colours, wide forms, invisible characters.
 */
export const ENCODED = [
  `%(?:25){0,3}(?:2[236]|3[ABDFabdf])`,
  String.raw`\\u00(?:2[2367]|3[ADFadf]|[4-7][0-9A-Fa-f])`,
  '&(?:quot|apos|amp|quest|equals|colon|nbsp|#\\d{1,4}|#[xX][0-9A-Fa-f]{1,4});',
  '[\\u001b\\u009b]',
  String.raw`\\(?:u001[bB]|x1[bB]|033|e)\[`,
  INVISIBLE,
  SPACE,
  WIDE,
].join('|')

const HAS_ENCODED = new RegExp(ENCODED)
const SIGN = new RegExp(
  [
    '%([0-7][0-9A-Fa-f])',
    String.raw`\\u00([0-7][0-9A-Fa-f])(?!\[)`,
    '&(quot|apos|amp|lt|gt|quest|equals|colon|nbsp);',
    '&#(\\d{1,4});',
    '&#[xX]([0-9A-Fa-f]{1,4});',
    `(${CONTROL}|${ESCAPED_CONTROL}|${INVISIBLE})`,
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
/** A URL in a query of a URL in a query; whoever encodes it more often does so to hide it. */
const MOST_LEVELS = 3

/** The text as it reads after each level of encoding is undone; nothing where there is none. */
export function readingsOf(written: string): readonly Reading[] {
  const readings: Reading[] = []
  let last: Reading | undefined
  while (readings.length < MOST_LEVELS && HAS_ENCODED.test(last?.text ?? written)) {
    last = decoded(last?.text ?? written, last)
    readings.push(last)
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
function read([, percent, escaped, entity, decimal, hexadecimal, nothing, space, wide]: RegExpExecArray): string {
  const code = percent ?? escaped ?? hexadecimal
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
  if (decimal !== undefined) return String.fromCharCode(Number(decimal))
  if (entity !== undefined) return ENTITIES[entity] ?? ''
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
