import type { Answer } from './answer.js'
import type { Entries } from './entry.js'
import type { Verdict } from './verdict.js'

/** How a store wants its lines: all that one transport differs in from another. */
export interface Protocol {
  /** For messages: `loki`. */
  readonly name: string
  readonly contentType: string
  /** The body of a request. Not called with no lines. */
  readonly encode: Encode
  /** The same `encode` for a worker thread, and what it is made from. */
  readonly worker?: EncodeWorker
  /** What an answer means, where it means more than its status: `undefined` leaves it to the status. */
  judge?(answer: Answer): Verdict | undefined
}

/** Makes a request's body out of lines. */
export type Encode = (entries: Entries) => string | Uint8Array

/** The source of a worker thread that encodes, as one text, so that it is in every bundle without a plugin. */
export interface EncodeWorker {
  readonly source: string
  /** What the source finds as `workerData`. */
  readonly data: unknown
}
