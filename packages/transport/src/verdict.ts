import type { Answer } from './answer.js'

/** What is to be done about a request's lines. */
export type Verdict =
  /** The server stored them, except `rejected` of them; `words` is its reason. */
  | { readonly kind: 'stored'; readonly rejected: number; readonly words: string }
  /** The server may take the same request later. */
  | { readonly kind: 'retry'; readonly reason: string; readonly afterMs: number | undefined; readonly isRate: boolean }
  /** The server will never take it. */
  | { readonly kind: 'refused'; readonly words: string }
  /** It may take a smaller one. */
  | { readonly kind: 'too large'; readonly words: string }
  /** It has stored some of the lines, and not others. Sending the stored ones again does no harm. */
  | { readonly kind: 'mixed'; readonly words: string }

/** What a status alone means. */
export function verdictOf({ status, retryAfterMs, words }: Answer): Verdict {
  if (status >= 200 && status < 300) return { kind: 'stored', rejected: 0, words }
  if (status === 413) return { kind: 'too large', words }
  if (status === 408 || status === 429 || status >= 500) {
    return { kind: 'retry', reason: `status ${status}`, afterMs: retryAfterMs, isRate: status === 429 }
  }
  return { kind: 'refused', words: words === '' ? `status ${status}` : words }
}
