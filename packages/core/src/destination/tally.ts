import { AUDIT, LEVEL_NAMES, LEVELS } from '../levels/level.js'
import type { LineMaker } from './destination.js'

/** The label under which a destination's numbers are counted. */
export function levelLabel(level: number): string {
  if (level >= AUDIT) return 'AUDIT'
  return LEVEL_NAMES.find((name) => LEVELS[name] >= level)?.toUpperCase() ?? 'FATAL'
}

/** The lines that one logger handed to a destination and that were dropped there, and how many of them its log tells of. */
export class Tally {
  /** Makes the line that tells of them, in the logger's own format. */
  makeLine: LineMaker | undefined
  private readonly counts = new Map<string, number>()
  private readonly told = new Map<string, number>()

  /** Lines of a level were dropped. */
  count(level: number, lines = 1): void {
    const label = levelLabel(level)
    this.counts.set(label, (this.counts.get(label) ?? 0) + lines)
  }

  /** Lines dropped so far, by level label. */
  get byLevel(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.counts)
  }

  /** The line that says how many lines the log lacks since the last such line, for when it flows again. */
  report(): string | undefined {
    const fresh: Record<string, number> = {}
    for (const [label, count] of this.counts) {
      const added = count - (this.told.get(label) ?? 0)
      if (added > 0) fresh[label] = added
    }
    const dropped = sum(Object.values(fresh))
    if (dropped === 0 || this.makeLine === undefined) return undefined
    for (const [label, count] of this.counts) this.told.set(label, count)
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
