/** What a server said to a request. */
export interface Answer {
  readonly status: number
  readonly contentType: string
  /** Milliseconds that `Retry-After` asks for. */
  readonly retryAfterMs: number | undefined
  readonly body: Uint8Array
  /** The body as text, with nothing secret in it: what a dead letter quotes. */
  readonly words: string
}
