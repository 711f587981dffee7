import type { NameRule } from '../names.js'
import { assignmentDetector } from './assignment.js'
import { cloudKey } from './cloud-key.js'
import { credentials } from './credentials.js'
import { creditCard } from './credit-card.js'
import { DETECTOR_NAMES, type Detector, type DetectorName } from './detector.js'
import { email } from './email.js'
import { ENCODED, readingsOf } from './encoded.js'
import { iban } from './iban.js'
import { jwt } from './jwt.js'
import { privateKey } from './private-key.js'
import { urlDetector } from './url.js'

/** A text with its secret parts replaced. `limit` ends it there, after looking further: what is cut is not half shown. */
export type Detect = (text: string, limit?: number) => string

/** What stands in the place of a part that a detector found. */
export type Replace = (part: string, name: DetectorName) => string

/** No secret of any detector is shorter. */
const LEAST_LENGTH = 6

/** Compiles the detectors of these names into one function. */
export function compileDetect(names: readonly DetectorName[], nameRule: NameRule, replace: Replace): Detect {
  const detectors = DETECTOR_NAMES.filter((name) => names.includes(name)).map((name) => detectorOf(name, nameRule))
  // Most texts are words: one pass over them, and no detector is asked.
  const hint = new RegExp([...detectors.map((detector) => detector.hint), ENCODED].join('|'))
  const hints = detectors.map((detector) => new RegExp(detector.hint))
  const findAll = (text: string, report: (found: Found) => void) => {
    for (const [i, { name, find }] of detectors.entries()) {
      if (hints[i]?.test(text) === true) find(text, (start, end) => report({ start, end, name }))
    }
  }
  return (text, limit = text.length) => {
    if (text.length < LEAST_LENGTH || !hint.test(text)) return text.slice(0, limit)
    const found: Found[] = []
    findAll(text, (part) => found.push(part))
    for (const { text: read, starts, ends } of readingsOf(text)) {
      findAll(read, ({ start, end, name }) =>
        found.push({ start: starts[start] as number, end: ends[end - 1] as number, name }),
      )
    }
    return found.length === 0 ? text.slice(0, limit) : replaced(text, found, limit, replace)
  }
}

interface Found {
  readonly start: number
  end: number
  readonly name: DetectorName
}

/** Parts that overlap become one, of the one that begins first. */
function replaced(text: string, found: Found[], limit: number, replace: Replace): string {
  found.sort((a, b) => a.start - b.start)
  let out = ''
  let at = 0
  for (let i = 0; i < found.length; ) {
    const part = found[i] as Found
    for (i++; i < found.length && (found[i] as Found).start < part.end; i++) {
      part.end = Math.max(part.end, (found[i] as Found).end)
    }
    if (part.start >= limit) break
    out += text.slice(at, part.start) + replace(text.slice(part.start, part.end), part.name)
    at = part.end
  }
  return at < limit ? out + text.slice(at, limit) : out
}

function detectorOf(name: DetectorName, nameRule: NameRule): Detector {
  switch (name) {
    case 'creditCard':
      return creditCard
    case 'jwt':
      return jwt
    case 'credentials':
      return credentials
    case 'privateKey':
      return privateKey
    case 'cloudKey':
      return cloudKey
    case 'email':
      return email
    case 'iban':
      return iban
    case 'url':
      return urlDetector(nameRule)
    case 'assignment':
      return assignmentDetector(nameRule)
  }
}
