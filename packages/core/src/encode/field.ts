/** Names and values that a call, a logger or a context gives. */
export type Fields = Readonly<Record<string, unknown>>

/** One encoded field: its name in a record, and `,"key":value` as it stands on the line. */
export interface EncodedField {
  readonly name: string
  readonly text: string
}
