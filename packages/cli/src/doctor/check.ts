import type { Line } from '../input/lines.js'
import type { LogRecord } from '../record/record.js'
import type { Finding } from './finding.js'
import type { Leaf } from './leaves.js'

/** A record and what the checks share of it. */
export interface Examined {
  readonly line: Line
  /** With the names that stand on the line. */
  readonly record: LogRecord
  readonly leaves: readonly Leaf[]
}

/** One thing that `doctor` looks for. */
export interface Check {
  examine(examined: Examined): void
  findings(): readonly Finding[]
}

/** Different fields beyond this many are not told apart any more: names that are data have no end. */
export const MOST_FIELDS = 20_000
