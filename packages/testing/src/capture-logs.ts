import { createLogger, type Destination, type Logger, type LoggerOptions, memory } from 'throughline'
import type { LogRecord } from './log-record.js'
import { describe, type LogMatch, matches } from './match.js'

/** The options of `captureLogs`. */
export interface CaptureOptions {
  /** How long `waitFor` waits by default, in milliseconds; 1,000. */
  readonly timeoutMs?: number
}

/** Lines of a test, as records. Works in any test runner: it knows none. */
export interface CapturedLogs {
  /** For `createLogger({ destination })`, where the code under test takes a logger or its options. */
  readonly destination: Destination
  /** What was logged so far, in order. */
  readonly records: readonly LogRecord[]
  /** A logger that writes here and reads no environment, so that a `LOG_LEVEL` of the runner changes no test. */
  createLogger(options?: LoggerOptions): Logger
  /** Forgets what was logged so far. */
  clear(): void
  /** The first record that matches. */
  find(match: LogMatch): LogRecord | undefined
  /** All records that match. */
  filter(match: LogMatch): readonly LogRecord[]
  /**
   * Resolves with the first record that matches, logged already or later.
   *
   * @throws when none comes in time, with what was logged instead.
   */
  waitFor(match: LogMatch, options?: { readonly timeoutMs?: number }): Promise<LogRecord>
  /** Forgets the lines: `using logs = captureLogs()`. */
  [Symbol.dispose](): void
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}

interface Waiter {
  readonly match: LogMatch
  readonly resolve: (record: LogRecord) => void
}

/**
 * Captures lines for a test.
 *
 * @example
 * ```ts
 * using logs = captureLogs()
 * const log = logs.createLogger({ service: 'shop' })
 * log.warn('Stock is low', { sku: 'A-7' })
 * logs.find({ level: 'WARN', sku: 'A-7' })
 * ```
 */
export function captureLogs({ timeoutMs = 1_000 }: CaptureOptions = {}): CapturedLogs {
  const kept = memory()
  const waiters = new Set<Waiter>()
  const records = () => kept.records as readonly LogRecord[]
  const destination: Destination = {
    ...methodsOf(kept),
    write(line, level) {
      kept.write(line, level)
      const record = JSON.parse(line) as LogRecord
      for (const waiter of waiters) if (matches(record, waiter.match)) waiter.resolve(record)
    },
  }
  return {
    destination,
    get records() {
      return records()
    },
    createLogger: (options = {}) => createLogger({ env: {}, ...options, destination }),
    clear: () => kept.clear(),
    find: (match) => records().find((record) => matches(record, match)),
    filter: (match) => records().filter((record) => matches(record, match)),
    waitFor: (match, options = {}) => {
      const found = records().find((record) => matches(record, match))
      if (found !== undefined) return Promise.resolve(found)
      return waitFor(waiters, match, options.timeoutMs ?? timeoutMs, records)
    },
    [Symbol.dispose]: () => kept.clear(),
    [Symbol.asyncDispose]: async () => kept.clear(),
  }
}

/** The methods of a memory destination without its getters, which a spread would call. */
function methodsOf({ flush, flushSync, close }: Destination): Omit<Destination, 'write'> {
  return { flush, flushSync, close }
}

function waitFor(
  waiters: Set<Waiter>,
  match: LogMatch,
  timeoutMs: number,
  records: () => readonly LogRecord[],
): Promise<LogRecord> {
  return new Promise((resolve, reject) => {
    const waiter: Waiter = {
      match,
      resolve: (record) => {
        clearTimeout(timer)
        waiters.delete(waiter)
        resolve(record)
      },
    }
    waiters.add(waiter)
    const timer = setTimeout(() => {
      waiters.delete(waiter)
      reject(new Error(`no record matched ${describe(match)} within ${timeoutMs} ms; ${summary(records())}`))
    }, timeoutMs)
  })
}

/** What was logged, short: for a failure's message. */
export function summary(records: readonly LogRecord[]): string {
  if (records.length === 0) return 'nothing was logged'
  const lines = records.slice(-10).map(({ level, message }) => `  ${level} ${message}`)
  return `${records.length} were logged, the last of them:\n${lines.join('\n')}`
}
