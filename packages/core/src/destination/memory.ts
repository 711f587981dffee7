import { checkOptions } from '../check-options.js'
import type { Destination } from '../destination.js'
import { DropCounter } from './drop-counter.js'

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
  /** Removes every line. */
  clear(): void
}

/**
 * Keeps lines in memory.
 *
 * @throws TypeError for an option that cannot be used.
 */
export function memory(options: MemoryOptions = {}): MemoryDestination {
  const maxLines = checkOptions('memory', options, ['maxLines']).number('maxLines', 100_000, { least: 1, whole: true })
  const drops = new DropCounter()
  let lines: string[] = []
  let levels: number[] = []
  let dropped = 0
  /** Removing one line from the front of many moves the rest: so some more are kept, hidden, and removed together. */
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
      drops.count(levels[dropped++] as number)
      if (dropped > maxLines) trim()
    },
    async flush() {},
    flushSync() {},
    async close() {},
    dropped: () => drops.byLevel,
  }
}
