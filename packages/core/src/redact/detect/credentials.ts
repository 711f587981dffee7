import { type Detector, eachMatch } from './detector.js'

/**
 * `Bearer …` (RFC 6750) and `Basic …` (RFC 7617) wherever they stand; the scheme's name stays. And the password of
 * `curl -u name:password`, since the error of a child process has its command line as the message.
 *
 * False positives: after `Basic`, base64 of text with a colon in it. After `Bearer`, at least six characters with a digit
 * among them, or at least twenty that are not just words joined by hyphens: so `Bearer token` and `bearer authentication`
 * are sentences.
 */
export const credentials: Detector = {
  name: 'credentials',
  hint: '[Bb][Ee][Aa][Rr][Ee][Rr]|[Bb][Aa][Ss][Ii][Cc]|curl ',
  find(text, report) {
    eachMatch(SCHEME, text, (match) => {
      const [all, scheme = '', value = ''] = match
      const isSecret = scheme.toLowerCase() === 'basic' ? isUserAndPassword(value) : isToken(value)
      if (isSecret) report(match.index + all.length - value.length, match.index + all.length)
    })
    if (!text.includes('curl ')) return
    eachMatch(CURL_USER, text, (match) => {
      const [all, password = ''] = match
      report(match.index + all.length - password.length, match.index + all.length)
    })
  },
}

/** The characters of token68 (RFC 9110, section 11.2). `%20` and `+` are spaces of query strings. */
const SCHEME =
  /(?:\b|(?<=\\[nrtbf]))(bearer|basic)[:=]?(?:[ \t]{1,8}|%20|\+)["']?(?!bearer\b|basic\b)([A-Za-z0-9._~+/|-]+=*)/gi

/** Of `curl`'s options the two that have one; a variable is none. */
const CURL_USER = /\s(?:-[uU]|--user|--proxy-user)(?: {1,4}|=)?["']?[^\s:"'-][^\s:"']{0,63}:(?!\$)([^\s"']{1,256})/g

function isToken(value: string): boolean {
  if (value.length < 6 || /^(?:redacted|rfc\d+)$/i.test(value)) return false
  if (/\d/.test(value)) return true
  return value.length >= 20 && !/^[A-Z]?[a-z]*(?:[-./][A-Z]?[a-z]*)*$/.test(value)
}

function isUserAndPassword(value: string): boolean {
  // The least, `Basic Og==`, is an empty user with an empty password.
  const text = Buffer.from(value.slice(0, 4096), 'base64').toString('latin1')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 7617 forbids control characters in both
  return text.length > 2 && text.includes(':') && !/[\u0000-\u001f\u007f]/.test(text)
}
