import { Queue } from 'throughline/destination'
import type { Batch } from './batch.js'
import { type Entries, type Entry, entriesOf } from './entry.js'
import type { BatchOptions, QueueOptions } from './options.js'
import type { TransportQueue } from './queue.js'

/** Lines that wait in memory, bounded: over the bound the lowest level goes first. */
export class MemoryQueue implements TransportQueue {
  readonly isDurable = false
  readonly unreadableFiles = 0
  private readonly queue: Queue<Entry>
  private readonly underWay = new Set<MemoryBatch>()
  private returned: MemoryBatch[] = []

  constructor(
    private readonly batch: Required<BatchOptions>,
    queue: Required<QueueOptions>,
  ) {
    this.queue = new Queue(queue.bytes, queue.lines)
  }

  add(entry: Entry): void {
    this.queue.add(entry)
  }

  async save(): Promise<void> {}

  saveSync(): void {}

  get isFull(): boolean {
    return this.returned.length > 0 || this.queue.units >= this.batch.bytes || this.queue.size >= this.batch.lines
  }

  get isEmpty(): boolean {
    return this.underWay.size === 0 && this.returned.length === 0 && this.queue.size === 0
  }

  get end(): number {
    return this.queue.end
  }

  get oldest(): number {
    let oldest = this.queue.first?.order ?? this.queue.end
    for (const { first } of [...this.underWay, ...this.returned]) oldest = Math.min(oldest, first)
    return oldest
  }

  waiting(): { readonly lines: number; readonly bytes: number } {
    const batches = [...this.underWay, ...this.returned]
    const list = batches.flatMap((batch) => batch.list)
    const units = list.reduce((sum, { line }) => sum + line.length, 0)
    return { lines: this.queue.size + list.length, bytes: this.queue.units + units }
  }

  next(isDue: boolean): Batch | undefined {
    if (!isDue && !this.isFull) return undefined
    const batch = this.returned.shift() ?? this.take()
    if (batch !== undefined) this.underWay.add(batch)
    return batch
  }

  unsettled(): readonly Batch[] {
    for (let batch = this.take(); batch !== undefined; batch = this.take()) this.returned.push(batch)
    return [...this.underWay, ...this.returned]
  }

  close(): number {
    let lines = this.queue.size
    for (const batch of [...this.underWay, ...this.returned]) {
      for (const entry of batch.list) this.queue.drop(entry)
      lines += batch.list.length
      batch.settle()
    }
    this.queue.dropAll()
    return lines
  }

  settle(batch: MemoryBatch): void {
    this.underWay.delete(batch)
    this.returned = this.returned.filter((other) => other !== batch)
  }

  giveBack(batch: MemoryBatch): void {
    if (this.underWay.delete(batch)) this.returned.push(batch)
  }

  private take(): MemoryBatch | undefined {
    const list: Entry[] = []
    let units = 0
    let next = this.queue.first
    const first = next?.order ?? 0
    while (next !== undefined && list.length < this.batch.lines) {
      units += next.line.length
      if (units > this.batch.bytes && list.length > 0) break
      list.push(next)
      this.queue.shift()
      next = this.queue.first
    }
    return list.length === 0 ? undefined : new MemoryBatch(this, list, first)
  }
}

class MemoryBatch implements Batch {
  constructor(
    private readonly queue: MemoryQueue,
    public list: readonly Entry[],
    /** The place of its first line. */
    readonly first: number,
  ) {}

  advance(lines: number): void {
    this.list = this.list.slice(lines)
  }

  async load(): Promise<Entries> {
    return entriesOf(this.list)
  }

  loadSync(): Entries {
    return entriesOf(this.list)
  }

  settle(): void {
    this.queue.settle(this)
  }

  giveBack(): void {
    this.queue.giveBack(this)
  }
}
