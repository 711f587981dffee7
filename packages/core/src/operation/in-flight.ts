/** An operation that runs for longer no longer holds lines back: it may be a stream that never ends. */
const LONGEST_HOLD_MS = 15 * 60_000
/** An operation that runs for longer is forgotten: its owner has lost it, and would otherwise leak it. */
const LONGEST_MS = 24 * 3_600_000
const SWEEP_MS = 60_000

/** An operation that the end of the process interrupts. */
export interface Interruptible {
  readonly startedAt: number
  /** Writes what it holds although its outcome is unknown. */
  interrupt(): void
  /** Drops the lines that it holds. */
  dropHeld(): void
}

/** The operations that have begun and not ended, so that a dying process can log them. */
export class InFlight {
  private readonly operations = new Set<Interruptible>()
  private timer: NodeJS.Timeout | undefined

  add(operation: Interruptible): void {
    this.operations.add(operation)
    this.timer ??= setInterval(() => this.sweep(Date.now()), SWEEP_MS).unref()
  }

  delete(operation: Interruptible): void {
    this.operations.delete(operation)
  }

  get size(): number {
    return this.operations.size
  }

  /** Makes every operation write what it holds, the outermost first. */
  interruptAll(): void {
    for (const operation of this.operations) operation.interrupt()
    this.operations.clear()
  }

  /** Drops what has been held for too long. */
  sweep(now: number): void {
    for (const operation of this.operations) {
      const age = now - operation.startedAt
      if (age > LONGEST_HOLD_MS) operation.dropHeld()
      if (age > LONGEST_MS) this.operations.delete(operation)
    }
    if (this.operations.size > 0) return
    clearInterval(this.timer)
    this.timer = undefined
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
  }
}
