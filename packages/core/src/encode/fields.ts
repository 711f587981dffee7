/** Names and values: what a call, a logger or a context says of an event. */
export type Fields = Readonly<Record<string, unknown>>
