import { type Detector, eachMatch } from './detector.js'

/**
 * E-mail addresses: a local part of at most 64 characters (RFC 5321, section 4.5.3.1), `@`, a domain with a top level of
 * letters. `%40` counts as `@`, as in a query string.
 *
 * False positives: not counted are `git@host`, whatever a URL has before its host (that is the `url` detector's), versions
 * (`pino@10.4.0`), and names that end like a file (`logo@2x.png`, `react@19.0.0.tgz`).
 */
export const email: Detector = {
  name: 'email',
  hint: '@|%40',
  find(text, report) {
    eachMatch(AT, text, (match) => {
      const at = match.index
      const start = localStart(text, at)
      if (start === at || isUserinfo(text, start)) return
      const domain = text.slice(at + match[0].length, at + match[0].length + LONGEST_DOMAIN).match(DOMAIN)?.[0]
      if (domain === undefined || isFileName(domain) || text.slice(start, at) === 'git') return
      report(start, at + match[0].length + domain.length)
    })
  },
}

const AT = /@|%40/g
const LONGEST_LOCAL = 64
/** RFC 1035, section 2.3.4. */
const LONGEST_DOMAIN = 255
/** Of what RFC 5322 allows, what people have; quotes and brackets around an address are not its own. */
const LOCAL = /[\p{L}\p{N}._+%'~#$*-]/u
/** A label cannot run into the next, so that there is one way only to read a domain. */
const DOMAIN = /^(?:[\p{L}\p{N}][\p{L}\p{N}-]{0,62}\.)+(?:xn--[a-z0-9-]{2,59}|\p{L}{2,63})(?![\p{L}\p{N}_])/u
const FILE =
  /\.(?:png|jpe?g|gif|svg|webp|avif|css|scss|less|html?|json|map|m?js|cjs|jsx|tsx?|mts|tgz|gz|lock|txt|log|ya?ml|pdf)$/i
/** These are top levels too, so that only a version before them tells a file. */
const FILE_OF_VERSION = /^v?\d.*\.(?:zip|md|sh|py|rs|so|app|mov)$/i

function localStart(text: string, at: number): number {
  let start = at
  while (start > 0 && at - start < LONGEST_LOCAL && LOCAL.test(text[start - 1] ?? '')) start--
  // Marks before the first letter are the sentence's.
  while (start < at && !/[\p{L}\p{N}]/u.test(text[start] ?? '')) start++
  return start
}

/** Whether it stands between `//` and `@`. */
function isUserinfo(text: string, start: number): boolean {
  return /\/\/[^\s/@]{0,200}$/.test(text.slice(Math.max(0, start - 202), start))
}

function isFileName(domain: string): boolean {
  return FILE.test(domain) || FILE_OF_VERSION.test(domain)
}
