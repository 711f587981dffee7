import type { Fragment } from './encode/fragment.js'

/** A record as a call gave it: what a line is made from, now or when the outcome of its operation is known. */
export interface HeldRecord {
  readonly level: number
  readonly ms: number
  readonly bindings: Fragment
  readonly context: Fragment | undefined
  readonly message: string
  readonly fields: object | undefined
}

/** A unit of work (a request, a job) as a logger's hot path sees it. */
export interface Operation {
  /** Notes that a line was logged in it; returns whether it holds the line until its outcome is known. */
  take(record: HeldRecord): boolean
}
