import type { QueuedLine } from 'throughline/destination'

/** A line on its way to a store, with the time that it keeps through every resend. */
export interface Entry extends QueuedLine {
  /** When it happened, in milliseconds since 1970. */
  readonly ms: number
  /** Nanoseconds within that millisecond, which keep its lines apart and in order. */
  readonly ns: number
}

/** The lines of one request, in a shape that costs little to hand to another thread. */
export interface Entries {
  /** Each with its newline. */
  readonly lines: readonly string[]
  readonly levels: Uint8Array
  readonly ms: Float64Array
  readonly ns: Uint32Array
}

export function entriesOf(list: readonly Omit<Entry, 'drops'>[]): Entries {
  return {
    lines: list.map(({ line }) => line),
    levels: Uint8Array.from(list, ({ level }) => level),
    ms: Float64Array.from(list, ({ ms }) => ms),
    ns: Uint32Array.from(list, ({ ns }) => ns),
  }
}

/** The entries from one place to before another. */
export function sliceEntries({ lines, levels, ms, ns }: Entries, start: number, end: number): Entries {
  return {
    lines: lines.slice(start, end),
    levels: levels.slice(start, end),
    ms: ms.slice(start, end),
    ns: ns.slice(start, end),
  }
}

/** Nanoseconds since 1970 as decimal digits: more than a number holds exactly. */
export function nanoseconds(ms: number, ns: number): string {
  return String(ms) + String(1_000_000 + ns).slice(1)
}
