/** How many columns of a terminal text takes: East Asian wide characters and emoji take two, combining marks none. */
export function cells(text: string): number {
  if (NARROW.test(text)) return text.length
  let count = 0
  for (const { segment } of segmenter().segment(text)) count += cellsOf(segment)
  return count
}

/**
 * As much of a text's beginning as fits in so many columns, cut between characters as people see them; at least one of them.
 *
 * @param width At least 1.
 */
export function beginning(text: string, width: number): string {
  const head = text.slice(0, width)
  // What follows may belong to the last character: an accent, or the second half of an emoji.
  if (NARROW.test(head) && !(text.charCodeAt(width) > 0x7e)) return head
  let result = ''
  let taken = 0
  for (const { segment } of segmenter().segment(text.slice(0, width * MOST_UNITS))) {
    const more = cellsOf(segment)
    if (taken + more > width && result !== '') break
    result += segment
    taken += more
  }
  return result
}

/** UTF-16 units that a column's character has at most, so that cutting a long text does not read all of it each time. */
const MOST_UNITS = 16
/** One column each, and never a part of another character: Latin, Greek, Cyrillic and their punctuation, and what the reports draw with. */
const NARROW =
  /^[\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u2190-\u2193\u2500-\u259f\u2713\u2717]*$/
/** By Unicode TR 11, as far as scripts go; whoever names a service in another wide script gets a crooked column. */
const WIDE =
  /^(?:\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]|.\ufe0f)/u
const NONE = /^[\p{Mn}\p{Me}\p{Cf}]+$/u

function cellsOf(segment: string): number {
  return WIDE.test(segment) ? 2 : NONE.test(segment) ? 0 : 1
}

let shared: Intl.Segmenter | undefined

/** Made at the first text that needs it: a logger that writes JSON never does. */
function segmenter(): Intl.Segmenter {
  shared ??= new Intl.Segmenter()
  return shared
}
