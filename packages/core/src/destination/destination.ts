import { isMainThread } from 'node:worker_threads'

/**
 * Where lines go. Anything with these four methods is one; the conformance suite of `@throughline/testing` says whether
 * it keeps the contract.
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
  /** Resolves when every line taken so far is written, or counted as dropped. */
  flush(): Promise<void>
  /** The same before it returns, as far as the outside lets it; called when the process ends. Must not throw. */
  flushSync(): void
  /** Writes what it has and lets go of what it holds. Lines taken later are counted as dropped. */
  close(): Promise<void>
  /** Lines that were dropped so far, by level label (`{ INFO: 12 }`). */
  dropped?(): Readonly<Record<string, number>>
  /**
   * Called once by the logger: gives the destination a way to make a line about itself ("Log lines dropped"), which it then
   * writes like any other.
   */
  reportWith?(makeLine: LineMaker): void
  /** What the lines end up in, where several destinations share it, as two do on standard output: a crash is told there once. */
  readonly sink?: object
}

/** Makes a whole line at WARN, in the logger's own format. */
export type LineMaker = (message: string, fields: Readonly<Record<string, unknown>>) => string

/**
 * When lines reach the descriptor. Under every policy warnings and worse are written before the call returns, with
 * everything that waits before them.
 *
 * - `line`: each line before its call returns. Nothing is ever in memory; a write a line is what it costs.
 * - `turn` (default): at the end of the event-loop turn, or when 16 KiB have gathered.
 * - `{ bytes, ms }`: when so many bytes have gathered, or after so many milliseconds.
 */
export type WritePolicy = 'line' | 'turn' | { readonly bytes: number; readonly ms: number }

/**
 * The policy, `turn` when none is given; in a worker thread `line`, since the end of the main thread ends it without a
 * chance to write anything.
 *
 * @throws TypeError naming the option when it is none of the three.
 */
export function checkPolicy(policy: WritePolicy | undefined, option: string): WritePolicy {
  if (policy === undefined) return isMainThread ? 'turn' : 'line'
  if (policy === 'line' || policy === 'turn') return policy
  const valid = typeof policy === 'object' && policy !== null && isPositive(policy.bytes) && isPositive(policy.ms)
  if (!valid) {
    throw new TypeError(
      `${option}: got ${typeof policy}; accepted: 'line', 'turn', or { bytes, ms } with positive numbers`,
    )
  }
  return policy
}

/** @throws TypeError naming the option when it is no bound. */
export function checkMaxQueued(maxQueued: number | undefined, option: string): number | undefined {
  if (maxQueued !== undefined && !isPositive(maxQueued)) {
    throw new TypeError(`${option}: got ${typeof maxQueued}; accepted: a positive number`)
  }
  return maxQueued
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value > 0
}
