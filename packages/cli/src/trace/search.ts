import type { Block } from '../input/assembler.js'

const NEWLINE = 10

/** A line in a block that holds one of the ids. */
export interface Hit {
  /** Where the line begins, in the block. */
  readonly start: number
  readonly text: string
}

/**
 * The lines of a block that hold one of the ids, in order. Only they are made into text: the search goes over bytes, and
 * what cannot match is never parsed, nor even cut into lines.
 */
export function search({ bytes }: Block, ids: readonly Buffer[]): readonly Hit[] {
  const ends = new Map<number, number>()
  for (const id of ids) {
    for (let at = bytes.indexOf(id); at !== -1; ) {
      const newline = bytes.indexOf(NEWLINE, at)
      const end = newline === -1 ? bytes.length : newline
      if (isWhole(bytes, at, id.length)) {
        ends.set(bytes.lastIndexOf(NEWLINE, at) + 1, end)
        at = end
      } else at++
      at = bytes.indexOf(id, at)
    }
  }
  return [...ends]
    .sort(([a], [b]) => a - b)
    .map(([start, end]) => ({ start, text: bytes.toString('utf8', start, bytes[end - 1] === 13 ? end - 1 : end) }))
}

/** Whether text holds the id, not as a part of a longer one: `req-1` is not in `req-12`. */
export function holds(text: string, id: string): boolean {
  for (let at = text.indexOf(id); at !== -1; at = text.indexOf(id, at + 1)) {
    if (!isIdCharacter(text.charCodeAt(at - 1)) && !isIdCharacter(text.charCodeAt(at + id.length))) return true
  }
  return false
}

function isWhole(bytes: Buffer, at: number, length: number): boolean {
  return !isIdCharacter(bytes[at - 1]) && !isIdCharacter(bytes[at + length])
}

/** Letters, digits, `-` and `_`: what ids are made of in practice; the other characters allowed in one also stand around it. */
function isIdCharacter(code: number | undefined): boolean {
  if (code === undefined || Number.isNaN(code)) return false
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122) ||
    code === 45 ||
    code === 95
  )
}
