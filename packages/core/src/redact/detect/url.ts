import { isReadable, type NameRule } from '../names.js'
import { isQuerySecret } from '../query.js'
import { type Detector, eachMatch, type Report } from './detector.js'

/**
 * The secret parts of URLs: what stands before the host (`postgres://app:secret@db/`), and query and fragment values whose
 * name is secret by the rule for keys (`?access_token=…`), or is one that only query strings have: `sig`, `signature`, and
 * `code` where `state` stands beside it (an OAuth redirect).
 *
 * False positives: none in the query but those of the name rule. `git@` before a host stays, and so does a user name that
 * is a variable (`https://$USER@host`).
 */
export function urlDetector(nameRule: NameRule): Detector {
  return {
    name: 'url',
    hint: '@|(?:^|[?&#;])[^=\\s?&#;]*=',
    find(text, report) {
      if (text.includes('@')) findUserinfo(text, report)
      if (text.includes('=')) findQueryValues(text, nameRule, report)
    },
  }
}

/** The authority of RFC 3986 up to its last `@`. One that a space or a slash interrupts is none. */
const AUTHORITY = /(?:[A-Za-z0-9]:|(?<![:\w]))\/\//g
const USERINFO = /[^\s/?#"'<>`\\]*@/y
const HARMLESS = /^(?:git|\$\{?\w+\}?(?::\$\{?\w+\}?)?)$/

function findUserinfo(text: string, report: Report): void {
  eachMatch(AUTHORITY, text, (match) => {
    const start = match.index + match[0].length
    USERINFO.lastIndex = start
    const userinfo = USERINFO.exec(text)?.[0].slice(0, -1) ?? passwordWithSlash(text, start)
    if (userinfo !== undefined && userinfo !== '' && !HARMLESS.test(userinfo)) report(start, start + userinfo.length)
  })
}

/** Passwords that nobody encoded: `postgres://app:pa/ss@db/orders` is what people have in their settings. */
function passwordWithSlash(text: string, start: number): string | undefined {
  return /^([^\s/:@]{1,64}:[^\s@"'<>`]{1,128})@[\w[]/.exec(text.slice(start, start + 200))?.[1]
}

const PARAMETER = /(?:^|[?&#;])([^=&#?;\s"'<>]{1,80})=([^&#;\s"'<>`\\]*)/g

function findQueryValues(text: string, nameRule: NameRule, report: Report): void {
  const hasState = /(?:^|[?&#])state=/i.test(text)
  eachMatch(PARAMETER, text, (match) => {
    const [all, name = '', value = ''] = match
    const decoded = decodedName(name)
    // At the beginning of a text it may be a setting, which is for `assignment` to judge.
    const rule = /^[?&#;]/.test(all) ? nameRule(decoded) : undefined
    const isSecret = rule === undefined ? isQuerySecret(decoded, hasState) : !isReadable(decodedName(value), rule)
    const end = match.index + all.length
    if (isSecret && value !== '') report(end - value.length, end)
  })
}

/** A name as it reads: `user%5Bpassword%5D`. */
export function decodedName(name: string): string {
  if (!name.includes('%')) return name
  return name.replace(/%[0-9A-Fa-f]{2}/g, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)))
}
