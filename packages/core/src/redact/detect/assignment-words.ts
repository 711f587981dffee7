import { isReadable, nameOf } from '../names.js'
import type { TextKey } from './assignment-key.js'

/** What is said of a secret in sentences and settings. A secret that is one of these words is not found. */
const SAID = new Set(
  [
    'null nil none undefined true false yes no on off empty blank unset set unknown nan',
    'required missing invalid valid incorrect correct wrong expired expires revoked rejected accepted refused denied',
    'failed failure ok okay success successful mismatch mismatched matched changed updated reset rotated removed deleted',
    'created generated issued refreshed verified unverified validated confirmed disabled enabled locked unlocked',
    'unauthorized forbidden authenticated unauthenticated authorized anonymous absent present provided supplied',
    'must should shall may might can cannot could will would is are was were has have had be been does do did not',
    'too very already still never only a an the this that it its in at on for from of to with without by as and or but if',
    'when while because please check use using try see got expected unexpected malformed unsupported weak strong short long',
    'redacted filtered hidden masked censored secret removed omitted string number boolean object array any text optional',
    'field value input header parameter argument option policy manager service length type error',
  ].flatMap((line) => line.split(' ')),
)

/** Names that sentences have: what follows them after a colon is a secret when it looks made. */
const TALKED_OF = new Set(
  'token auth session cookie pass bearer jwt credential assertion authorization csrf xsrf pin pan sin tin otp'.split(
    ' ',
  ),
)
/** Names whose values are that short. */
const SHORT_NUMBERS = new Set(['cvv', 'cvc', 'csc', 'pin', 'otp', 'totp', 'cardverification', 'cardsecuritycode'])

/** Whether the value after a secret name is no secret. */
export function isSaidOf(value: string, key: TextKey, rule: string): boolean {
  const name = nameOf(rule)
  if (CENSORED.test(value) || VARIABLE.test(value)) return true
  const word = value.replace(/(?<![.!?:)])[.!?:)]+$/, '').toLowerCase()
  if (/^(?:null|undefined|true|false|none|nil)$/.test(word)) return true
  if (isReadable(asValue(value), rule)) return true
  if (key.isQuoted || key.kind === 'element' || key.kind === 'pair') return false
  if (SAID.has(word)) return true
  const credentials = SCHEME_AND_TOKEN.exec(word)?.[1]
  if (credentials !== undefined) return SAID.has(credentials)
  if (/^\d{1,3}$/.test(value) && !SHORT_NUMBERS.has(name)) return true
  if (!TALKED_OF.has(name)) return false
  if (/^\d{1,6}(?:\.\d+)?(?:ms|s|m|min|h|d|%|[kmg]?b)$/i.test(value)) return true
  return key.kind === 'colon' && key.isHeader !== true && !looksMade(value)
}

/** A key of a store in which words and numbers stand for themselves: `session:user:42`. */
export function isKeyPath(value: string, key: TextKey, rule: string): boolean {
  if (key.kind !== 'colon' || key.isQuoted || !KEYED.test(nameOf(rule))) return false
  return /^[A-Za-z][A-Za-z_-]{0,40}(?::(?:[A-Za-z_-]{1,40}|\d{1,10})){1,8}$/.test(value)
}

const KEYED = /^(?:session|token|cookie|csrf|xsrf|jwt)$/

/** A number or a boolean, where it reads as one. */
function asValue(value: string): unknown {
  if (/^-?\d{1,15}(?:\.\d{1,17})?$/.test(value)) return Number(value)
  return value === 'true' ? true : value === 'false' ? false : value
}

function looksMade(value: string): boolean {
  return value.length >= 16 || /\d/.test(value) || /[=;]/.test(value)
}

/** `Authorization: Token abc` is no sentence, but `authorization: token missing` is. */
const SCHEME_AND_TOKEN = /^(?:bearer|basic|token|apikey|negotiate|ntlm|bot) {1,4}(\S+)$/

/** What redaction leaves behind, ours and others'. Matched whole, so that nothing hides behind it. */
const CENSORED =
  /^(?:\*{2,}|\*{4}\w{4}|\*{3}(?:[A-Z][A-Z_]{2,30}|redacted|filtered|hidden|masked|removed)\*{3}(?: \([^()]{1,80}\))?|hmac:[0-9a-f]{16}|\[[^\]]{0,40}\]|<(?:redacted|REDACTED)>)$/
const VARIABLE =
  /^(?:\$\{?[A-Z_][A-Z0-9_]*\}?|\$\d|\$\{\{?[^}]{0,60}\}\}?|\{\{[^}]{0,60}\}\}|%[A-Z_]+%|%[sdjo]|\?|<[\w -]{1,40}>?|process\.env\.\w+)$/
