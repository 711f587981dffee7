import { propertyOf } from '../check-options.js'

/** Options of `flush`, `flushSync` and `close`. */
export interface FlushOptions {
  /**
   * How long it may take, in milliseconds; 5,000 by default. What is not written then is reported on standard error, and
   * `close` counts it as dropped.
   */
  readonly timeoutMs?: number
}

/** How long a flush or a close may take unless the application says otherwise. */
export const DEFAULT_TIMEOUT_MS = 5_000
/** Node's longest timer; a longer one fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** The option `timeoutMs`; its default where it is missing or no time, since a flush must not throw. */
export function timeoutOf(options: FlushOptions | undefined): number {
  const given = options === undefined ? undefined : propertyOf(options, 'timeoutMs')
  return typeof given === 'number' && given >= 0 ? Math.min(given, MAX_TIMER_MS) : DEFAULT_TIMEOUT_MS
}

/**
 * Waits for work that another's code does, but a bounded time.
 *
 * @returns whether it was done in time.
 * @throws what the work throws in time.
 */
export async function doneWithin(timeoutMs: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.min(timeoutMs, MAX_TIMER_MS))
  })
  try {
    return await Promise.race([work.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}
