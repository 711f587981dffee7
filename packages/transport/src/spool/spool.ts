import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { isMainThread } from 'node:worker_threads'
import { LEVELS } from 'throughline'
import { type DropCounter, isEnding, warnOnce } from 'throughline/destination'
import type { Batch } from '../batch.js'
import { type Entry, sliceEntries } from '../entry.js'
import type { BatchOptions } from '../options.js'
import type { TransportQueue } from '../queue.js'
import { Adoption, newerVersion } from './adoption.js'
import { byLevel } from './by-level.js'
import { Damage } from './damage.js'
import { type Folder, openFolder } from './folder.js'
import type { SpoolOptions } from './options.js'
import { type Decoded, encodeRecords } from './record.js'
import { Segment } from './segment.js'
import { MOST_FILE_BYTES, reasonOf } from './segment-file.js'
import { SegmentList } from './segment-list.js'
import { type SegmentKeeper, SpooledBatch } from './spooled-batch.js'

/** What gathers in memory within a turn before it is written. */
const TURN_UNITS = 64 * 1024
const SYNC_MS = 1_000
/** How often the folders of processes that died since are looked for. */
const ADOPTION_MS = 10_000

export interface SpoolParts {
  readonly name: string
  /** What tells one store from another: lines for one are never shipped to another that has the same folder. */
  readonly identity: string
  readonly drops: DropCounter
  readonly options: Required<SpoolOptions>
  readonly batch: Required<BatchOptions>
  /** Called when there is something that was not added here. */
  readonly onAdopted: () => void
}

/**
 * Lines that wait on disk, in segments of one level each: so the lowest level can go first when it is full, by removing a
 * file. What a process that is gone has left in the same folder is shipped with our own.
 */
export class Spool implements TransportQueue, SegmentKeeper {
  readonly isDurable = true
  private readonly parent: string
  private folder: Folder
  private readonly adoption: Adoption
  private readonly damage: Damage
  private readonly mostSegmentBytes: number
  private readonly isSynced: boolean
  private readonly timers: readonly NodeJS.Timeout[]
  /** What came in this turn and is not written. */
  private pending: Entry[] = []
  private pendingUnits = 0
  private immediate: NodeJS.Immediate | undefined
  private readonly segments = new SegmentList()
  /** Sealed, and perhaps not on the disk yet. */
  private readonly closing = new Map<Segment, Promise<void>>()
  private taken = 0

  /** @throws when the folder cannot be written, or holds what a newer version wrote. */
  constructor(private readonly parts: SpoolParts) {
    const { name, identity, drops, options, batch } = parts
    const id = createHash('sha256').update(identity).digest('hex').slice(0, 12)
    this.parent = join(options.dir, `${name}-${id}`)
    this.mostSegmentBytes = Math.min(batch.bytes, Math.floor(options.maxBytes / 16), MOST_FILE_BYTES / 2)
    this.isSynced = options.fsync !== 'never'
    this.folder = this.open()
    this.damage = new Damage({ name, drops, options, isSynced: this.isSynced })
    this.adoption = new Adoption(this.parent, () => this.folder, this.damage)
    this.refuseNewer()
    this.adopt()
    this.timers = [
      setInterval(this.onAdoption, ADOPTION_MS).unref(),
      ...(options.fsync === 'interval' ? [setInterval(() => void this.sync(), SYNC_MS).unref()] : []),
    ]
  }

  get unreadableFiles(): number {
    return this.damage.unreadableFiles
  }

  get isFull(): boolean {
    return this.segments.hasWaiting
  }

  get isEmpty(): boolean {
    return this.pending.length === 0 && this.segments.isEmpty
  }

  get end(): number {
    return this.taken
  }

  get oldest(): number {
    let oldest = this.taken - this.pending.length
    for (const { first } of this.segments) if (first !== -1) oldest = Math.min(oldest, first)
    return oldest
  }

