import type { Destination } from './destination.js'

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
  clear(): void
}

export function memory(options: MemoryOptions = {}): MemoryDestination {
  const { maxLines = 100_000 } = options
  let lines: string[] = []
  let dropped = 0
  return {
    get lines() {
      return lines
    },
    get records() {
      return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    },
    clear() {
      lines = []
    },
    write(line) {
      lines.push(line.slice(0, -1))
      if (lines.length > maxLines) {
        lines.shift()
        dropped++
      }
    },
    async flush() {},
    flushSync() {},
    async close() {},
    dropped: () => (dropped === 0 ? {} : { forgotten: dropped }),
  }
}
