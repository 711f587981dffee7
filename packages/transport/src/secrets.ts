const CENSORED = '***REDACTED***'

/** Bounds what tokens that are renewed again and again add up to. */
const MOST_TEXTS = 200

/** Takes what only we and the server should know out of texts that others read. */
export class Secrets {
  private texts: readonly string[] = []

  /** @param texts Passwords, tokens, headers' values. */
  constructor(texts: readonly string[]) {
    this.add(...texts)
  }

  /** One more that is to be kept out of texts: a token that was renewed. */
  add(...texts: readonly string[]): void {
    const spellings = texts.flatMap((text) => [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1)])
    // The longest first: one secret may be a part of another. Very short ones would censor half of every text.
    // The newest are enough of what is renewed: a server does not quote an old one.
    this.texts = [...new Set([...this.texts.slice(-MOST_TEXTS), ...spellings])]
      .filter(({ length }) => length >= 3)
      .sort((a, b) => b.length - a.length)
  }

  /**
   * What a server said, fit for people's eyes: without secrets, and without what would move the cursor of whoever reads it.
   *
   * @param isCut Whether it said more than this: what it ends in may be the beginning of a secret.
   */
  wordsOf(said: string, isCut = false): string {
    const harmless = said.replace(/[^\P{C}\n\t]/gu, '')
    return this.hide(isCut ? this.withoutBeginning(harmless) : harmless).trim()
  }

  private hide(text: string): string {
    return this.texts.reduce((hidden, secret) => hidden.replaceAll(secret, CENSORED), text)
  }

  private withoutBeginning(text: string): string {
    for (const secret of this.texts) {
      for (let length = Math.min(secret.length, text.length); length > 0; length--) {
        if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length)
      }
    }
    return text
  }
}