  waiting(): { readonly lines: number; readonly bytes: number } {
    let lines = this.pending.length
    for (const segment of this.segments) lines += segment.lines ?? 0
    return { lines, bytes: this.segments.bytes }
  }

  add(entry: Entry): void {
    this.pending.push(entry)
    this.pendingUnits += entry.line.length
    this.taken++
    if (entry.level >= LEVELS.warn || isEnding()) {
      this.writeOut()
      if (this.parts.options.fsync === 'always') this.syncSync()
      return
    }
    // The end of the main thread ends another one without a chance to write anything.
    if (this.pendingUnits >= TURN_UNITS || !isMainThread) this.writeOut()
    this.immediate ??= setImmediate(this.onTurn)
  }

  async save(): Promise<void> {
    this.writeOut()
    if (this.isSynced) await this.sync()
  }

  saveSync(): void {
    this.writeOut()
    if (this.isSynced) this.syncSync()
  }

  next(isDue: boolean): Batch | undefined {
    if (isDue) this.writeOut()
    const oldest = isDue && !this.segments.hasWaiting ? this.segments.oldestActive() : undefined
    if (oldest !== undefined) this.seal(oldest)
    const segment = this.segments.take()
    if (segment === undefined) return undefined
    return new SpooledBatch(segment, this)
  }

  unsettled(): readonly Batch[] {
    this.writeOut()
    for (const segment of [...this.segments.open]) this.seal(segment)
    return [...this.segments].map((segment) => new SpooledBatch(segment, this))
  }

  close(): number {
    this.writeOut()
    for (const timer of this.timers) clearInterval(timer)
    for (const segment of [...this.segments.open]) this.seal(segment)
    this.folder.release()
    return 0
  }

  /** It may have been settled at the end of the process already, or be another's by now. */
  settle(segment: Segment): void {
    if (segment.isKept) this.damage.setAside(segment.path, [])
    this.segments.remove(segment)
  }

  giveBack(segment: Segment): void {
    if (segment.settled > 0) this.shorten(segment)
    this.segments.giveBack(segment)
  }

  /** Takes what is settled out of a segment's file, for whoever reads it next. */
  private shorten(segment: Segment): void {
    const before = segment.bytes
    try {
      const { entries } = segment.readSync()
      segment.rewrite(sliceEntries(entries, segment.settled, entries.lines.length), this.isSynced)
      segment.settled = 0
      this.segments.bytes += segment.bytes - before
    } catch (error) {
      warnOnce(
        `${this.parts.name}: ${segment.path} cannot be shortened (${reasonOf(error)}); some lines are sent again`,
      )
    }
  }

  damaged(segment: Segment, decoded: Decoded): void {
    this.segments.bytes += this.damage.repair(segment, decoded)
  }

  unreadable(segment: Segment, error: unknown): void {
    this.damage.unreadable(segment, error)
  }

  private open(): Folder {
    return openFolder(this.parent, `${this.parts.name}({ spool: { dir } }): "${this.parts.options.dir}"`, this.isSynced)
  }

  private refuseNewer(): void {
    const [newer] = this.adoption.newer()
    if (newer === undefined) return
    this.folder.release()
    const { name, options } = this.parts
    throw newerVersion(`${name}({ spool: { dir } }): "${options.dir}"`, newer)
  }

  private adopt(): void {
    try {
      this.segments.adopt(this.adoption.adopt().map((adopted) => Segment.adopt(adopted)))
    } catch (error) {
      warnOnce(`${this.parts.name}: the spool cannot be searched (${reasonOf(error)})`)
    }
  }

  private readonly onAdoption = (): void => {
    this.adopt()
    if (this.isFull) this.parts.onAdopted()
  }

  private readonly onTurn = (): void => {
    this.immediate = undefined
    this.writeOut()
    if (this.parts.options.fsync === 'always') void this.sync()
  }

