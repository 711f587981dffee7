/** A text as it reads, and where each of its characters (and its end) stands in the text as it is written. */
export interface Reading {
  readonly text: string
  readonly places: readonly number[]
}

/**
 * A sign by which names are bound to values (`=`, `:`, a quote), or a letter, that is written as percent encoding, as a JSON
 * escape or as an HTML entity: a URL within a query, what Gson and .NET make of `=` and `"`, a page with JSON in it.
 */
export const ENCODED = String.raw`%(?:25){0,3}(?:22|3[ADad])|\\u00(?:2[267]|3[ADad]|[4-7][0-9A-Fa-f])|&(?:quot|apos|#3[49]|#x2[27]);`

const HAS_ENCODED = new RegExp(ENCODED)
const SIGN = /%([0-7][0-9A-Fa-f])|\\u00([0-7][0-9A-Fa-f])|&(quot|apos|amp|lt|gt|#3[49]|#x2[27]);/g
const ENTITIES: Readonly<Record<string, string>> = {
  quot: '"',
  '#34': '"',
  '#x22': '"',
  apos: "'",
  '#39': "'",
  '#x27': "'",
  amp: '&',
  lt: '<',
  gt: '>',
}
/** A URL in a query of a URL in a query; whoever encodes it more often does so to hide it. */
const MOST_LEVELS = 3

/** The text as it reads after each level of encoding is undone; nothing where there is none. */
export function readingsOf(written: string): readonly Reading[] {
  const readings: Reading[] = []
  let last: Reading | undefined
  while (readings.length < MOST_LEVELS && HAS_ENCODED.test(last?.text ?? written)) {
    last = decoded(last?.text ?? written, last?.places)
    readings.push(last)
  }
  return readings
}

/** @param before Where the text's own characters stand, when it has been decoded before. */
function decoded(text: string, before: readonly number[] | undefined): Reading {
  const places: number[] = []
  const place = (i: number) => before?.[i] ?? i
  let out = ''
  let at = 0
  const upTo = (end: number) => {
    out += text.slice(at, end)
    while (at < end) places.push(place(at++))
  }
  for (const { 0: sign, 1: percent, 2: escaped, 3: entity = '', index } of text.matchAll(SIGN)) {
    upTo(index)
    const code = percent ?? escaped
    out += code === undefined ? ENTITIES[entity] : String.fromCharCode(Number.parseInt(code, 16))
    places.push(place(index))
    at = index + sign.length
  }
  upTo(text.length)
  places.push(place(text.length))
  return { text: out, places }
}
