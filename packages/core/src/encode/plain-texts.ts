import { isPlainText } from './string.js'

/**
 * Of so many texts that were not known, one is remembered. A prime, so that lines which are alike do not offer the same field
 * each time.
 */
const REMEMBERED_OF = 251

/** Where a text is kept that is known to be its own JSON text between quotes. */
export interface PlainText {
  plain: string
  /** The one that was last remembered there. */
  candidate: string
}

/**
 * Texts that come again: most messages are a program's own, and so are methods, routes and names of states. One that was
 * looked at stays known, so that the next of its kind is compared and not read (bench `plain`, `six`: a tenth). It is kept
 * when it is remembered twice in a row: where texts never come again, comparing one with another of its length would cost as
 * much as reading it.
 */
export class PlainTexts {
  private left = REMEMBERED_OF

  /** `isPlainText`, of a text that is not the one kept at its place. */
  look(place: PlainText, text: string): boolean {
    if (!isPlainText(text)) return false
    if (--this.left === 0) this.remember(place, text)
    return true
  }

  private remember(place: PlainText, text: string): void {
    this.left = REMEMBERED_OF
    if (place.candidate === text) place.plain = place.candidate
    else place.candidate = copied(text)
  }
}

/** The same text, keeping nothing else alive as a part of a larger one does: V8 has one copy of all that are names. */
function copied(text: string): string {
  const names: Record<string, true> = Object.create(null)
  names[text] = true
  return Object.keys(names)[0] as string
}
