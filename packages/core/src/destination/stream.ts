import type { Writable } from 'node:stream'
import { checkOptions } from '../check-options.js'
import type { Destination } from '../destination.js'
import { warnOnce } from '../warn.js'
import { DropCounter, type LineMaker } from './drop-counter.js'
import { isEnding } from './exit.js'
import { doneWithin, type FlushOptions, timeoutOf } from './flush-options.js'
import { refuseLate } from './late-line.js'
import { Queue } from './queue.js'
import { DEFAULT_MAX_QUEUED } from './writer.js'

/** The options of `stream`. */
export interface StreamOptions {
  /** What may wait while the stream takes nothing, in UTF-16 units; 16 MiB by default. */
  readonly maxQueuedBytes?: number
}

/**
 * Any Node stream: a socket, a gzip, another program's standard input. Its back-pressure is honoured: lines wait in a
 * bounded queue, the lowest level is dropped first. A stream has no synchronous way to be emptied, so what it has taken
 * but not sent is beyond `flushSync`: at the end of the process, close the logger or lose it.
 *
 * @throws TypeError when it is no writable stream, or for an option that cannot be used.
 */
export function stream(writable: Writable, options: StreamOptions = {}): Destination {
  const { write, on } = (writable ?? {}) as Partial<Writable>
  if (typeof write !== 'function' || typeof on !== 'function') {
    throw new TypeError(`stream(writable): got ${typeof writable}; accepted: a writable stream`)
  }
  const checked = checkOptions('stream(writable, options)', options, ['maxQueuedBytes'])
  return new StreamDestination(writable, checked.number('maxQueuedBytes', DEFAULT_MAX_QUEUED, { above: 0 }))
}

/** The lines of one level that the stream has taken and is not done with. */
interface LevelInFlight {
  lines: number
  /** What the stream calls when it is done with one of them. */
  readonly done: (error?: Error | null) => void
}

class StreamDestination implements Destination {
  private readonly drops = new DropCounter()
  private readonly queue: Queue
  private readonly inFlight = new Map<number, LevelInFlight>()
  private blocked: boolean
  /** The stream takes nothing any more. */
  private gone = false
  private isClosed = false
  private waiters: (() => void)[] = []

  constructor(
    private readonly writable: Writable,
    maxQueued: number,
  ) {
    this.queue = new Queue(maxQueued)
    this.blocked = writable.writableNeedDrain === true
    writable.on('drain', () => this.resume(false))
    writable.on('error', (error: NodeJS.ErrnoException) => this.end(error.code ?? error.name))
    writable.on('close', () => {
      this.end('closed')
      this.wake()
    })
  }

  write(line: string, level: number): void {
    const { drops } = this
    if (this.isClosed) {
      refuseLate('stream', { line, level, drops })
    } else if (this.gone || this.writable.destroyed || this.writable.writableEnded) {
      this.queue.drop({ level, drops })
    } else if (this.blocked && !isEnding()) {
      this.queue.add({ line, level, drops })
    } else {
      this.send(line, level)
    }
  }

  async flush(options?: FlushOptions): Promise<void> {
    const timeoutMs = timeoutOf(options)
    if (!(await doneWithin(timeoutMs, this.idle()))) this.reportWaiting()
  }

  flushSync(): void {
    if (!isEnding() || this.gone) return
    // Some streams write at once what they can (sockets, pipes). For the others there is no later.
    this.resume(true)
    this.reportWaiting()
  }

  async close(options?: FlushOptions): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    const timeoutMs = timeoutOf(options)
    const started = performance.now()
    const isInTime = await doneWithin(timeoutMs, this.idle())
    // Ending or destroying the process's own streams would throw.
    const isOwn = this.writable !== process.stdout && this.writable !== process.stderr
    if (!isInTime) {
      this.abandon()
      if (isOwn) this.writable.destroy()
    }
    if (this.gone || !isOwn) return
    this.gone = true
    const ended = new Promise<void>((resolve) => this.writable.end(() => resolve()))
    await doneWithin(Math.max(0, timeoutMs - (performance.now() - started)), ended)
  }

  dropped(): Readonly<Record<string, number>> {
    return this.drops.byLevel
  }

  reportWith(makeLine: LineMaker): void {
    this.drops.makeLine = makeLine
  }

  private send(line: string, level: number): void {
    const flight = this.inFlight.get(level) ?? this.newLevel(level)
    flight.lines++
    try {
      this.blocked = !this.writable.write(line, flight.done)
    } catch (error) {
      flight.lines--
      this.queue.drop({ level, drops: this.drops })
      this.end((error as Error).name)
    }
  }

  private newLevel(level: number): LevelInFlight {
    const flight: LevelInFlight = {
      lines: 0,
      done: (error) => {
        // Counted already when close() gave up.
        if (flight.lines === 0) return
        flight.lines--
        if (error != null) this.queue.drop({ level, drops: this.drops })
        if (this.isIdle()) this.wake()
      },
    }
    this.inFlight.set(level, flight)
    return flight
  }

  /** Writes what waits, for as long as the stream takes it, or all of it. */
  private resume(all: boolean): void {
    this.blocked = false
    for (let next = this.queue.first; next !== undefined; next = this.queue.first) {
      if (this.gone || (this.blocked && !all)) return
      this.queue.shift()
      this.send(next.line, next.level)
    }
    for (const { line, level } of this.queue.reports()) this.send(line, level)
    if (this.isIdle()) this.wake()
  }

  private async idle(): Promise<void> {
    if (!this.isIdle()) await new Promise<void>((resolve) => this.waiters.push(resolve))
  }

  /** Counts everything as dropped that the stream has not taken, or has taken and is not done with. */
  private abandon(): void {
    this.reportWaiting()
    this.queue.dropAll()
    for (const [level, flight] of this.inFlight) {
      this.drops.count(level, flight.lines)
      flight.lines = 0
    }
  }

  private reportWaiting(): void {
    const waiting = this.queue.size + this.linesInFlight
    if (waiting > 0) warnOnce(`stream: ${waiting} lines could not be written yet`)
  }

  private get linesInFlight(): number {
    let lines = 0
    for (const flight of this.inFlight.values()) lines += flight.lines
    return lines
  }

  private isIdle(): boolean {
    return (this.queue.size === 0 && this.linesInFlight === 0) || this.writable.closed === true
  }

  private wake(): void {
    const { waiters } = this
    this.waiters = []
    for (const resolve of waiters) resolve()
  }

  private end(reason: string): void {
    if (this.gone) return
    this.gone = true
    this.queue.dropAll()
    warnOnce(`stream: ${reason}, nobody reads it any more; lines are dropped and counted from here on`)
    if (this.isIdle()) this.wake()
  }
}
