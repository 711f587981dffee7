import { goQuote } from '../units.js'

const space = 0x20
const equals = 0x3d
const quote = 0x22
const backslash = 0x5c

/** Reads the pairs of a logfmt line, one a call, as Loki does. Positions in errors count bytes of UTF-8, from 1. */
export class LogfmtReader {
  key = ''
  value = ''
  /** What went wrong last. */
  error: string | undefined
  readonly #line: string
  #at = 0

  constructor(line: string) {
    this.#line = line
  }

  get done(): boolean {
    return this.#at >= this.#line.length
  }

  /** Reads the next pair. Returns false where there is none, or where it is no pair. */
  next(): boolean {
    this.key = ''
    this.value = ''
    const line = this.#line
    while (this.#at < line.length && this.#isSpace(this.#at)) this.#at++
    if (this.done) return false
    const start = this.#at
    for (; this.#at < line.length && !this.#isSpace(this.#at); this.#at++) {
      const code = line.charCodeAt(this.#at)
      if (code === quote) return this.#unexpected()
      if (code === equals) {
        if (this.#at === start) return this.#unexpected()
        this.key = line.slice(start, this.#at)
        if (this.key.includes('\ufffd')) return this.#skip('invalid key')
        return this.#readValue()
      }
    }
    this.key = line.slice(start, this.#at)
    return this.key.includes('\ufffd') ? this.#fail('invalid key') : true
  }

  #readValue(): boolean {
    const line = this.#line
    this.#at++
    if (this.done || this.#isSpace(this.#at)) return true
    if (line.charCodeAt(this.#at) === quote) return this.#readQuoted()
    const start = this.#at
    for (; this.#at < line.length && !this.#isSpace(this.#at); this.#at++) {
      const code = line.charCodeAt(this.#at)
      if (code === equals || code === quote) return this.#unexpected()
    }
    this.value = line.slice(start, this.#at)
    return true
  }

  #readQuoted(): boolean {
    const line = this.#line
    const start = this.#at
    for (let at = start + 1; at < line.length; at++) {
      const code = line.charCodeAt(at)
      if (code === backslash) at++
      else if (code === quote) {
        this.#at = at + 1
        const value = unquoteLogfmt(line.slice(start + 1, at))
        if (value === undefined) return this.#fail('invalid quoted value')
        this.value = value
        return true
      }
    }
    this.#at = line.length
    return this.#fail('unterminated quoted value')
  }

  #isSpace(at: number): boolean {
    return this.#line.charCodeAt(at) <= space
  }

  #unexpected(): boolean {
    const character = this.#line[this.#at] ?? ''
    return this.#skip(`unexpected ${character === '"' ? `'"'` : `'${goQuote(character).slice(1, -1)}'`}`)
  }

  /** Fails, and goes on behind the next white space. */
  #skip(reason: string): boolean {
    this.#fail(reason)
    while (this.#at < this.#line.length && !this.#isSpace(this.#at)) this.#at++
    return false
  }

  #fail(reason: string): boolean {
    const position = Buffer.byteLength(this.#line.slice(0, this.#at)) + 1
    this.error = `logfmt syntax error at pos ${position} : ${reason}`
    return false
  }
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  "'": "'",
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** Resolves the escapes of a quoted value as Go's JSON decoder does, or returns undefined where one is invalid. */
function unquoteLogfmt(raw: string): string | undefined {
  if (!raw.includes('\\')) return raw
  let invalid = false
  const text = raw.replace(
    /\\(?:u([\da-fA-F]{4})|([\s\S]?))/g,
    (_, hex: string | undefined, letter: string | undefined) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
      const character = escapes[letter ?? '']
      invalid ||= character === undefined
      return character ?? ''
    },
  )
  return invalid ? undefined : text.replace(/\p{Surrogate}/gu, '\ufffd')
}
