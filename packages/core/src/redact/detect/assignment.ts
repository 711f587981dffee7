import type { NameRule } from '../names.js'
import { keyAfterDashes, keyBefore, keyOfElement, keyOfPair } from './assignment-key.js'
import { valueAfter } from './assignment-value.js'
import type { Detector, Report } from './detector.js'

/**
 * Secrets that their name gives away, in text: JSON and what `util.inspect` prints (escaped, too), headers of a request
 * written as text, settings (`PASSWORD=…`), flags (`--password …`), XML (`<Password>…`). The name counts by the rule for
 * keys; the value alone is replaced.
 *
 * False positives: words that are said of a secret rather than being one stay (`password: required`, `token=null`, the list
 * is in the docs), and so do variables (`$TOKEN`, `${TOKEN}`, `<token>`). After a colon, the names that sentences have
 * (token, session, auth, cookie and their like) need a value that looks made: with a digit, or sixteen characters long.
 */
export function assignmentDetector(nameRule: NameRule): Detector {
  return {
    name: 'assignment',
    hint: `[=>]|:(?!//)|--[A-Za-z]|["']\\s?,\\s?\\\\*["']`,
    find(text, report) {
      for (let match = next(text, 0); match !== null; match = next(text, SEPARATOR.lastIndex)) {
        const end = findAt(text, match.index, match[0], nameRule, report)
        if (end !== undefined) SEPARATOR.lastIndex = Math.max(end, match.index + 1)
      }
    },
  }
}

const SEPARATOR = /:(?!\/\/)|[=>,]|--(?=[A-Za-z])/g

function next(text: string, from: number): RegExpExecArray | null {
  SEPARATOR.lastIndex = from
  return SEPARATOR.exec(text)
}

/** Looks at one separator. Returns where the value ends, when there is a secret one. */
function findAt(text: string, at: number, sign: string, nameRule: NameRule, report: Report): number | undefined {
  const key =
    sign === '--'
      ? keyAfterDashes(text, at)
      : sign === '>'
        ? keyOfElement(text, at, nameRule)
        : sign === ','
          ? keyOfPair(text, at)
          : keyBefore(text, at, nameRule)
  if (key === undefined) return undefined
  const rule = nameRule(key.name)
  if (rule === undefined) return undefined
  const value = valueAfter(text, key, rule)
  if (value === undefined) return undefined
  report(value.start, value.end)
  return value.end
}
