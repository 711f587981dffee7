import type { Detector } from './detector.js'

/**
 * JSON Web Tokens (RFC 7519): signed, unsigned, encrypted, and cut off after the header.
 *
 * False positives: the first part must be base64url of JSON that begins like a JOSE header, with `alg`, `enc`, `typ`, `kid`
 * or `cty`. No other text is known to do so.
 */
export const jwt: Detector = {
  name: 'jwt',
  // `{"`, `{ "`, `{\n`, `{\r`, `{\t` in base64.
  hint: 'ey[JA]|ew[0ok]',
  find(text, report) {
    // A run of base64url characters, and where it ends; kept, so that one with many beginnings is read once.
    let runEnd = 0
    for (let match = next(START, text, 0); match !== null; match = next(START, text, START.lastIndex)) {
      if (match.index >= runEnd) runEnd = endOf(RUN, text, match.index)
      const isWhole = text[runEnd] === '.' || runEnd === text.length
      if (!isWhole || !isJoseHeader(text.slice(match.index, Math.min(runEnd, match.index + LONGEST_LOOK)))) continue
      const end = endOf(PARTS, text, runEnd)
      report(match.index, end)
      START.lastIndex = end
    }
  },
}

const START = /ey[JA]|ew[0ok]/g
const RUN = /[A-Za-z0-9_-]*/y
const PARTS = /[A-Za-z0-9_.-]*/y
/** The names that matter come early in a header; one with a chain of certificates in it is long. */
const LONGEST_LOOK = 400

function next(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from
  return pattern.exec(text)
}

function endOf(pattern: RegExp, text: string, from: number): number {
  return from + (next(pattern, text, from)?.[0].length ?? 0)
}

function isJoseHeader(part: string): boolean {
  const header = Buffer.from(part, 'base64url').toString('latin1')
  return /^\{\s*"/.test(header) && /"(?:alg|enc|typ|kid|cty)"\s*:/.test(header)
}
