import { closeSync, writeSync } from 'node:fs'
import { warnOnce } from '../warn.js'
import { Backlog, type Line } from './backlog.js'
import { Batch } from './batch.js'
import { Gathered } from './gathered.js'
import { sleep } from './sleep.js'
import type { Tally } from './tally.js'
import { type Trouble, troubleOf } from './trouble.js'

/** What waits in memory for a descriptor that takes nothing, unless the application says otherwise. */
const DEFAULT_MAX_QUEUED = 16 * 1024 * 1024
/** A write of up to this many bytes to a pipe is taken whole or not at all (POSIX PIPE_BUF, as Linux has it). */
const PIPE_BUF = 4096
/** What is written at once of the lines that waited: larger writes gain nothing more (bench `descriptor`). */
const BATCH_BYTES = 16 * 1024
/** How long the last writes of a dying process wait for a reader that takes nothing. */
const LAST_WAIT_MS = 5_000
/** How long, in all, a full queue waits for room before lines are dropped: for a flood within one turn of the event loop. */
const ROOM_WAIT_MS = 1_000
const NEWLINE = 10
const FULL_RETRY_MS = { least: 5, most: 100 }
const FAULT_RETRY_MS = 500

/** What is written is encoded here, by whichever writer is at it: writes are synchronous. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024)
/** A UTF-16 unit takes at most three bytes of UTF-8. */
const SCRATCH_UNITS = Math.floor(scratch.length / 3)

/**
 * Lines to one file descriptor. Healthy, it appends to one string and writes that: no Buffer, no copy and no callback for
 * each line (the bench `descriptor` holds this against sonic-boom and `fs.WriteStream`).
 *
 * A descriptor that does not take what it is given is waited for but a bounded time. Then its lines wait in a bounded
 * backlog and are written in order when it takes them again, with a line that says how many were dropped meanwhile.
 */
export class DescriptorWriter {
  private readonly gathered = new Gathered()
  private readonly backlog: Backlog
  private maxQueued: number | undefined
  /** What is being written since there is trouble: it goes first, and is never dropped for want of room. */
  private batch: Batch | undefined
  private trouble: Trouble | undefined
  /** Nothing was taken for as long as somebody waited: nobody waits again until something is. */
  private stalled = false
  private roomWaitMs = ROOM_WAIT_MS
  /** When it last took nothing. */
  private refusedAt = Number.NEGATIVE_INFINITY
  private retryMs = FULL_RETRY_MS.least
  private retryTimer: NodeJS.Timeout | undefined
  private waiters: { readonly end: number; readonly resolve: () => void }[] = []
  private isShared = false

  /** @param name For messages: `stdout`, a file's path. */
  constructor(
    private fd: number,
    private readonly name: string,
  ) {
    this.backlog = new Backlog(DEFAULT_MAX_QUEUED)
  }

  /** Bounds what waits, in UTF-16 units. Of several bounds the least is kept. */
  bound(maxQueued: number | undefined): void {
    if (maxQueued === undefined) return
    this.maxQueued = Math.min(this.maxQueued ?? maxQueued, maxQueued)
    this.backlog.maxUnits = this.maxQueued
  }

  /** Other processes or threads write to the same pipe from now on: no write is to be torn by another's. */
  share(): void {
    this.isShared = true
  }

  /**
   * Takes a line, and writes what has gathered when that is `limit` UTF-16 units or more; where the descriptor is full,
   * waits `patienceMs` at most for it to take anything.
   *
   * @returns whether the line waits for a later call of `write`.
   */
  take(line: string, level: number, tally: Tally, limit: number, patienceMs: number): boolean {
    if (this.trouble !== undefined) {
      this.queue({ line, level, tally }, patienceMs)
      return false
    }
    this.gathered.add(line, level, tally)
    if (this.gathered.text.length < limit) return true
    this.write(patienceMs)
    return false
  }

