import { isPlainText } from './string.js'

/**
 * Of so many texts that were not known, one is kept: those that come again are, and the others cost next to nothing. A prime,
 * so that lines which are alike do not offer the same field each time.
 */
const KEPT_OF = 61

/** Where a text is kept that is known to be its own JSON text between quotes. */
export interface PlainText {
  plain: string
}

/**
 * Texts that come again: most messages are a program's own, and so are methods, routes and names of states. One that was
 * looked at stays known, so that the next of its kind is compared and not read (bench `plain`, `six`: a tenth).
 */
export class PlainTexts {
  private unknown = 0

  /** `isPlainText`, of a text that is not the one kept at its place. */
  look(place: PlainText, text: string): boolean {
    if (!isPlainText(text)) return false
    if (++this.unknown % KEPT_OF === 0) place.plain = copied(text)
    return true
  }
}

/** The same text, keeping nothing else alive as a part of a larger one does: V8 has one copy of all that are names. */
function copied(text: string): string {
  const names: Record<string, true> = Object.create(null)
  names[text] = true
  return Object.keys(names)[0] as string
}
