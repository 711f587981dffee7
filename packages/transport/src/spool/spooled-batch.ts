import type { Batch } from '../batch.js'
import { type Entries, entriesOf, sliceEntries } from '../entry.js'
import type { Decoded } from './record.js'
import type { Segment } from './segment.js'

/** Has the segments, and acts on what became of one. */
export interface SegmentKeeper {
  settle(segment: Segment): void
  giveBack(segment: Segment): void
  /** Some of its records are not whole: their lines are counted, and its file is kept beside the spool. */
  damaged(segment: Segment, decoded: Decoded): void
  unreadable(segment: Segment, error: unknown): void
}

/** A segment on its way. */
export class SpooledBatch implements Batch {
  constructor(
    private readonly segment: Segment,
    private readonly keeper: SegmentKeeper,
  ) {}

  async load(): Promise<Entries> {
    try {
      return this.loaded(await this.segment.read())
    } catch (error) {
      return this.without(error)
    }
  }

  loadSync(): Entries {
    try {
      return this.loaded(this.segment.readSync())
    } catch (error) {
      return this.without(error)
    }
  }

  advance(lines: number): void {
    this.segment.settled += lines
  }

  settle(): void {
    this.keeper.settle(this.segment)
  }

  giveBack(): void {
    this.keeper.giveBack(this.segment)
  }

  private loaded(decoded: Decoded): Entries {
    if (decoded.isDamaged) this.keeper.damaged(this.segment, decoded)
    const { entries } = decoded
    return this.segment.settled === 0 ? entries : sliceEntries(entries, this.segment.settled, entries.lines.length)
  }

  private without(error: unknown): Entries {
    this.keeper.unreadable(this.segment, error)
    return entriesOf([])
  }
}
