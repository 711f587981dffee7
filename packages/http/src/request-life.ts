import type { Logger } from 'throughline'

/**
 * One HTTP request, from its ids and its first line to its last. Adapters begin one for each request, run the rest of the
 * request in it, and tell it of errors; it sees the end for itself. Nothing in it throws into the request.
 */
export interface RequestLife {
  /** The request's id: the one that came, or a new one. */
  readonly id: string
  /** The request's own logger. */
  readonly log: Logger
  /** Runs a function in the request's context, with everything that it starts. */
  run<T>(fn: () => T): T
  /** Takes note of an error that the application did not catch. It is for the completion line to tell. */
  fail(error: unknown): void
}

/**
 * Where a request, and its operation, keep the request's life. Known process-wide, as the context is: a process may have several
 * copies of an adapter (ES module and CommonJS, two versions), and a request has one pair of lines. The number changes with the
 * shape of `RequestLife`. Not a WeakMap: an entry for each request is work for the garbage collector that shows (bench `http`).
 */
const LIFE: unique symbol = Symbol.for('throughline.request_life.1') as never

interface Living {
  [LIFE]?: RequestLife
}

/** The life of a request that has begun, by whichever adapter; of an operation that is a request. */
export function lifeOf(owner: object | undefined): RequestLife | undefined {
  return (owner as Living | undefined)?.[LIFE]
}

/** Has a request or its operation remember its life. */
export function remember(owner: object, life: RequestLife): void {
  ;(owner as Living)[LIFE] = life
}
