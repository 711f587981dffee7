import { closeSync, writeSync } from 'node:fs'
import { LEVELS } from '../levels/level.js'
import { warnOnce } from '../warn.js'
import { Backlog } from './backlog.js'
import type { Destination, LineMaker, WritePolicy } from './destination.js'

/** What gathers before it is written within a turn: larger writes gain nothing more (bench `floor`). */
const TURN_BYTES = 16 * 1024
/** What waits in memory for a descriptor that takes nothing. */
const DEFAULT_MAX_QUEUED_BYTES = 16 * 1024 * 1024
/** How long a warning or worse may block for a full pipe, once, before it waits in memory like the rest. */
const WARN_WAIT_MS = 1_000
/** How long a line may block under the policy `line`, or an audit line under any. */
const LINE_WAIT_MS = 10_000
/** How long the last writes of a dying process wait for a reader that takes nothing. */
const EXIT_WAIT_MS = 5_000
/** A write of up to this many bytes to a pipe is atomic (POSIX PIPE_BUF as Linux has it). */
const PIPE_BUF = 4096

const FULL_RETRY_MS = 5
const FAULT_RETRY_MS = 500

export interface DescriptorOptions {
  readonly policy: WritePolicy
  /** For messages: `stdout`, a file's path. */
  readonly name: string
  readonly maxQueuedBytes?: number | undefined
  /** Whether several processes write to this pipe, so that a write must not be torn by another's. */
  readonly sharedPipe?: boolean
  readonly closesDescriptor?: boolean
}

/** Why a descriptor does not take what it is given. */
type Trouble = 'full' | 'fault' | 'broken'

/**
 * Lines to a file descriptor. One string is appended to and written synchronously: no Buffer for each line, no copy, no
 * callback (the `descriptor` bench holds this against sonic-boom and against `fs.WriteStream`).
 *
 * A descriptor in trouble is not waited for but for a bounded time: its lines wait in a bounded backlog and are written in
 * order when it takes them again, with a line that says how many were dropped meanwhile.
 */
export class DescriptorDestination implements Destination {
  private pending = ''
  private readonly backlog: Backlog
  /** Bytes that a write has taken in part, or refused: they go first, and are never dropped. */
  private head: Buffer | undefined
  private headOffset = 0
  private trouble: Trouble | undefined
  private scheduled = false
  private timer: NodeJS.Timeout | undefined
  private retryTimer: NodeJS.Timeout | undefined
  private waiters: (() => void)[] = []
  private makeLine: LineMaker | undefined
  private closed = false
  private readonly limit: number
  private readonly delayMs: number | undefined

  constructor(
    private fd: number,
    private readonly options: DescriptorOptions,
  ) {
    const { policy } = options
    this.backlog = new Backlog(options.maxQueuedBytes ?? DEFAULT_MAX_QUEUED_BYTES)
    const wanted = policy === 'line' ? 0 : policy === 'turn' ? TURN_BYTES : policy.bytes
    this.limit = options.sharedPipe === true ? Math.min(wanted, PIPE_BUF) : wanted
    this.delayMs = typeof policy === 'object' ? policy.ms : undefined
  }

  get isOpen(): boolean {
    return !this.closed
  }

  write(line: string, level: number): void {
    if (this.closed) return this.backlog.countDropped(level)
    if (this.trouble !== undefined) return this.writeInTrouble(line, level)
    if (this.options.sharedPipe === true && this.pending.length + line.length > PIPE_BUF) this.writePending(0)
    this.pending += line
    if (level >= LEVELS.warn) this.writePending(this.patience(level))
    else if (this.pending.length >= this.limit) this.writePending(this.limit === 0 ? LINE_WAIT_MS : 0)
    else if (!this.scheduled) this.schedule()
  }

  async flush(): Promise<void> {
    this.writePending(0)
    if (this.trouble === undefined || this.trouble === 'broken') return
    await new Promise<void>((resolve) => {
      this.waiters.push(resolve)
      // Somebody waits: the process must live until it is done.
      this.retryTimer?.ref()
    })
  }

  flushSync(): void {
    this.writePending(0)
    if (this.trouble === undefined || this.trouble === 'broken') return
    this.drain(EXIT_WAIT_MS)
    const waiting = this.backlog.size + linesIn(this.head, this.headOffset)
    if (waiting > 0) warnOnce(`${this.options.name}: ${waiting} lines could not be written yet`)
  }

  async close(): Promise<void> {
    if (this.closed) return
    await this.flush()
    this.closed = true
    clearTimeout(this.timer)
    clearTimeout(this.retryTimer)
    if (this.options.closesDescriptor === true) this.release()
  }

  dropped(): Readonly<Record<string, number>> {
    return this.backlog.dropped
  }

  reportWith(makeLine: LineMaker): void {
    this.makeLine = makeLine
  }

  /** Goes on with another descriptor: what was written in part is written whole to the new one. */
  replace(fd: number): void {
    this.writePending(0)
    if (this.options.closesDescriptor === true) this.release()
    this.fd = fd
    if (this.head !== undefined) this.headOffset = this.head.lastIndexOf(10, this.headOffset - 1) + 1
    if (this.trouble !== undefined) {
      this.trouble = 'fault'
      this.drain(0)
    }
  }

  private release(): void {
    try {
      closeSync(this.fd)
    } catch {
      // Closed by somebody else: there is nothing left to let go of.
    }
  }