  /** Writes what has gathered; where the descriptor is full, waits so long at most for it to take anything. */
  write(patienceMs: number): void {
    const { text } = this.gathered
    if (text === '' || this.trouble !== undefined) return
    let written = 0
    try {
      const fits = text.length <= SCRATCH_UNITS
      const bytes = fits ? scratch : Buffer.from(text)
      const length = fits ? scratch.write(text) : bytes.length
      while (written < length && this.trouble === undefined) {
        const end = this.isShared ? endOfPiece(bytes, written, length) : length
        written += writeSync(this.fd, bytes, written, end - written)
        if (written < end) this.trouble = 'full'
      }
    } catch (error) {
      this.trouble = troubleOf(error, this.name)
    }
    if (this.trouble === undefined) {
      this.gathered.clear()
      return
    }
    this.keepBack(written)
    this.gathered.clear()
    if (this.trouble === 'broken') this.giveUp()
    else this.drain(this.stalled ? 0 : patienceMs)
  }

  /** Resolves when every line so far is written, or counted as dropped. */
  async flush(): Promise<void> {
    this.write(0)
    if (this.trouble === undefined || this.trouble === 'broken') return
    const { end } = this.backlog
    await new Promise<void>((resolve) => {
      this.waiters.push({ end, resolve })
      this.retryTimer?.ref()
    })
  }

  /** Writes everything, waiting for a reader as long as it takes anything, and a bounded time for one that does not. */
  flushSync(): void {
    this.write(0)
    if (this.trouble === undefined || this.trouble === 'broken') return
    this.drain(LAST_WAIT_MS)
    const waiting = this.backlog.size + (this.batch?.left.length ?? 0)
    if (waiting > 0) warnOnce(`${this.name}: ${waiting} lines could not be written yet`)
  }

  /**
   * Goes on with another descriptor: a line that was written in part is written whole to the new one.
   *
   * @param lead What has to come first there.
   */
  replace(fd: number, lead = ''): void {
    this.write(0)
    this.release()
    this.fd = fd
    this.begin(lead)
  }

  /** Writes what has to come before any line, and then what waits. */
  begin(lead: string): void {
    if (lead !== '' || this.batch !== undefined) this.batch = new Batch(this.batch?.left ?? [], 0, lead)
    if (this.batch === undefined && this.trouble === undefined) return
    this.trouble = 'full'
    this.refusedAt = Number.NEGATIVE_INFINITY
    this.drain(0)
  }

  /** Closes the descriptor. */
  release(): void {
    try {
      closeSync(this.fd)
    } catch {
      // Closed by somebody else: there is nothing left to let go of.
    }
  }

  /** Counts a line that came too late. */
  drop(level: number, tally: Tally): void {
    this.backlog.drop({ level, tally })
  }

  /** Has what has gathered wait, but for so many bytes that are written; a line that was cut goes on first. */
  private keepBack(written: number): void {
    let taken = written
    for (const line of this.gathered.lines()) {
      const bytes = Buffer.byteLength(line.line)
      if (taken === 0) this.backlog.add(line)
      else if (taken < bytes) this.batch = new Batch([line], taken)
      taken = Math.max(0, taken - bytes)
    }
  }

  private queue(line: Line, patienceMs: number): void {
    if (this.trouble === 'broken') {
      this.backlog.drop(line)
      return
    }
    if (this.backlog.units + line.line.length > this.backlog.maxUnits) this.makeRoom()
    this.backlog.add(line)
    // With room made, the trouble may be over already.
    if (patienceMs > 0 || this.trouble === undefined) this.drain(this.stalled ? 0 : patienceMs)
  }

  private makeRoom(): void {
    const started = now()
    this.drain(this.roomWaitMs, this.roomWaitMs)
    if (this.trouble !== undefined) this.roomWaitMs = Math.max(0, this.roomWaitMs - (now() - started))
  }

  /**
   * Writes what waits, in order, for as long as the descriptor takes it.
   *
   * @param stallMs How long to wait for it to take anything.
   * @param totalMs How long this may take in all.
   */
  private drain(stallMs: number, totalMs = Number.POSITIVE_INFINITY): void {
    // A refusal is an exception, which costs ten times the write: once in a millisecond is enough to ask.
    if (stallMs === 0 && now() - this.refusedAt < 1) return
    const outcome = this.writeWaiting(stallMs, now() + totalMs)
    if (outcome === 'written') this.recovered()
    else if (outcome === 'broken') this.giveUp()
    else this.retryLater(outcome === 'fault' ? FAULT_RETRY_MS : this.retryMs)
  }

