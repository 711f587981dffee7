import type { TransportHealth } from '../destination/transport-health.js'

/** What became of every line, since the logger was created. Whatever is not written is counted in one of these. */
export interface Stats {
  /** Lines handed to the destination. */
  readonly emitted: number
  /** Lines that operations hold now, until their outcome is known. */
  readonly held: number
  /** Lines of operations that sampling let go. */
  readonly sampledOut: number
  /** Lines that the destination could not take: a full queue, a broken descriptor. By level in `droppedByLevel`. */
  readonly dropped: number
  /** The same by level (`INFO`, `AUDIT`). */
  readonly droppedByLevel: Readonly<Record<string, number>>
  /** Lines that were cut to the line budget. */
  readonly truncated: number
  /** Values that redaction kept out, by the rule that did. */
  readonly redacted: Readonly<Record<string, number>>
  /** Calls that could not be encoded as they should, and wrote a line that says so. */
  readonly failed: number
  /** The state of each store that lines are sent to; only where there is one. */
  readonly transports?: readonly TransportHealth[]
}

/** The counters of one root logger and all its children. */
export class Counters {
  emitted = 0
  held = 0
  sampledOut = 0
  truncated = 0
  failed = 0
  /** Lines at whose writing the destination threw. */
  lost = 0
  private readonly redacted = new Map<string, number>()

  countRedacted(rule: string): void {
    this.redacted.set(rule, (this.redacted.get(rule) ?? 0) + 1)
  }

  snapshot(dropped: Readonly<Record<string, number>>): Stats {
    const { emitted, held, sampledOut, truncated, failed, lost } = this
    return {
      emitted,
      held,
      sampledOut,
      dropped: Object.values(dropped).reduce((sum, count) => sum + count, lost),
      droppedByLevel: dropped,
      truncated,
      redacted: Object.fromEntries(this.redacted),
      failed,
    }
  }
}
