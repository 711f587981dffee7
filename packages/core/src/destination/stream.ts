import type { Writable } from 'node:stream'
import { checkKnown } from '../refusal.js'
import { warnOnce } from '../warn.js'
import { Backlog } from './backlog.js'
import { checkMaxQueued, type Destination, type LineMaker } from './destination.js'
import { isEnding } from './exit.js'
import { Tally } from './tally.js'

/** The options of `stream`. */
export interface StreamOptions {
  /** What may wait while the stream takes nothing, in UTF-16 units; 16 MiB by default. */
  readonly maxQueuedBytes?: number
}

const DEFAULT_MAX_QUEUED = 16 * 1024 * 1024

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
  checkKnown('stream', options, ['maxQueuedBytes'])
  const maxQueued = checkMaxQueued(options.maxQueuedBytes, 'stream(writable, { maxQueuedBytes })')
  return new StreamDestination(writable, maxQueued ?? DEFAULT_MAX_QUEUED)
}

class StreamDestination implements Destination {
  private readonly tally = new Tally()
  private readonly backlog: Backlog
  /** What the stream calls when it is done with a line; one for each level. */
  private readonly settled = new Map<number, (error?: Error | null) => void>()
  /** Lines that the stream has taken and is not done with. */
  private inFlight = 0
  private blocked: boolean
  /** The stream takes nothing any more. */
  private gone = false
  private isClosed = false
  private waiters: (() => void)[] = []

  constructor(
    private readonly writable: Writable,
    maxQueued: number,
  ) {
    this.backlog = new Backlog(maxQueued)
    this.blocked = writable.writableNeedDrain === true
    writable.on('drain', () => this.resume(false))
    writable.on('error', (error: NodeJS.ErrnoException) => this.end(error.code ?? error.name))
    writable.on('close', () => {
      this.end('closed')
      this.wake()
    })
  }

  write(line: string, level: number): void {
    const { tally } = this
    if (this.isClosed || this.gone || this.writable.destroyed || this.writable.writableEnded) {
      this.backlog.drop({ level, tally })
    } else if (this.blocked && !isEnding()) {
      this.backlog.add({ line, level, tally })
    } else {
      this.send(line, level)
    }
  }

  async flush(): Promise<void> {
    if (this.isIdle()) return
    await new Promise<void>((resolve) => this.waiters.push(resolve))
  }

  flushSync(): void {
    if (!isEnding() || this.gone) return
    // Some streams write at once what they can (sockets, pipes). For the others there is no later.
    this.resume(true)
    if (this.inFlight > 0) warnOnce(`stream: the process ends with ${this.inFlight} lines on their way`)
  }

  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    await this.flush()
    // Ending the process's own streams would throw.
    if (this.gone || this.writable === process.stdout || this.writable === process.stderr) return
    this.gone = true
    await new Promise<void>((resolve) => this.writable.end(() => resolve()))
  }

  dropped(): Readonly<Record<string, number>> {
    return this.tally.byLevel
  }

  reportWith(makeLine: LineMaker): void {
    this.tally.makeLine = makeLine
  }

  private send(line: string, level: number): void {
    this.inFlight++
    try {
      this.blocked = !this.writable.write(line, this.settledOf(level))
    } catch (error) {
      this.inFlight--
      this.backlog.drop({ level, tally: this.tally })
      this.end((error as Error).name)
    }
  }

  private settledOf(level: number): (error?: Error | null) => void {
    const existing = this.settled.get(level)
    if (existing !== undefined) return existing
    const settled = (error?: Error | null): void => {
      this.inFlight--
      if (error != null) this.backlog.drop({ level, tally: this.tally })
      if (this.isIdle()) this.wake()
    }
    this.settled.set(level, settled)
    return settled
  }

  /** Hands on what waits, for as long as the stream takes it, or all of it. */
  private resume(all: boolean): void {
    this.blocked = false
    for (let next = this.backlog.first; next !== undefined; next = this.backlog.first) {
      if (this.gone || (this.blocked && !all)) return
      this.backlog.shift()
      this.send(next.line, next.level)
    }
    for (const { line, level } of this.backlog.reports()) this.send(line, level)
    if (this.isIdle()) this.wake()
  }

  private isIdle(): boolean {
    return (this.inFlight === 0 && this.backlog.size === 0) || this.writable.closed === true
  }

  private wake(): void {
    const { waiters } = this
    this.waiters = []
    for (const resolve of waiters) resolve()
  }

  private end(reason: string): void {
    if (this.gone) return
    this.gone = true
    this.backlog.dropAll()
    warnOnce(`stream: ${reason}, nobody reads it any more; lines are dropped and counted from here on`)
    if (this.isIdle()) this.wake()
  }
}
