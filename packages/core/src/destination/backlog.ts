import { LEVELS } from '../levels/level.js'
import type { Tally } from './tally.js'

/** A line, and what must be known of it to count it when it is dropped. */
export interface Line {
  readonly line: string
  readonly level: number
  /** Of the logger that it came from. */
  readonly tally: Tally
}

/** A line that waits, and its place among all lines that ever waited there. */
export type Waiting<L extends Line> = L & { readonly order: number }

/** The waiting lines of one level. Taking from the front neither moves the rest nor keeps what was taken. */
class Lane<L extends Line> {
  private entries: (Waiting<L> | undefined)[] = []
  private start = 0

  constructor(readonly level: number) {}

  get first(): Waiting<L> | undefined {
    return this.entries[this.start]
  }

  push(entry: Waiting<L>): void {
    this.entries.push(entry)
  }

  shift(): void {
    this.entries[this.start++] = undefined
    if (this.start === this.entries.length) {
      this.entries = []
      this.start = 0
    } else if (this.start > 1024 && this.start * 2 > this.entries.length) {
      this.entries = this.entries.slice(this.start)
      this.start = 0
    }
  }
}

/**
 * Lines that wait for a destination that cannot take them. Bounded: over the bound the lowest level goes first, its
 * oldest line before its newer ones, and each is counted. What is taken out comes in the order it came in.
 */
export class Backlog<L extends Line = Line> {
  /** Lowest level first. */
  private lanes: Lane<L>[] = []
  private nextOrder = 0
  private unitsHeld = 0
  private linesHeld = 0
  /** Whose logs lack lines and do not say so yet. */
  private readonly owing = new Set<Tally>()

  /**
   * @param maxUnits The bound, in UTF-16 units of the lines' text.
   * @param maxLines The bound, in lines.
   */
  constructor(
    public maxUnits: number,
    readonly maxLines: number = Number.POSITIVE_INFINITY,
  ) {}

  /** UTF-16 units that wait. */
  get units(): number {
    return this.unitsHeld
  }

  /** Lines that wait. */
  get size(): number {
    return this.linesHeld
  }

  /** The place that the next line will have. */
  get end(): number {
    return this.nextOrder
  }

  /** The oldest line, whatever its level. */
  get first(): Waiting<L> | undefined {
    let oldest: Waiting<L> | undefined
    for (const { first } of this.lanes) {
      if (first !== undefined && (oldest === undefined || first.order < oldest.order)) oldest = first
    }
    return oldest
  }

  /** Takes a line in, and drops the oldest of the lowest level for it where the bound asks for that. */
  add(entry: L): void {
    const { line, level } = entry
    // A line over the bound by itself would push out every other one, and then not stay.
    if (line.length > this.maxUnits) {
      this.drop(entry)
      return
    }
    // Makes one flat string of the many pieces that an encoded line is put together from: half the memory.
    Number(line)
    this.laneOf(level).push({ ...entry, order: this.nextOrder++ })
    this.unitsHeld += line.length
    this.linesHeld++
    while (this.unitsHeld > this.maxUnits || this.linesHeld > this.maxLines) this.dropLowest()
  }

  /** Takes out the oldest line. */
  shift(): void {
    const { first } = this
    if (first !== undefined) this.remove(this.laneOf(first.level), first)
  }

  /** Counts a line that never was in here, or is not any more, as dropped. */
  drop({ level, tally }: Omit<Line, 'line'>): void {
    tally.count(level)
    this.owing.add(tally)
  }

  /** Drops everything that waits. */
  dropAll(): void {
    while (this.linesHeld > 0) this.dropLowest()
  }

  /** The lines that tell of drops, for when it flows again. */
  reports(): Line[] {
    const lines: Line[] = []
    for (const tally of this.owing) {
      const line = tally.report()
      if (line !== undefined) lines.push({ line, level: LEVELS.warn, tally })
    }
    this.owing.clear()
    return lines
  }

  private laneOf(level: number): Lane<L> {
    const existing = this.lanes.find((lane) => lane.level === level)
    if (existing !== undefined) return existing
    const lane = new Lane<L>(level)
    this.lanes = [...this.lanes, lane].sort((a, b) => a.level - b.level)
    return lane
  }

  private dropLowest(): void {
    const lane = this.lanes.find(({ first }) => first !== undefined)
    const first = lane?.first
    if (lane === undefined || first === undefined) return
    this.remove(lane, first)
    this.drop(first)
  }

  private remove(lane: Lane<L>, first: Waiting<L>): void {
    lane.shift()
    this.unitsHeld -= first.line.length
    this.linesHeld--
  }
}