  private writeOut(): void {
    const { pending } = this
    if (pending.length === 0) return
    const first = this.taken - pending.length
    this.pending = []
    this.pendingUnits = 0
    if (!this.folder.isOurs() && !this.moveOut()) {
      for (const { level } of pending) this.drop(level, 1, 'no folder')
      return
    }
    for (const [level, entries] of byLevel(pending)) this.append(level, first, entries)
  }

  private append(level: number, first: number, entries: readonly Entry[]): void {
    try {
      const segment = this.segments.of(level)
      const records = encodeRecords(entries, segment?.records)
      if (!this.makeRoom(level, records.length)) throw Object.assign(new Error('full'), { code: 'full' })
      // The segment itself may have been dropped to make room: then the records are numbered from 0.
      if (this.segments.of(level) !== segment) this.append(level, first, entries)
      else this.appendTo(level, first, records, entries.length)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // A full disk, or quota of one, is a full spool, only smaller.
      if ((code === 'ENOSPC' || code === 'EDQUOT') && this.dropLowest(level)) this.append(level, first, entries)
      else this.drop(level, entries.length, code ?? 'unknown error')
    }
  }

  private appendTo(level: number, first: number, records: Buffer, lines: number): void {
    const isSynced = this.parts.options.fsync === 'always'
    let segment = this.segments.of(level)
    if (segment === undefined) {
      segment = Segment.create(this.folder.nextFile(), level, first, isSynced)
      this.segments.begin(segment)
    }
    segment.append(records, lines)
    this.segments.bytes += records.length
    if (segment.bytes >= this.mostSegmentBytes || segment.records >= this.parts.batch.lines) this.seal(segment)
  }

  private makeRoom(level: number, added: number): boolean {
    const { maxBytes } = this.parts.options
    // What can never fit would push out everything else, and then not stay.
    if (added > maxBytes) return false
    while (this.segments.bytes + added > maxBytes) if (!this.dropLowest(level)) return false
    return true
  }

  /** Removes the oldest segment of the lowest level, unless that is higher than this one. */
  private dropLowest(level: number): boolean {
    const lowest = this.segments.lowest()
    if (lowest === undefined || lowest.level > level) return false
    this.drop(lowest.level, this.damage.linesOf(lowest), 'full')
    this.segments.remove(lowest)
    return true
  }

  private drop(level: number, lines: number, why: string): void {
    const { name, drops, options } = this.parts
    drops.count(level, lines)
    warnOnce(`${name}: the spool in ${options.dir} takes no more (${why}); the lowest levels are dropped, and counted`)
  }

  private seal(segment: Segment): void {
    this.segments.seal(segment)
    this.closing.set(segment, this.sealed(segment))
  }

  /** Another process has taken our folder over, with everything that we had written. @returns whether there is a new one. */
  private moveOut(): boolean {
    this.folder.release()
    this.segments.abandon()
    try {
      this.folder = this.open()
      return true
    } catch {
      return false
    }
  }

  private async sealed(segment: Segment): Promise<void> {
    const problem = await segment.seal(this.isSynced)
    this.closing.delete(segment)
    if (problem !== undefined) this.tellUnsynced(problem)
  }

  private async sync(): Promise<void> {
    const syncs = [...this.segments.open].map((segment) => segment.sync())
    const [problems] = await Promise.all([Promise.all(syncs), Promise.all(this.closing.values())])
    for (const problem of problems) if (problem !== undefined) this.tellUnsynced(problem)
  }

  private syncSync(): void {
    for (const segment of [...this.segments.open, ...this.closing.keys()]) {
      try {
        segment.syncSync()
      } catch (error) {
        this.tellUnsynced(error as NodeJS.ErrnoException)
      }
    }
  }

  private tellUnsynced({ code }: NodeJS.ErrnoException): void {
    warnOnce(`${this.parts.name}: the spool in ${this.parts.options.dir} cannot be brought to the disk (${code})`)
  }
}
