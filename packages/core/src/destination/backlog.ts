import { AUDIT, LEVEL_NAMES, LEVELS } from '../levels/level.js'
import type { LineMaker } from './destination.js'

/** The label under which a destination's numbers are counted. */
export function levelLabel(level: number): string {
  if (level >= AUDIT) return 'AUDIT'
  return LEVEL_NAMES.find((name) => LEVELS[name] >= level)?.toUpperCase() ?? 'FATAL'
}

interface Entry {
  readonly line: string
  readonly order: number
}

/** A queue for each level, in which taking from the front does not move the rest. */
class Lane {
  private entries: Entry[] = []
  private start = 0

  get first(): Entry | undefined {
    return this.entries[this.start]
  }

  push(entry: Entry): void {
    this.entries.push(entry)
  }

  shift(): Entry | undefined {
    const entry = this.entries[this.start++]
    if (this.start > 1024 && this.start * 2 > this.entries.length) {
      this.entries = this.entries.slice(this.start)
      this.start = 0
    }
    return entry
  }
}

/**
 * Lines that wait for a destination that cannot take them. Bounded: over the bound the lowest level goes first, its
 * oldest line before its newer ones, and each is counted. What is taken out comes in the order it came in.
 */
export class Backlog {
  private readonly lanes = new Map<number, Lane>()
  private readonly counts = new Map<string, number>()
  private reported = 0
  private order = 0
  private bytesHeld = 0
  private linesHeld = 0

  constructor(private readonly maxBytes: number) {}

  get bytes(): number {
    return this.bytesHeld
  }

  get size(): number {
    return this.linesHeld
  }

  /** Lines dropped so far, by level label. */
  get dropped(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.counts)
  }

  add(line: string, level: number): void {
    let lane = this.lanes.get(level)
    if (lane === undefined) {
      lane = new Lane()
      this.lanes.set(level, lane)
    }
    lane.push({ line, order: this.order++ })
    this.bytesHeld += line.length
    this.linesHeld++
    while (this.bytesHeld > this.maxBytes && this.linesHeld > 0) this.dropLowest()
  }

  /** The oldest line, whatever its level. */
  shift(): string | undefined {
    let oldest: Lane | undefined
    for (const lane of this.lanes.values()) {
      const order = lane.first?.order
      if (order !== undefined && (oldest?.first === undefined || order < oldest.first.order)) oldest = lane
    }
    return this.take(oldest)
  }

  /** Counts lines that were never put in, or that cannot be written any more. */
  countDropped(level: number, lines = 1): void {
    const label = levelLabel(level)
    this.counts.set(label, (this.counts.get(label) ?? 0) + lines)
  }

  /** Drops everything that waits. */
  dropAll(): void {
    while (this.linesHeld > 0) this.dropLowest()
  }

  /** The line that says how many lines the log lacks, when some were dropped since the last; for when it flows again. */
  report(makeLine: LineMaker | undefined): string | undefined {
    const counts = this.dropped
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
    if (total === this.reported || makeLine === undefined) return undefined
    const dropped = total - this.reported
    this.reported = total
    return makeLine('Log lines dropped', { dropped, dropped_total: total, dropped_by_level: counts })
  }

  private dropLowest(): void {
    const levels = [...this.lanes].filter(([, { first }]) => first !== undefined).map(([level]) => level)
    const lowest = Math.min(...levels)
    this.take(this.lanes.get(lowest))
    this.countDropped(lowest)
  }

  private take(lane: Lane | undefined): string | undefined {
    const line = lane?.shift()?.line
    if (line === undefined) return undefined
    this.bytesHeld -= line.length
    this.linesHeld--
    return line
  }
}
