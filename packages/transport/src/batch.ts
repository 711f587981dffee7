import type { Entries } from './entry.js'

/** Lines that were taken out together, to be sent. */
export interface Batch {
  /** What is in it; read when it is asked for. Never rejects: what cannot be read is counted, and not in it. */
  load(): Promise<Entries>
  /** The same, at the end of the process. */
  loadSync(): Entries
  /** So many of its first lines are stored, or counted as refused: they are not in it any more. */
  advance(lines: number): void
  /** All of them are stored, or counted as refused: nobody needs them any more. May be called twice. */
  settle(): void
  /** They could not be sent now: whoever asks next gets them. */
  giveBack(): void
}

/** Where lines wait until they are sent. */
export interface Source {
  /** Whether a full batch waits. */
  readonly isFull: boolean
  /** Whether nothing waits or is under way. */
  readonly isEmpty: boolean
  /** The place that the next line will have. */
  readonly end: number
  /** The place of the oldest line that is not settled; `end` when there is none. */
  readonly oldest: number
  /** Takes out a batch: a full one, or, when it is due, whatever there is. */
  next(isDue: boolean): Batch | undefined
  /** Everything that is not settled, what is under way included. */
  unsettled(): readonly Batch[]
}
