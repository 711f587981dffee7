/** Names and values that a call, a logger or a context gives. */
export type Fields = Readonly<Record<string, unknown>>

/** One encoded field: its name in a record, and `,"key":value` as it stands on the line. */
export interface EncodedField {
  readonly name: string
  readonly text: string
}

/** The value of a property that may throw, or a marker. */
export function readField(owner: object, name: string): unknown {
  try {
    return (owner as Record<string, unknown>)[name]
  } catch {
    return '[unreadable]'
  }
}

/** Sets a property. Unlike an assignment, it is right for `__proto__` too. */
export function setField(owner: object, name: string, value: unknown): void {
  Object.defineProperty(owner, name, { value, enumerable: true, configurable: true, writable: true })
}

/** `field_<name>`, with `field_` repeated until the name is free. */
export function freeFieldName(name: string, isTaken: (name: string) => boolean): string {
  let free = `field_${name}`
  while (isTaken(free)) free = `field_${free}`
  return free
}
