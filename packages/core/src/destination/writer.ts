import { closeSync, writeSync } from 'node:fs'
import { warnOnce } from '../warn.js'
import type { DropCounter } from './drop-counter.js'
import { Queue, type QueuedLine } from './queue.js'
import { sleep } from './sleep.js'
import { type WriteError, writeErrorOf } from './write-error.js'

/** What waits in memory for a descriptor that takes nothing, unless the application says otherwise. */
export const DEFAULT_MAX_QUEUED = 16 * 1024 * 1024
/** A write of up to this many bytes to a pipe is taken whole or not at all (POSIX PIPE_BUF, as Linux has it). */
const PIPE_BUF = 4096
/** What one write has at most, a pipe's capacity on Linux: larger writes gain nothing more (bench `descriptor`). */
const BATCH_UNITS = 64 * 1024
/** A UTF-16 unit takes at most three bytes of UTF-8. */
const MAX_UNIT_BYTES = 3
/** How long, in all, a full queue waits for room before lines are dropped: for a flood within one turn of the event loop. */
const ROOM_WAIT_MS = 1_000
const FULL_RETRY_MS = { least: 5, most: 100 }
const FAULT_RETRY_MS = 500

/** Writes are synchronous, so all writers encode into one buffer. */
const scratch = Buffer.allocUnsafeSlow(BATCH_UNITS * MAX_UNIT_BYTES)

/** What was written in part, and has to be finished first. */
interface Unfinished {
  readonly bytes: Buffer
  /** How many of the bytes are written. */
  written: number
  /** Undefined for a newline that ends somebody else's torn line. */
  readonly entry: QueuedLine | undefined
}

/** What a destination changes about the writes to its descriptor. */
export interface WriteHooks {
  /**
   * Called before each write that begins with a new line. It may change the writer's descriptor.
   *
   * @param first The first line that is to be written.
   * @returns how many bytes the write may have; it has one line at least.
   */
  beforeWrite(first: string): number
  /** So many bytes were written. */
  afterWrite(bytes: number): void
}

/**
 * Writes lines to one file descriptor: a string and one system call for all lines of a turn, no Buffer, no copy and no
 * callback for each line (the bench `descriptor` compares this with sonic-boom and `fs.WriteStream`).
 *
 * A descriptor that does not take what is written is waited for, but a bounded time. Then lines wait in the bounded queue and
 * are written in order when it takes them again, with a line that says how many were dropped meanwhile.
 */
export class DescriptorWriter {
  /** Lines that are not written yet. */
  readonly queue = new Queue(DEFAULT_MAX_QUEUED)
  /** Why the last write was not taken; undefined while writes succeed. */
  error: WriteError | undefined
  hooks: WriteHooks | undefined
  private isBounded = false
  private unfinished: Unfinished | undefined
  /** How long calls have waited since anything was taken: no call waits for longer than that again. */
  private stalledMs = 0
  private roomWaitMs = ROOM_WAIT_MS
  private refusedAt = Number.NEGATIVE_INFINITY
  private retryMs = FULL_RETRY_MS.least
  private retryTimer: NodeJS.Timeout | undefined
  private waiters: { readonly end: number; readonly resolve: () => void }[] = []
  private isShared = false
  private limits: readonly WeakRef<(maxLineBytes: number) => void>[] = []

  /** @param name For messages: `stdout`, a file's path. */
  constructor(
    public fd: number,
    readonly name: string,
  ) {}

  /** Bounds the queue, in UTF-16 units. Of several bounds the least is kept. */
  bound(maxQueued: number | undefined): void {
    if (maxQueued === undefined) return
    this.queue.maxUnits = this.isBounded ? Math.min(this.queue.maxUnits, maxQueued) : maxQueued
    this.isBounded = true
  }

  /** Other processes or threads write to the same pipe from now on: each write has to be atomic. */
  share(): void {
    this.isShared = true
    for (const limit of this.limits) limit.deref()?.(PIPE_BUF)
    this.limits = []
  }

  /** Calls back with the longest line that no other writer's line can tear, once there are others. It does not keep the callback. */
  limitLines(limit: (maxLineBytes: number) => void): void {
    // Elsewhere an atomic write is too short for a line: 512 bytes on macOS.
    if (process.platform !== 'linux') return
    if (this.isShared) limit(PIPE_BUF)
    else this.limits = [...this.limits.filter((other) => other.deref() !== undefined), new WeakRef(limit)]
  }

  /** Writes a line and what waits before it; a full descriptor is waited for so long at most. */
  writeNow(entry: QueuedLine, waitMs: number): void {
    const { queue } = this
    if (this.error === undefined) {
      queue.append(entry)
      this.write(waitMs)
    } else if (this.error === 'broken') {
      queue.drop(entry)
    } else {
      if (queue.units + entry.line.length > queue.maxUnits) this.makeRoom()
      queue.add(entry)
      // After `makeRoom` the descriptor may take lines again.
      if (waitMs > 0 || this.error === undefined) this.drain(waitMs)
    }
  }

