import { AUDIT, LEVEL_NAMES, LEVELS } from '../levels/level.js'

/** Makes a whole line at WARN, in the logger's own format. */
export type LineMaker = (message: string, fields: Readonly<Record<string, unknown>>) => string

/** The label under which a destination's numbers are counted. */
export function levelLabel(level: number): string {
  if (level >= AUDIT) return 'AUDIT'
  return LEVEL_NAMES.find((name) => LEVELS[name] >= level)?.toUpperCase() ?? 'FATAL'
}

/** Counts the lines of one logger that a destination dropped, and makes the lines that report them. */
export class DropCounter {
  /** Makes the report, in the logger's own format. Without it there is none. */
  makeLine: LineMaker | undefined
  private readonly counts = new Map<string, number>()
  private readonly reported = new Map<string, number>()

  /** Lines of a level were dropped. */
  count(level: number, lines = 1): void {
    if (lines === 0) return
    const label = levelLabel(level)
    this.counts.set(label, (this.counts.get(label) ?? 0) + lines)
  }

  /** Lines dropped so far, by level label. */
  get byLevel(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.counts)
  }

  /** The line that says how many lines were dropped since the last report; undefined when there were none. */
  report(): string | undefined {
    const fresh: Record<string, number> = {}
    for (const [label, count] of this.counts) {
      const added = count - (this.reported.get(label) ?? 0)
      if (added > 0) fresh[label] = added
    }
    const dropped = sum(Object.values(fresh))
    if (dropped === 0 || this.makeLine === undefined) return undefined
    for (const [label, count] of this.counts) this.reported.set(label, count)
    return this.makeLine('Log lines dropped', {
      dropped,
      dropped_by_level: fresh,
      dropped_total: sum([...this.counts.values()]),
    })
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
