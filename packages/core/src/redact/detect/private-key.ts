import { type Detector, eachMatch } from './detector.js'

/**
 * Private keys in PEM (RFC 7468), OpenSSH, PGP and PuTTY armour, from the first line to the last; one that is cut off, to
 * the end of the text, and one whose beginning is cut off, from the beginning.
 *
 * False positives: none but texts that quote the armour itself. Certificates and public keys stay.
 */
export const privateKey: Detector = {
  name: 'privateKey',
  hint: 'PRIVATE KEY|Private-Lines|AGE-SECRET-KEY-',
  find(text, report) {
    let from = 0
    eachMatch(ARMOUR, text, (match) => {
      const isEnd = match[1] === 'END'
      const end = isEnd ? match.index + match[0].length : endOf(text, match.index + match[0].length)
      report(isEnd ? bodyStart(text, match.index, from) : match.index, end)
      from = end
      return end
    })
    eachMatch(OTHER, text, (match) => {
      report(match.index, match[0].startsWith('AGE') ? match.index + match[0].length : text.length)
    })
  },
}

/** PuTTY's, whose end is not marked, and age's. */
const OTHER = /Private-Lines:|AGE-SECRET-KEY-1[A-Z0-9]{20,80}/g
const ARMOUR = /-----?\s?(BEGIN|END) (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?\s?-----?/g
const END = /-----?\s?END (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?\s?-----?/g

function endOf(text: string, from: number): number {
  END.lastIndex = from
  const match = END.exec(text)
  return match === null ? text.length : match.index + match[0].length
}

/** Where the base64 before a last line without a first one begins. */
function bodyStart(text: string, end: number, least: number): number {
  let start = end
  while (start > least && /[A-Za-z0-9+/=\s\\]/.test(text[start - 1] ?? '')) start--
  return start
}
