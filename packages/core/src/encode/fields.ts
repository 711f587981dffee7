/** Names and values: what a call, a logger or a context says of an event. */
export type Fields = Readonly<Record<string, unknown>>

/** A property that may throw. */
export function readSafely(owner: object, key: string): unknown {
  try {
    return (owner as Record<string, unknown>)[key]
  } catch {
    return '[unreadable]'
  }
}
