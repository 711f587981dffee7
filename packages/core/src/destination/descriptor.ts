import { isatty } from 'node:tty'
import type { Destination } from '../destination.js'
import { LEVELS } from '../levels/level.js'
import { DropCounter, type LineMaker } from './drop-counter.js'
import { processState } from './exit.js'
import { DEFAULT_TIMEOUT_MS, type FlushOptions, timeoutOf } from './flush-options.js'
import { refuseLate } from './late-line.js'
import type { WritePolicy } from './write-policy.js'
import type { DescriptorWriter } from './writer.js'

/** What gathers before it is written within a turn: larger writes gain nothing more (bench `descriptor`). */
const TURN_UNITS = 16 * 1024
/** How long a warning or worse blocks for a full pipe that takes nothing, before it waits in memory like the rest. */
const WARN_WAIT_MS = 1_000

/** One logger's way to a descriptor, which it may share with others: its policy, and the count of its dropped lines. */
export class DescriptorDestination implements Destination {
  private readonly drops = new DropCounter()
  private readonly gatheredUnits: number
  private readonly delayMs: number | undefined
  /** How long a line below WARN waits for a full descriptor. */
  private readonly waitMs: number
  private immediate: NodeJS.Immediate | undefined
  private timer: NodeJS.Timeout | undefined
  /** Kept for as long as this is: the writer of a standard stream is for ever, and keeps no logger. */
  protected limitLine: ((maxLineBytes: number) => void) | undefined
  private isScheduled = false
  private isClosed = false

  constructor(
    protected readonly writer: DescriptorWriter,
    policy: WritePolicy,
  ) {
    this.gatheredUnits = policy === 'line' ? 0 : policy === 'turn' ? TURN_UNITS : policy.bytes
    this.delayMs = typeof policy === 'object' ? policy.ms : undefined
    this.waitMs = policy === 'line' ? DEFAULT_TIMEOUT_MS : 0
  }

  get closed(): boolean {
    return this.isClosed
  }

  get target(): object {
    return this.writer
  }

  get isTerminal(): boolean {
    return isatty(this.writer.fd)
  }

  // The hot path is this and `append`: in a server the amount of code that runs for a line decides its cost.
  write(line: string, level: number): void {
    const { writer } = this
    if (level >= LEVELS.warn || writer.error !== undefined || processState.isEnding || this.isClosed) {
      this.writeNow(line, level)
      return
    }
    writer.queue.append({ line, level, drops: this.drops, order: 0 })
    if (writer.queue.units >= this.gatheredUnits) writer.write(this.waitMs)
    else if (!this.isScheduled) this.schedule()
  }

  flush(options?: FlushOptions): Promise<void> {
    return this.settle(options).then(() => {})
  }

  flushSync(options?: FlushOptions): void {
    this.writer.flushSync(timeoutOf(options))
  }

  async close(options?: FlushOptions): Promise<void> {
    this.isClosed = true
    if (await this.settle(options)) this.writer.abandon(this.drops)
    clearImmediate(this.immediate)
    clearTimeout(this.timer)
  }

  dropped(): Readonly<Record<string, number>> {
    return this.drops.byLevel
  }

  reportWith(makeLine: LineMaker): void {
    this.drops.makeLine = makeLine
  }

  limitLines(limit: (maxLineBytes: number) => void): void {
    this.limitLine = limit
    this.writer.limitLines(limit)
  }

  private writeNow(line: string, level: number): void {
    const entry = { line, level, drops: this.drops, order: 0 }
    const isUrgent = level > LEVELS.fatal || processState.isEnding
    if (this.isClosed) refuseLate(this.writer.name, entry)
    else
      this.writer.writeNow(
        entry,
        isUrgent ? DEFAULT_TIMEOUT_MS : level < LEVELS.warn ? this.waitMs : this.waitMs || WARN_WAIT_MS,
      )
  }

  /** @returns whether the time was over. */
  private async settle(options: FlushOptions | undefined): Promise<boolean> {
    const isLate = await this.writer.flush(timeoutOf(options))
    if (isLate) this.writer.reportWaiting()
    return isLate
  }

  private schedule(): void {
    this.isScheduled = true
    if (this.delayMs === undefined) this.immediate = setImmediate(this.onTime)
    else this.timer = setTimeout(this.onTime, this.delayMs).unref()
  }

  private readonly onTime = (): void => {
    this.isScheduled = false
    this.writer.write(0)
  }
}
