import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

/** What RFC 6750 allows in a token; anything else would end the header or begin another. */
const TOKEN = /^[\w\-.~+/]+=*$/

export function isToken(value: unknown): value is string {
  return typeof value === 'string' && TOKEN.test(value)
}

/** A bearer token that somebody else renews: it is read when it is first needed, and again after a 401. */
export class RenewedToken {
  private token: string | undefined

  /**
   * @param source The path of its file, or a function that returns it.
   * @param onRead Called with each token.
   */
  constructor(
    private readonly source: string | (() => string | Promise<string>),
    private readonly onRead: (token: string) => void,
  ) {}

  /** The token. @throws when it cannot be read; the error does not contain it. */
  async get(): Promise<string> {
    return this.token ?? (await this.read())
  }

  /** Reads it again after the store refused `used`. @returns whether it is another one now. */
  async renew(used: string): Promise<boolean> {
    // Another request may have read it already.
    return (this.token !== used ? this.token : await this.read()) !== used
  }

  /** The token at the end of the process, where nothing asynchronous runs any more: a file's, or the last one. */
  getSync(): string | undefined {
    try {
      if (typeof this.source === 'string') return this.take(readFileSync(this.source, 'utf8'))
    } catch {
      // The last one may still do.
    }
    return this.token
  }

  private async read(): Promise<string> {
    return this.take(typeof this.source === 'string' ? await readFile(this.source, 'utf8') : await this.source())
  }

  private take(given: unknown): string {
    const token = typeof given === 'string' ? given.trim() : given
    if (!isToken(token)) throw Object.assign(new Error('no bearer token'), { code: 'no bearer token' })
    this.token = token
    this.onRead(token)
    return token
  }
}