  /** @returns what keeps it from going on. */
  private writeWaiting(stallMs: number, end: number): 'written' | Trouble {
    let deadline = now() + stallMs
    while (this.batch !== undefined || this.nextBatch()) {
      const outcome = this.writeBatch()
      const time = now()
      this.refusedAt = outcome === 'taken' ? Number.NEGATIVE_INFINITY : time
      if (outcome === 'taken') {
        deadline = time + stallMs
      } else if (outcome !== 'full') {
        return outcome
      } else if (time >= deadline) {
        this.stalled ||= stallMs > 0
        return 'full'
      } else {
        sleep(1)
      }
      if (time >= end) return 'full'
    }
    return 'written'
  }

  private writeBatch(): 'taken' | Trouble {
    try {
      if (this.batch?.writeTo(this.fd) === true) this.batch = undefined
    } catch (error) {
      this.trouble = troubleOf(error, this.name)
      return this.trouble
    }
    this.stalled = false
    this.retryMs = FULL_RETRY_MS.least
    if (this.batch === undefined && this.waiters.length > 0) this.wake(this.backlog.first?.order ?? this.backlog.end)
    return 'taken'
  }

  /** Takes as many waiting lines as one write should have. */
  private nextBatch(): boolean {
    // Now that it flows again, the log says how many lines it lacks.
    if (this.backlog.size === 0) for (const report of this.backlog.reports()) this.backlog.add(report)
    const most = this.isShared ? PIPE_BUF : BATCH_BYTES
    const lines: Line[] = []
    let bytes = 0
    for (let next = this.backlog.first; next !== undefined; next = this.backlog.first) {
      bytes += Buffer.byteLength(next.line)
      if (bytes > most && lines.length > 0) break
      lines.push(next)
      this.backlog.shift()
    }
    if (lines.length > 0) this.batch = new Batch(lines)
    return lines.length > 0
  }

  private recovered(): void {
    this.trouble = undefined
    this.roomWaitMs = ROOM_WAIT_MS
    clearTimeout(this.retryTimer)
    this.retryTimer = undefined
    this.wake(this.backlog.end)
  }

  private giveUp(): void {
    for (const line of this.batch?.left ?? []) this.backlog.drop(line)
    this.batch = undefined
    this.backlog.dropAll()
    clearTimeout(this.retryTimer)
    this.retryTimer = undefined
    this.wake(this.backlog.end)
  }

  /** A full pipe keeps the process alive, as Node's own streams do: its reader may be a pager. A full disk does not. */
  private retryLater(ms: number): void {
    this.retryTimer ??= setTimeout(this.retry, ms)
    if (this.trouble === 'full' || this.waiters.length > 0) this.retryTimer.ref()
    else this.retryTimer.unref()
  }

  private readonly retry = (): void => {
    this.retryTimer = undefined
    this.retryMs = Math.min(this.retryMs * 2, FULL_RETRY_MS.most)
    this.refusedAt = Number.NEGATIVE_INFINITY
    this.drain(0)
  }

  /** Tells those who wait for lines before this place. */
  private wake(place: number): void {
    const { waiters } = this
    this.waiters = waiters.filter(({ end }) => end > place)
    for (const { end, resolve } of waiters) if (end <= place) resolve()
  }
}

/** Where a write from `start` on should end to be of whole lines and atomic; a line that is too long for that is alone. */
function endOfPiece(bytes: Buffer, start: number, length: number): number {
  if (length - start <= PIPE_BUF) return length
  const last = bytes.lastIndexOf(NEWLINE, start + PIPE_BUF - 1)
  return 1 + (last >= start ? last : bytes.indexOf(NEWLINE, start))
}

/** Kept from before any test's false clock. */
const now = performance.now.bind(performance)
