import { LEVELS } from '../levels/level.js'
import type { DropCounter } from './drop-counter.js'

/** A line that waits, with what counts it when it is dropped. */
export interface QueuedLine {
  readonly line: string
  readonly level: number
  /** Counts the dropped lines of the logger that wrote it. */
  readonly drops: DropCounter
  /** Its place among all lines that the queue ever held. The queue sets it. */
  order?: number
}

/** The waiting lines of one level, from the first drop until the queue is empty. */
interface LevelCount {
  readonly level: number
  lines: number
  /** No line of the level stands before this index. */
  from: number
}

const NONE: readonly QueuedLine[] = []

/** Slots of lines that were taken or dropped are removed when there are so many, and more than lines. */
const SPARE_SLOTS = 1024

/**
 * Lines that wait for a destination, in the order in which they came. Bounded: over the bound the lowest level is dropped
 * first, its oldest line before its newer ones, and each is counted.
 */
export class Queue<L extends QueuedLine = QueuedLine> {
  /** UTF-16 units of the lines that wait. */
  units = 0
  /** Lines that wait. */
  size = 0
  /** The place that the next line will have. */
  end = 0
  /** Undefined where a line was taken or dropped. */
  private slots: (L | undefined)[] = []
  private start = 0
  private stop = 0
  private levels: Map<number, LevelCount> | undefined
  /** Counters of dropped lines that no report has covered. */
  private readonly unreported = new Set<DropCounter>()

  /**
   * @param maxUnits The bound, in UTF-16 units of the lines' text.
   * @param maxLines The bound, in lines.
   */
  constructor(
    public maxUnits: number,
    readonly maxLines: number = Number.POSITIVE_INFINITY,
  ) {}

  /** Adds a line without checking the bound: for lines that are written in the same turn. */
  append(entry: L): void {
    entry.order = this.end++
    this.slots[this.stop++] = entry
    this.units += entry.line.length
    this.size++
  }

  /** Adds a line, and drops lines where the bound requires it. */
  add(entry: L): void {
    // A line over the bound by itself would push out every other one, and then be dropped too.
    if (entry.line.length > this.maxUnits) {
      this.drop(entry)
      return
    }
    // Makes one flat string of the pieces that an encoded line is composed of: half the memory.
    Number(entry.line)
    this.append(entry)
    const count = this.levels?.get(entry.level)
    if (count !== undefined) count.lines++
    else this.levels?.set(entry.level, { level: entry.level, lines: 1, from: this.stop - 1 })
    this.keepBound()
    if (this.stop > 2 * this.size + SPARE_SLOTS) this.compact()
  }

  /** Drops lines of the lowest levels until the queue is within its bound. */
  keepBound(): void {
    while (this.units > this.maxUnits || this.size > this.maxLines) this.dropLowest()
  }

  /** The oldest line. */
  get first(): L | undefined {
    if (this.size === 0) return undefined
    while (this.slots[this.start] === undefined) this.start++
    return this.slots[this.start]
  }

  /** Removes the oldest line. */
  shift(): void {
    if (this.first !== undefined) this.remove(this.start++)
  }

  /** The oldest lines, as many as fit into so many UTF-16 units, but one at least. */
  front(maxUnits: number): L[] {
    const found: L[] = []
    let units = 0
    for (let i = this.start; i < this.stop; i++) {
      const entry = this.slots[i]
      if (entry === undefined) continue
      units += entry.line.length
      if (units > maxUnits && found.length > 0) break
      found.push(entry)
    }
    return found
  }

  /** The text of all lines. */
  text(): string {
    let text = ''
    for (let i = this.start; i < this.stop; i++) {
      const entry = this.slots[i]
      if (entry !== undefined) text += entry.line
    }
    return text
  }

  /** Removes all lines without counting them: they are written. */
  clear(): void {
    if (this.slots.length > SPARE_SLOTS) this.slots = []
    else for (let i = this.start; i < this.stop; i++) this.slots[i] = undefined
    this.start = 0
    this.stop = 0
    this.units = 0
    this.size = 0
    this.levels = undefined
  }

  /** Counts a line as dropped that is not in the queue. */
  drop({ level, drops }: Pick<QueuedLine, 'level' | 'drops'>): void {
    drops.count(level)
    this.unreported.add(drops)
  }

  /** Drops everything that waits, or all lines of one logger. */
  dropAll(drops?: DropCounter): void {
    for (let i = this.start; i < this.stop; i++) {
      const entry = this.slots[i]
      if (entry === undefined || (drops !== undefined && entry.drops !== drops)) continue
      this.remove(i)
      this.drop(entry)
    }
  }

  /** The lines that report drops, one for each logger. Each drop is reported once. */
  reports(): readonly QueuedLine[] {
    if (this.unreported.size === 0) return NONE
    const lines: QueuedLine[] = []
    for (const drops of this.unreported) {
      const line = drops.report()
      if (line !== undefined) lines.push({ line, level: LEVELS.warn, drops })
    }
    this.unreported.clear()
    return lines
  }

  private dropLowest(): void {
    this.levels ??= this.countLevels()
    let lowest: LevelCount | undefined
    for (const count of this.levels.values()) {
      if (count.lines > 0 && (lowest === undefined || count.level < lowest.level)) lowest = count
    }
    if (lowest === undefined) return
    let index = Math.max(lowest.from, this.start)
    while (this.slots[index]?.level !== lowest.level) index++
    lowest.from = index + 1
    const entry = this.slots[index] as L
    this.remove(index)
    this.drop(entry)
  }

  private countLevels(): Map<number, LevelCount> {
    const levels = new Map<number, LevelCount>()
    for (let i = this.start; i < this.stop; i++) {
      const level = this.slots[i]?.level
      if (level === undefined) continue
      const count = levels.get(level)
      if (count === undefined) levels.set(level, { level, lines: 1, from: i })
      else count.lines++
    }
    return levels
  }

  private remove(index: number): void {
    const entry = this.slots[index] as L
    this.slots[index] = undefined
    this.units -= entry.line.length
    this.size--
    const count = this.levels?.get(entry.level)
    if (count !== undefined) count.lines--
    if (this.size === 0) this.clear()
  }

  private compact(): void {
    this.slots = this.slots.slice(this.start, this.stop).filter((entry) => entry !== undefined)
    this.start = 0
    this.stop = this.slots.length
    for (const count of this.levels?.values() ?? []) count.from = 0
  }
}
