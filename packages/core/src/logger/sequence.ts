import type { Fields } from '../encode/field.js'
import { nodeCrypto } from '../node-crypto.js'
import type { Stats } from './stats.js'

/** How often the counters are written beside the numbered lines. */
const REPORT_MS = 60_000

/**
 * `sequence: true`: each line carries the number that it was written as, under an id of this logger's life, so that a gap
 * shows (`throughline verify`); and `Log stats` lines say what the logger itself knows to be missing.
 */
export class Sequence {
  private readonly bootId = nodeCrypto().randomBytes(8).toString('hex')
  private readonly tail: string
  private readonly end: string
  private seq = 0
  private reportedAt = -1
  private readonly timer: NodeJS.Timeout

  constructor(names: { name(ours: string): string; readonly end: string }, onInterval: () => void) {
    const { bootId } = this
    this.tail = `,${JSON.stringify(names.name('boot_id'))}:"${bootId}",${JSON.stringify(names.name('seq'))}:`
    this.end = names.end
    this.timer = setInterval(onInterval, REPORT_MS).unref()
  }

  /** The end of the next line. */
  next(): string {
    return `${this.tail}${++this.seq}${this.end}`
  }

  /** Writes the counters, unless nothing was written since they last were. */
  report(stats: Stats, write: (message: string, fields: Fields, redacted: string) => void): void {
    if (this.reportedAt === this.seq) return
    const { emitted, held, sampledOut, dropped, droppedByLevel, truncated, redacted, failed } = stats
    const fields = {
      // This line counts too.
      emitted: emitted + 1,
      held,
      sampled_out: sampledOut,
      dropped,
      dropped_by_level: droppedByLevel,
      lines_truncated: truncated,
      failed,
    }
    // JSON already: the names of redaction rules are names of secrets, and their counts are none.
    write('Log stats', fields, JSON.stringify(redacted))
    this.reportedAt = this.seq
  }

  stop(): void {
    clearInterval(this.timer)
  }
}
