import { checkKnown, refused } from '../refusal.js'
import type { Destination } from './destination.js'
import { Tally } from './tally.js'

/** The options of `memory`. */
export interface MemoryOptions {
  /** How many lines are kept; the oldest go first, and are counted. 100,000 by default. */
  readonly maxLines?: number
}

/** Lines in memory, for tests and for showing the last of them. */
export interface MemoryDestination extends Destination {
  /** The lines as written, without their newlines. */
  readonly lines: readonly string[]
  /** The lines parsed. */
  readonly records: readonly Record<string, unknown>[]
  /** Lets go of every line, and of the count of those dropped. */
  clear(): void
}

/** @throws TypeError for a bound that is none. */
export function memory(options: MemoryOptions = {}): MemoryDestination {
  checkKnown('memory', options, ['maxLines'])
  const { maxLines = 100_000 } = options
  if (!Number.isInteger(maxLines) || maxLines < 1) {
    throw refused('memory({ maxLines })', maxLines, 'a whole number from 1')
  }
  const tally = new Tally()
  let lines: string[] = []
  let levels: number[] = []
  let dropped = 0
  /** Taking one line from the front of many moves the rest: so some more are kept, unseen, and go together. */
  const trim = () => {
    lines = lines.slice(dropped)
    levels = levels.slice(dropped)
    dropped = 0
  }
  return {
    get lines() {
      if (dropped > 0) trim()
      return lines
    },
    get records() {
      return this.lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    },
    clear() {
      lines = []
      levels = []
      dropped = 0
    },
    write(line, level) {
      lines.push(line.slice(0, -1))
      levels.push(level)
      if (lines.length - dropped <= maxLines) return
      tally.count(levels[dropped++] as number)
      if (dropped > maxLines) trim()
    },
    async flush() {},
    flushSync() {},
    async close() {},
    dropped: () => tally.byLevel,
  }
}
