import { entriesOf, type Refuse } from 'throughline/internal'

/** Headers of one connection or one body. Clients refuse some of them, and a wrong length loses every request. */
const OUR_HEADERS: ReadonlySet<string> = new Set([
  'content-length',
  'expect',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
])

/**
 * Names and values that HTTP accepts as headers.
 *
 * @param option The option's or the variable's name, for the message.
 * @throws TypeError from `refuse`.
 */
export function checkHeaders(option: string, headers: unknown, refuse: Refuse): Readonly<Record<string, string>> {
  if (headers === undefined) return {}
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) {
    throw refuse(option, headers, 'an object of headers')
  }
  const entries = entriesOf(headers as Readonly<Record<string, unknown>>)
  for (const [name, value] of entries) {
    const [token] = /^[!#$%&'*+.^_`|~\w-]*/.exec(name) as RegExpExecArray
    // Only the token: "Authorization: Basic …" was meant as a name and a value, and contains a secret.
    if (token === '' || token !== name) throw refuse(`${option}: "${token}…"`, value, "a header's name")
    if (OUR_HEADERS.has(name.toLowerCase())) {
      throw refuse(`${option}: "${name}"`, value, 'no such header, which belongs to one connection or request')
    }
    // What RFC 9110 allows in a value. A client refuses any other, which would look like a store that is away.
    if (typeof value !== 'string' || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw refuse(`${option}: "${name}"`, value, 'a string of one line, of characters up to U+00FF')
    }
  }
  return Object.fromEntries(entries) as Record<string, string>
}

const ACCEPTED_URL = 'an address that begins with http:// or https://'

/** An address of HTTP. It may contain a password, so no message repeats it. @throws TypeError from `refuse`. */
export function checkUrl(option: string, value: unknown, refuse: Refuse): URL {
  if (typeof value !== 'string' && !(value instanceof URL)) throw refuse(option, value, ACCEPTED_URL)
  const url = URL.canParse(String(value)) ? new URL(value) : undefined
  if (url === undefined) throw refuse(option, value, `${ACCEPTED_URL}; this one is no URL`)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refuse(option, value, `${ACCEPTED_URL}; this one begins with "${url.protocol}"`)
  }
  return url
}
