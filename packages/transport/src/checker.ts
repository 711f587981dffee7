/** What is about one connection or one body. Clients refuse some of them, and a wrong length loses every request. */
const OUR_HEADERS: ReadonlySet<string> = new Set([
  'content-length',
  'expect',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
])

/** Checks options, so that what is wrong is said when the program starts, in one way and with no secret in it. */
export class Checker {
  /** @param caller The function that took the options: `loki`. */
  constructor(private readonly caller: string) {}

  /** What to throw. The value itself is never in it: it may be a secret. */
  refused(option: string, value: unknown, accepted: string): TypeError {
    const given =
      typeof value === 'number'
        ? String(value)
        : value === ''
          ? 'an empty text'
          : value === null
            ? 'null'
            : Array.isArray(value)
              ? 'a list'
              : typeof value
    return new TypeError(`${this.caller}({ ${option} }): got ${given}; accepted: ${accepted}`)
  }

  /** @throws TypeError when it is no object, or has an option that is none. */
  object(option: string, value: unknown, known: readonly string[]): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.refused(option, value, `an object with ${known.join(', ')}`)
    }
    for (const key of Object.keys(value)) {
      if (!known.includes(key)) {
        throw new TypeError(`${this.caller}: unknown option "${key}" in ${option}; accepted: ${known.join(', ')}`)
      }
    }
  }

  /** @returns the number, or what it is by default. */
  number(option: string, value: number | undefined, usual: number, least: number): number {
    if (value === undefined) return usual
    if (typeof value !== 'number' || !Number.isFinite(value) || value < least) {
      throw this.refused(option, value, `a number from ${least}`)
    }
    return value
  }

  /** @returns the whole number, or what it is by default. */
  integer(option: string, value: number | undefined, usual: number, least: number): number {
    const checked = this.number(option, value, usual, least)
    if (!Number.isInteger(checked)) throw this.refused(option, value, `a whole number from ${least}`)
    return checked
  }

  /** @returns the choice, or what it is by default. */
  boolean(option: string, value: boolean | undefined, usual: boolean): boolean {
    if (value !== undefined && typeof value !== 'boolean') throw this.refused(option, value, 'true or false')
    return value ?? usual
  }

  /** A text that is not empty, where there is one. */
  text(option: string, value: string | undefined): string | undefined {
    if (value !== undefined && (typeof value !== 'string' || value === '')) throw this.refused(option, value, 'a text')
    return value
  }

  /** Names and texts that HTTP takes as headers. */
  headers(option: string, value: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
    if (value === undefined) return {}
    if (typeof value !== 'object' || value === null) throw this.refused(option, value, 'an object of headers')
    for (const [name, text] of Object.entries(value)) {
      const [token] = /^[!#$%&'*+.^_`|~\w-]*/.exec(name) as RegExpExecArray
      // No more of it: "Authorization: Basic …" was meant as a name and a value, and holds a secret.
      if (token === '' || token !== name) throw this.refused(`${option}: "${token}…"`, text, "a header's name")
      if (OUR_HEADERS.has(name.toLowerCase())) {
        throw this.refused(`${option}: "${name}"`, text, 'no such header; it is for each connection or request to say')
      }
      // What RFC 9110 lets a value be made of. A client refuses any other, which would look like a store that is away.
      if (typeof text !== 'string' || !/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) {
        throw this.refused(`${option}: "${name}"`, text, 'a text of one line, of characters up to U+00FF')
      }
    }
    return value
  }

  /** An address of HTTP. It may hold a password, so no message repeats it. */
  url(option: string, value: string | URL): URL {
    if (typeof value !== 'string' && !(value instanceof URL)) throw this.refused(option, value, ACCEPTED_URL)
    const url = URL.canParse(String(value)) ? new URL(value) : undefined
    if (url === undefined) throw this.refused(option, value, `${ACCEPTED_URL}; this text is no URL`)
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      throw this.refused(option, value, `${ACCEPTED_URL}; this one begins with "${url.protocol}"`)
    }
    return url
  }
}

const ACCEPTED_URL = 'an address that begins with http:// or https://'
