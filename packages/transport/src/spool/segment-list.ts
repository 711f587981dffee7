import type { Segment } from './segment.js'

/** The segments that this process has: those it writes to, those that wait, those that are being sent. */
export class SegmentList {
  /** What they take on disk. */
  bytes = 0
  /** Those that are written to, by level. */
  private readonly active = new Map<number, Segment>()
  /** Those that wait, oldest first. */
  private sealed: Segment[] = []
  private readonly underWay = new Set<Segment>()

  get hasWaiting(): boolean {
    return this.sealed.length > 0
  }

  get isEmpty(): boolean {
    return this.sealed.length === 0 && this.underWay.size === 0 && this.oldestActive() === undefined
  }

  /** Those that more can be added to. */
  get open(): Iterable<Segment> {
    return this.active.values()
  }

  /** All of them, what is being sent first. */
  *[Symbol.iterator](): Iterator<Segment> {
    yield* this.underWay
    yield* this.sealed
    yield* this.active.values()
  }

  /** The one that lines of a level are added to. */
  of(level: number): Segment | undefined {
    return this.active.get(level)
  }

  begin(segment: Segment): void {
    this.active.set(segment.level, segment)
    this.bytes += segment.bytes
  }

  /** Puts what another process has left before our own. */
  adopt(segments: readonly Segment[]): void {
    for (const { bytes } of segments) this.bytes += bytes
    this.sealed.unshift(...segments)
  }

  /** Nothing is added to this one any more; it waits. */
  seal(segment: Segment): void {
    this.active.delete(segment.level)
    this.sealed.push(segment)
  }

  /** Takes out the one that waits longest, to send it. */
  take(): Segment | undefined {
    const segment = this.sealed.shift()
    if (segment !== undefined) this.underWay.add(segment)
    return segment
  }

  giveBack(segment: Segment): void {
    if (this.underWay.delete(segment)) this.sealed.unshift(segment)
  }

  /** Removes one with its file; one that is not here any more is left alone. */
  remove(segment: Segment): void {
    const isWaiting = this.sealed.includes(segment)
    const isActive = this.active.get(segment.level) === segment
    if (isActive) this.active.delete(segment.level)
    if (isWaiting) this.sealed = this.sealed.filter((other) => other !== segment)
    if (!this.underWay.delete(segment) && !isWaiting && !isActive) return
    this.bytes -= segment.bytes
    segment.remove()
  }

  /** The oldest of the lowest level that is not being sent. */
  lowest(): Segment | undefined {
    let lowest: Segment | undefined
    for (const segment of [...this.sealed, ...this.active.values()]) {
      if (lowest === undefined || segment.level < lowest.level) lowest = segment
    }
    return lowest
  }

  /** The oldest that has lines and is written to. */
  oldestActive(): Segment | undefined {
    let oldest: Segment | undefined
    for (const segment of this.active.values()) {
      if (!segment.isEmpty && (oldest === undefined || segment.first < oldest.first)) oldest = segment
    }
    return oldest
  }

  /** Forgets them, and leaves the files to whoever has them now. */
  abandon(): void {
    for (const segment of this.active.values()) void segment.seal(false)
    this.active.clear()
    this.sealed = []
    this.underWay.clear()
    this.bytes = 0
  }
}
