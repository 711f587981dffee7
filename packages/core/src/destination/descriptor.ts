import { LEVELS } from '../levels/level.js'
import type { Destination, LineMaker, WritePolicy } from './destination.js'
import { isEnding } from './exit.js'
import { Tally } from './tally.js'
import type { DescriptorWriter } from './writer.js'

/** What gathers before it is written within a turn: larger writes gain nothing more (bench `descriptor`). */
const TURN_UNITS = 16 * 1024
/** How long a warning or worse blocks for a full pipe that takes nothing, once, before it waits in memory like the rest. */
const WARN_WAIT_MS = 1_000
/** The same for a line under the policy `line`, and for an audit line under any. */
const LINE_WAIT_MS = 10_000

/** One logger's way to a descriptor, which it may share with others: its policy, and the count of its dropped lines. */
export class DescriptorDestination implements Destination {
  private readonly tally = new Tally()
  private readonly limit: number
  private readonly delayMs: number | undefined
  private readonly patienceMs: number
  private immediate: NodeJS.Immediate | undefined
  private timer: NodeJS.Timeout | undefined
  private scheduled = false
  private isClosed = false

  constructor(
    protected readonly writer: DescriptorWriter,
    policy: WritePolicy,
  ) {
    this.limit = policy === 'line' ? 0 : policy === 'turn' ? TURN_UNITS : policy.bytes
    this.delayMs = typeof policy === 'object' ? policy.ms : undefined
    this.patienceMs = policy === 'line' ? LINE_WAIT_MS : 0
  }

  get closed(): boolean {
    return this.isClosed
  }

  get sink(): object {
    return this.writer
  }

  write(line: string, level: number): void {
    const { writer, tally } = this
    if (this.isClosed) {
      writer.drop(level, tally)
      return
    }
    if (level < LEVELS.warn && !isEnding()) {
      const waits = writer.take(line, level, tally, this.limit, this.patienceMs)
      if (waits && !this.scheduled) this.schedule()
    } else {
      const isAudit = level > LEVELS.fatal
      writer.take(line, level, tally, 0, isAudit || isEnding() ? LINE_WAIT_MS : this.patienceMs || WARN_WAIT_MS)
    }
  }

  flush(): Promise<void> {
    return this.writer.flush()
  }

  flushSync(): void {
    this.writer.flushSync()
  }

  async close(): Promise<void> {
    this.isClosed = true
    await this.writer.flush()
    clearImmediate(this.immediate)
    clearTimeout(this.timer)
  }

  dropped(): Readonly<Record<string, number>> {
    return this.tally.byLevel
  }

  reportWith(makeLine: LineMaker): void {
    this.tally.makeLine = makeLine
  }

  private schedule(): void {
    this.scheduled = true
    if (this.delayMs === undefined) this.immediate = setImmediate(this.onTime)
    else this.timer = setTimeout(this.onTime, this.delayMs).unref()
  }

  private readonly onTime = (): void => {
    this.scheduled = false
    this.writer.write(0)
  }
}