  /** Writes what waits, unless a write was refused: then the retry does it. */
  write(waitMs: number): void {
    if (this.error === undefined && this.queue.size > 0) this.drain(waitMs)
  }

  /**
   * Resolves when every line so far is written or counted as dropped, or when the time is over.
   *
   * @returns whether the time was over.
   */
  async flush(timeoutMs: number): Promise<boolean> {
    this.write(0)
    if (this.isSettled()) return false
    const { end } = this.queue
    return await new Promise<boolean>((resolve) => {
      const settle = (isLate: boolean) => {
        clearTimeout(timer)
        this.waiters = this.waiters.filter((other) => other !== waiter)
        resolve(isLate)
      }
      const waiter = { end, resolve: () => settle(false) }
      const { oldest } = this
      const timer = setTimeout(() => {
        if (this.oldest === oldest) this.stalledMs = Math.max(this.stalledMs, timeoutMs)
        settle(true)
      }, timeoutMs)
      this.waiters.push(waiter)
      this.retryTimer?.ref()
    })
  }

  /** Writes everything; a full descriptor is waited for so long at most. What is left is reported on standard error. */
  flushSync(timeoutMs: number): void {
    this.write(0)
    if (this.isSettled()) return
    this.drain(timeoutMs, timeoutMs)
    this.reportWaiting()
  }

  /** Says on standard error how many lines are not written. */
  reportWaiting(): void {
    const waiting = this.queue.size + (this.unfinished?.entry === undefined ? 0 : 1)
    if (waiting > 0) warnOnce(`${this.name}: ${waiting} lines could not be written yet`)
  }

  /** Drops the lines of one logger that wait, but for one that is written in part. */
  abandon(drops: DropCounter): void {
    this.queue.dropAll(drops)
    if (this.queue.size === 0) this.retryTimer?.unref()
    this.wake()
  }

  /**
   * Goes on with another descriptor: a line that was written in part is written whole to the new one.
   *
   * @param head What has to come first there.
   */
  replace(fd: number, head = ''): void {
    this.write(0)
    const old = this.fd
    this.fd = fd
    close(old)
    this.begin(head)
  }

  /** Writes what has to come before any line, and then what waits. */
  begin(head: string): void {
    const entry = this.unfinished?.entry
    const text = head + (entry?.line ?? '')
    this.unfinished = text === '' ? undefined : { bytes: Buffer.from(text), written: 0, entry }
    this.refusedAt = Number.NEGATIVE_INFINITY
    this.drain(0)
  }

  /** Closes the descriptor. A line that was written in part is counted as dropped. */
  release(): void {
    if (this.unfinished?.entry !== undefined) this.queue.drop(this.unfinished.entry)
    this.unfinished = undefined
    clearTimeout(this.retryTimer)
    this.error = 'broken'
    close(this.fd)
  }

  private isSettled(): boolean {
    return this.error === 'broken' || (this.queue.size === 0 && this.unfinished === undefined)
  }

  private makeRoom(): void {
    const started = now()
    this.drain(this.roomWaitMs, this.roomWaitMs)
    if (this.error !== undefined) this.roomWaitMs = Math.max(0, this.roomWaitMs - (now() - started))
  }

  /**
   * Writes what waits, in order, until the descriptor takes no more.
   *
   * @param stallMs How long to wait for it to take anything.
   * @param totalMs How long this may take in all.
   */
  private drain(stallMs: number, totalMs = Number.POSITIVE_INFINITY): void {
    // A refused write is an exception, which costs ten times the write: one in a millisecond is enough.
    if (stallMs === 0 && this.error !== undefined && now() - this.refusedAt < 1) return
    const error = this.writeWaiting(Math.max(0, stallMs - this.stalledMs), totalMs)
    if (error === undefined) {
      if (this.error !== undefined) this.recovered()
      return
    }
    this.error = error
    if (error === 'broken') this.giveUp()
    else this.retryLater(error === 'fault' ? FAULT_RETRY_MS : this.retryMs)
  }

  /** @returns why not everything is written. */
  private writeWaiting(stallMs: number, totalMs: number): WriteError | undefined {
    const started = stallMs > 0 ? now() : 0
    let takenAt = started
    while (this.unfinished !== undefined || this.queue.size > 0 || this.addReports()) {
      const error = this.writeOnce()
      if (error === undefined) {
        if (stallMs > 0) takenAt = now()
        if (stallMs > 0 && takenAt - started >= totalMs) return 'full'
      } else if (error !== 'full' || stallMs === 0) {
        return error
      } else if (now() - takenAt >= stallMs) {
        this.stalledMs += stallMs
        return 'full'
      } else if (now() - started >= totalMs) {
        return 'full'
      } else {
        sleep(1)
      }
    }
    return undefined
  }

