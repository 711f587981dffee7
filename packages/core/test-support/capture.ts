import { createLogger } from '../src/create-logger.js'
import type { Logger } from '../src/logger/logger.js'
import type { LoggerOptions } from '../src/options.js'

/** A logger of nothing but the given options, and every line that reached its destination, newline included. */
export interface Capture {
  readonly log: Logger
  readonly lines: readonly string[]
  /** The lines parsed. */
  records(): Record<string, unknown>[]
  /** The last line parsed. */
  last(): Record<string, unknown>
}

export function capture(options: LoggerOptions = {}): Capture {
  const lines: string[] = []
  const destination = {
    write: (line: string) => {
      lines.push(line)
    },
    flush: async () => {},
    flushSync: () => {},
    close: async () => {},
  }
  const log = createLogger({ service: 'test', env: {}, destination, ...options })
  const records = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  return { log, lines, records, last: () => records().at(-1) ?? {} }
}
