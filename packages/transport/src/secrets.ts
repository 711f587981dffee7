const CENSORED = '***REDACTED***'

/** Takes what only we and the server should know out of texts that others read. */
export class Secrets {
  private readonly texts: readonly string[]

  /** @param texts Passwords, tokens, headers' values. */
  constructor(texts: readonly string[]) {
    const spellings = texts.flatMap((text) => [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1)])
    // The longest first: one secret may be a part of another. Very short ones would censor half of every text.
    this.texts = [...new Set(spellings)].filter(({ length }) => length >= 3).sort((a, b) => b.length - a.length)
  }

  hide(text: string): string {
    return this.texts.reduce((hidden, secret) => hidden.replaceAll(secret, CENSORED), text)
  }
}
