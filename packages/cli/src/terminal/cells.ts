import { harmless } from 'throughline/internal'

/** How many columns of a terminal text takes: East Asian wide characters and emoji take two, combining marks none. */
export function cells(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let count = 0
  for (const { segment } of SEGMENTER.segment(text)) count += WIDE.test(segment) ? 2 : NONE.test(segment) ? 0 : 1
  return count
}

const SEGMENTER = new Intl.Segmenter()
/** By Unicode TR 11, as far as scripts go; whoever names a service in another wide script gets a crooked column. */
const WIDE =
  /^(?:\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]|.\ufe0f)/u
const NONE = /^[\p{Mn}\p{Me}\p{Cf}]+$/u

/** Text of exactly so many columns: filled up with spaces, or cut with an ellipsis. Control characters are made harmless. */
export function fitted(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const safe = cut(harmless(text).replace(/[\t\n]/g, ' '), width)
  const filling = ' '.repeat(Math.max(0, width - cells(safe)))
  return align === 'left' ? safe + filling : filling + safe
}

/** Text of at most so many columns. */
export function cut(text: string, width: number): string {
  if (cells(text) <= width) return text
  let result = ''
  let taken = 0
  for (const { segment } of SEGMENTER.segment(text)) {
    const more = cells(segment)
    if (taken + more > width - 1) break
    result += segment
    taken += more
  }
  return width <= 0 ? '' : `${result}…`
}
