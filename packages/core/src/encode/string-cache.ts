import { isPlainText } from './string.js'

/** Of so many strings that are not cached, one is sampled. A prime, so that equal lines do not offer the same field each time. */
const SAMPLED_OF = 251

/** A slot of the cache: the one string that is known to need no escape at its place (a key, a length of message). */
export interface CachedString {
  plain: string
  /** The string that was sampled there last. */
  candidate: string
}

/**
 * Strings that come again: most messages are a program's own, and so are methods, routes and names of states. A cached string
 * is compared and not read (bench `plain`, `six`: a tenth; the request path as well). A string is cached when it is sampled
 * twice in a row, since where strings never repeat, writing each to its slot costs as much as reading it.
 */
export class StringCache {
  private left = SAMPLED_OF

  /** `isPlainText`, for a string that is not the one in the slot. */
  look(slot: CachedString, text: string): boolean {
    if (!isPlainText(text)) return false
    if (--this.left === 0) this.sample(slot, text)
    return true
  }

  private sample(slot: CachedString, text: string): void {
    this.left = SAMPLED_OF
    if (slot.candidate === text) slot.plain = slot.candidate
    else slot.candidate = copied(text)
  }
}

/** The same string without the larger one that V8 may keep it as a part of. V8 has one copy of every property name. */
function copied(text: string): string {
  const names: Record<string, true> = Object.create(null)
  names[text] = true
  return Object.keys(names)[0] as string
}
