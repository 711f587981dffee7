import * as timers from 'node:timers'
import { createLogger, type Destination, type Logger, type LoggerOptions } from 'throughline'
import type { LogRecord } from './log-record.js'
import { checkMatch, describe, type LogMatch, matches } from './match.js'

/** Node's own, as they are now: where a test has the global ones replaced (`vi.useFakeTimers()`), waiting still ends. */
const { setTimeout, clearTimeout } = timers

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
   * @throws when none comes in time, with what was logged instead; what a condition throws is thrown too.
   */
  waitFor(match: LogMatch, options?: { readonly timeoutMs?: number }): Promise<LogRecord>
  /** Forgets the lines: `using logs = captureLogs()`. */
  [Symbol.dispose](): void
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}

/** One who waits, and is shown each record. */
type Waiter = (record: LogRecord) => void

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
  const records: LogRecord[] = []
  const waiters = new Set<Waiter>()
  const destination: Destination = {
    write(line) {
      const record = JSON.parse(line) as LogRecord
      records.push(record)
      for (const show of waiters) show(record)
    },
    async flush() {},
    flushSync() {},
    async close() {},
  }
  const clear = () => {
    records.length = 0
  }
  return {
    destination,
    get records() {
      return [...records]
    },
    createLogger: (options = {}) => createLogger({ env: {}, ...options, destination }),
    clear,
    find: (match) => records.find(matching(match)),
    filter: (match) => records.filter(matching(match)),
    waitFor: async (match, options = {}) =>
      records.find(matching(match)) ?? (await comes(waiters, match, options.timeoutMs ?? timeoutMs, records)),
    [Symbol.dispose]: clear,
    [Symbol.asyncDispose]: async () => clear(),
  }
}

function matching(match: LogMatch): (record: LogRecord) => boolean {
  checkMatch(match)
  return (record) => matches(record, match)
}

function comes(
  waiters: Set<Waiter>,
  match: LogMatch,
  timeoutMs: number,
  records: readonly LogRecord[],
): Promise<LogRecord> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      clearTimeout(timer)
      waiters.delete(show)
    }
    // A condition that throws does it within a logging call, which is not the place to hear of it.
    const show: Waiter = (record) => {
      try {
        if (!matches(record, match)) return
        leave()
        resolve(record)
      } catch (error) {
        leave()
        reject(error)
      }
    }
    const timer = setTimeout(() => {
      leave()
      reject(new Error(`no record matched ${describe(match)} within ${timeoutMs} ms; ${summary(records)}`))
    }, timeoutMs)
    waiters.add(show)
  })
}

/** What was logged, short: for a failure's message. */
export function summary(records: readonly LogRecord[]): string {
  if (records.length === 0) return 'nothing was logged'
  const lines = records.slice(-10).map(({ level, message }) => `  ${level} ${message}`)
  return `${records.length} were logged, the last of them:\n${lines.join('\n')}`
}
