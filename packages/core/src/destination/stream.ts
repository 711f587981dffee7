import type { Writable } from 'node:stream'
import { LEVELS } from '../levels/level.js'
import { warnOnce } from '../warn.js'
import { Backlog } from './backlog.js'
import type { Destination, LineMaker } from './destination.js'

export interface StreamOptions {
  /** What may wait while the stream takes nothing, in UTF-16 units; 16 MiB by default. */
  readonly maxQueuedBytes?: number
}

/**
 * Any Node stream: a socket, a gzip, another program's standard input. Its back-pressure is honoured: lines wait in a
 * bounded queue, the lowest level is dropped first. A stream has no synchronous way to be emptied, so what it has taken
 * but not sent is beyond `flushSync`.
 *
 * @throws TypeError when it is no writable stream.
 */
export function stream(writable: Writable, options: StreamOptions = {}): Destination {
  if (typeof (writable as Partial<Writable> | null)?.write !== 'function') {
    throw new TypeError(`stream(writable): got ${typeof writable}; accepted: a writable stream`)
  }
  return new StreamDestination(writable, options.maxQueuedBytes ?? 16 * 1024 * 1024)
}

class StreamDestination implements Destination {
  private readonly backlog: Backlog
  private blocked = false
  private ended = false
  private makeLine: LineMaker | undefined

  constructor(
    private readonly writable: Writable,
    maxQueuedBytes: number,
  ) {
    this.backlog = new Backlog(maxQueuedBytes)
    writable.on('drain', () => this.resume())
    writable.on('error', (error: NodeJS.ErrnoException) => this.end(error.code ?? error.name))
    writable.on('close', () => this.end('closed'))
  }

  write(line: string, level: number): void {
    if (this.ended || this.writable.destroyed || this.writable.writableEnded) this.backlog.countDropped(level)
    else if (this.blocked) this.backlog.add(line, level)
    else this.blocked = !this.writable.write(line)
  }

  async flush(): Promise<void> {
    while ((this.backlog.size > 0 || this.writable.writableLength > 0) && !this.ended) {
      await new Promise<void>((resolve) => {
        const done = () => {
          this.writable.off('drain', done).off('close', done).off('error', done)
          clearTimeout(poll)
          resolve()
        }
        // A stream below its high-water mark empties without a `drain`.
        const poll = setTimeout(done, 10)
        this.writable.on('drain', done).on('close', done).on('error', done)
      })
    }
  }

  flushSync(): void {
    this.resume()
  }

  async close(): Promise<void> {
    await this.flush()
    if (this.ended) return
    this.ended = true
    // Ending the process's own streams would throw.
    if (this.writable === process.stdout || this.writable === process.stderr) return
    await new Promise<void>((resolve) => this.writable.end(() => resolve()))
  }

  dropped(): Readonly<Record<string, number>> {
    return this.backlog.dropped
  }

  reportWith(makeLine: LineMaker): void {
    this.makeLine = makeLine
  }

  private resume(): void {
    this.blocked = false
    while (!this.blocked && !this.ended) {
      const line = this.backlog.shift()
      if (line === undefined) return this.report()
      this.blocked = !this.writable.write(line)
    }
  }

  private report(): void {
    const line = this.backlog.report(this.makeLine)
    if (line !== undefined) this.write(line, LEVELS.warn)
  }

  private end(reason: string): void {
    if (this.ended) return
    this.ended = true
    this.backlog.dropAll()
    warnOnce(`stream: ${reason}, nobody reads it any more; lines are dropped and counted from here on`)
  }
}
