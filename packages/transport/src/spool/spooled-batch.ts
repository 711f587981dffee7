import type { Batch } from '../batch.js'
import { type Entries, entriesOf } from '../entry.js'
import type { Segment } from './segment.js'

/** Who has a segment, and hears what became of it. */
export interface SegmentKeeper {
  settle(segment: Segment): void
  giveBack(segment: Segment): void
  /** So many bytes at its end were no whole record, and are cut off. */
  torn(segment: Segment, bytes: number): void
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
      return this.whole(await this.segment.read())
    } catch (error) {
      return this.without(error)
    }
  }

  loadSync(): Entries {
    try {
      return this.whole(this.segment.readSync())
    } catch (error) {
      return this.without(error)
    }
  }

  settle(): void {
    this.keeper.settle(this.segment)
  }

  giveBack(): void {
    this.keeper.giveBack(this.segment)
  }

  /** The death of a process or of a machine tears the last record, which was not acknowledged then. */
  private whole({ entries, end }: { readonly entries: Entries; readonly end: number }): Entries {
    const { segment } = this
    const torn = segment.bytes - end
    if (torn > 0) {
      segment.cut(end)
      this.keeper.torn(segment, torn)
    }
    return entries
  }

  private without(error: unknown): Entries {
    this.keeper.unreadable(this.segment, error)
    return entriesOf([])
  }
}