  private writeOnce(): WriteError | undefined {
    try {
      if (this.unfinished === undefined) this.writeFront()
      else this.finish(this.unfinished)
    } catch (error) {
      this.refusedAt = now()
      const reason = writeErrorOf(error, this.name)
      if (this.error === undefined) this.queue.keepBound()
      return reason
    }
    this.stalledMs = 0
    if (this.error === undefined) return undefined
    this.refusedAt = Number.NEGATIVE_INFINITY
    this.retryMs = FULL_RETRY_MS.least
    if (this.waiters.length > 0) this.wake()
    return undefined
  }

  private writeFront(): void {
    const { queue, hooks } = this
    const most = Math.min(
      hooks?.beforeWrite(queue.first?.line ?? '') ?? Number.POSITIVE_INFINITY,
      this.isShared ? PIPE_BUF : Number.POSITIVE_INFINITY,
    )
    const isAll = queue.units <= BATCH_UNITS && queue.units * MAX_UNIT_BYTES <= most
    const text = isAll ? queue.text() : textWithin(queue.front(Math.min(BATCH_UNITS, most)), most)
    const isLong = text.length > BATCH_UNITS
    const bytes = isLong ? Buffer.from(text) : scratch
    const length = isLong ? bytes.length : scratch.write(text)
    const written = writeSync(this.fd, bytes, 0, length)
    hooks?.afterWrite(written)
    if (isAll && written === length) queue.clear()
    else this.removeWritten(written)
  }

  /** Removes the first lines, which were written; one that was cut is finished by the next write. */
  private removeWritten(written: number): void {
    let left = written
    for (let entry = this.queue.first; entry !== undefined && left > 0; entry = this.queue.first) {
      const bytes = Buffer.byteLength(entry.line)
      if (left < bytes) this.unfinished = { bytes: Buffer.from(entry.line), written: left, entry }
      left -= Math.min(left, bytes)
      this.queue.shift()
    }
  }

  private finish(unfinished: Unfinished): void {
    const { bytes, written } = unfinished
    const more = writeSync(this.fd, bytes, written, bytes.length - written)
    this.hooks?.afterWrite(more)
    unfinished.written += more
    if (unfinished.written === bytes.length) this.unfinished = undefined
  }

  /** Adds the lines that say how many were dropped, now that the descriptor takes lines again. */
  private addReports(): boolean {
    for (const report of this.queue.reports()) this.queue.append(report)
    return this.queue.size > 0
  }

  private recovered(): void {
    this.error = undefined
    this.roomWaitMs = ROOM_WAIT_MS
    clearTimeout(this.retryTimer)
    this.retryTimer = undefined
    this.wake()
  }

  private giveUp(): void {
    if (this.unfinished?.entry !== undefined) this.queue.drop(this.unfinished.entry)
    this.unfinished = undefined
    this.queue.dropAll()
    clearTimeout(this.retryTimer)
    this.retryTimer = undefined
    this.wake()
  }

  /** A full pipe keeps the process alive, as Node's own streams do: its reader may be a pager. A full disk does not. */
  private retryLater(ms: number): void {
    this.retryTimer ??= setTimeout(this.retry, ms)
    if ((this.error === 'full' && this.queue.size > 0) || this.waiters.length > 0) this.retryTimer.ref()
    else this.retryTimer.unref()
  }

  private readonly retry = (): void => {
    this.retryTimer = undefined
    this.retryMs = Math.min(this.retryMs * 2, FULL_RETRY_MS.most)
    this.refusedAt = Number.NEGATIVE_INFINITY
    this.drain(0)
  }

  /** The place of the oldest line that is not written. */
  private get oldest(): number {
    return this.unfinished?.entry?.order ?? this.queue.first?.order ?? this.queue.end
  }

  /** Resolves the flushes whose lines are all written or dropped. */
  private wake(): void {
    const { oldest } = this
    for (const { end, resolve } of this.waiters) if (end <= oldest) resolve()
  }
}

/** The text of the first lines, as many as fit into so many bytes, but of one at least. */
function textWithin(lines: readonly QueuedLine[], most: number): string {
  let text = ''
  let bytes = 0
  for (const { line } of lines) {
    bytes += most === Number.POSITIVE_INFINITY ? 0 : Buffer.byteLength(line)
    if (bytes > most && text !== '') break
    text += line
  }
  return text
}

function close(fd: number): void {
  try {
    closeSync(fd)
  } catch {
    // Closed by somebody else.
  }
}

/** Kept from before any test's false clock. */
const now = performance.now.bind(performance)
