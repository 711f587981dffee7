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
