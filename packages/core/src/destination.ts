/**
 * What a destination is, and what one of your own stands on, as `@throughline/transport` does: the bounded queue that drops
 * the lowest level first, the counter of dropped lines that reports them, whether the process is about to end, and `ownTraffic`
 * for one that sends to another server.
 *
 * @module throughline/destination
 */
import type { LineMaker } from './destination/drop-counter.js'
import type { FlushOptions } from './destination/flush-options.js'
import type { TransportHealth } from './destination/transport-health.js'

export { ownTraffic } from './context/own-traffic.js'
export { DropCounter, type LineMaker, levelLabel } from './destination/drop-counter.js'
export { isEnding } from './destination/exit.js'
export { DEFAULT_TIMEOUT_MS, doneWithin, type FlushOptions, timeoutOf } from './destination/flush-options.js'
export { refuseLate } from './destination/late-line.js'
export { Queue, type QueuedLine } from './destination/queue.js'
export { writesNoLines } from './destination/shared-pipe.js'
export type { TransportHealth } from './destination/transport-health.js'
export { warnOnce } from './warn.js'

/**
 * Where lines go. Anything with `write`, `flush`, `flushSync` and `close` is one; `testDestination` of `@throughline/testing`
 * checks that it keeps the contract.
 */
export interface Destination {
  /**
   * Takes one line. Called for every line, in order; must neither throw nor wait for anything slow.
   *
   * @param line One JSON object and its newline.
   * @param level The level's number (10 trace … 60 fatal; 70 for `audit`): a full queue drops the lowest first, and lines
   *   of 40 (warn) and more are written at once.
   */
  write(line: string, level: number): void
  /** Resolves when every line taken so far is written or counted as dropped, or when the time is over. */
  flush(options?: FlushOptions): Promise<void>
  /** Blocks until everything is written or the timeout expires. Called when the process ends. Must not throw. */
  flushSync(options?: FlushOptions): void
  /** Writes what it has and releases what it holds. Later lines are counted as dropped. */
  close(options?: FlushOptions): Promise<void>
  /** Lines that were dropped so far, by level label (`{ INFO: 12 }`). */
  dropped?(): Readonly<Record<string, number>>
  /** The state of the stores that it sends lines to: `transports` of `logger.stats()`. */
  health?(): readonly TransportHealth[]
  /** How long its `close` may take when the caller gives no time, in milliseconds; 5,000 by default. */
  readonly closeTimeoutMs?: number | undefined
  /**
   * Called once by the logger: gives the destination a way to make a line about itself ("Log lines dropped"), which it then
   * writes like any other.
   */
  reportWith?(makeLine: LineMaker): void
  /** What the lines end up in, where several destinations share it, as two do on standard output: a crash is logged there once. */
  readonly target?: object
  /**
   * Called once by a logger without a `maxLineBytes` of its own: the destination calls `limit` when longer lines cannot be written
   * whole, at once or later, as when other processes write to the same pipe.
   */
  limitLines?(limit: (maxLineBytes: number) => void): void
  /** Whether a person reads it on a terminal: `pretty` has colors there. */
  readonly isTerminal?: boolean
}