  private schedule(): void {
    this.scheduled = true
    if (this.delayMs === undefined) setImmediate(this.onTime)
    else this.timer = setTimeout(this.onTime, this.delayMs).unref()
  }

  private readonly onTime = (): void => {
    this.scheduled = false
    this.writePending(0)
  }

  private patience(level: number): number {
    return this.limit === 0 || level > LEVELS.fatal ? LINE_WAIT_MS : WARN_WAIT_MS
  }

  /** Writes what has gathered; where the descriptor does not take it, waits for it so long at most. */
  private writePending(patienceMs: number): void {
    const { pending } = this
    if (pending === '' || this.trouble !== undefined) return
    this.pending = ''
    try {
      const written = writeSync(this.fd, pending)
      // As many bytes as the text has units: all of it, and all of it ASCII.
      if (written === pending.length) return
      const bytes = Buffer.from(pending)
      if (written === bytes.length) return
      this.head = bytes
      this.headOffset = written
    } catch (error) {
      this.head = Buffer.from(pending)
      this.headOffset = 0
      this.trouble = this.troubleOf(error)
    }
    this.trouble ??= 'full'
    if (this.trouble === 'broken') this.giveUp()
    else this.drain(patienceMs)
  }

  private writeInTrouble(line: string, level: number): void {
    if (this.trouble === 'broken') return this.backlog.countDropped(level)
    this.backlog.add(line, level)
    // An audit line, and every line under `line`, has a claim to be waited for; others just try.
    if (level >= LEVELS.warn || this.limit === 0) this.drain(level > LEVELS.fatal ? LINE_WAIT_MS : 0)
  }

  /** Writes what waits, in order, for as long as the descriptor takes it or patience lasts. */
  private drain(patienceMs: number): void {
    let deadline = Date.now() + patienceMs
    for (;;) {
      const outcome = this.writeHead()
      if (outcome === 'done') {
        if (!this.nextHead()) return this.recovered()
        deadline = Math.max(deadline, Date.now() + patienceMs)
      } else if (outcome === 'broken') {
        return this.giveUp()
      } else if (outcome === 'fault' || Date.now() >= deadline) {
        return this.retryLater(outcome === 'fault' ? FAULT_RETRY_MS : FULL_RETRY_MS)
      } else {
        sleep(1)
      }
    }
  }

  private writeHead(): 'done' | Trouble {
    const { head } = this
    if (head === undefined) return 'done'
    try {
      while (this.headOffset < head.length) {
        this.headOffset += writeSync(this.fd, head, this.headOffset, head.length - this.headOffset)
      }
    } catch (error) {
      this.trouble = this.troubleOf(error)
      return this.trouble
    }
    this.head = undefined
    return 'done'
  }

  /** Takes as many whole waiting lines as one write should have. */
  private nextHead(): boolean {
    // Small writes while a pipe is tight: one of up to PIPE_BUF is taken whole or not at all.
    let text = this.backlog.shift()
    if (text === undefined) return false
    while (this.backlog.size > 0 && text.length < PIPE_BUF / 2) text += this.backlog.shift() ?? ''
    this.head = Buffer.from(text)
    this.headOffset = 0
    return true
  }

  private recovered(): void {
    this.trouble = undefined
    clearTimeout(this.retryTimer)
    this.retryTimer = undefined
    this.report()
    this.wake()
  }

  /** Says in the log how many lines it lacks, now that it flows again. */
  private report(): void {
    const line = this.backlog.report(this.makeLine)
    if (line !== undefined) this.write(line, LEVELS.warn)
  }

  private giveUp(): void {
    // What level they had is not known any more; most lines are at INFO.
    this.backlog.countDropped(LEVELS.info, linesIn(this.head, this.headOffset))
    this.head = undefined
    this.backlog.dropAll()
    this.wake()
  }

  private retryLater(ms: number): void {
    if (this.retryTimer !== undefined) return
    this.retryTimer = setTimeout(() => {
      this.retryTimer = undefined
      this.drain(0)
    }, ms)
    if (this.waiters.length === 0) this.retryTimer.unref()
  }

  private wake(): void {
    const { waiters } = this
    this.waiters = []
    for (const resolve of waiters) resolve()
  }

  private troubleOf(error: unknown): Trouble {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    if (code === 'EAGAIN' || code === 'EWOULDBLOCK' || code === 'EINTR') return 'full'
    const { name } = this.options
    if (code === 'EPIPE' || code === 'EBADF' || code === 'ECONNRESET' || code === 'ERR_OUT_OF_RANGE') {
      warnOnce(`${name}: ${code}, nobody reads it any more; lines are dropped and counted from here on`)
      return 'broken'
    }
    warnOnce(`${name}: ${code}; lines wait in memory, and the lowest levels are dropped when that is full`)
    return 'fault'
  }
}

function linesIn(bytes: Buffer | undefined, from: number): number {
  let lines = 0
  for (let at = bytes?.indexOf(10, from) ?? -1; at !== -1; at = bytes?.indexOf(10, at + 1) ?? -1) lines++
  return lines
}

const never = new Int32Array(new SharedArrayBuffer(4))

/** Blocks the thread: only while a synchronous promise has to be kept against a full pipe. */
function sleep(ms: number): void {
  Atomics.wait(never, 0, 0, ms)
}
