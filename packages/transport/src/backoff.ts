/** How long to wait between attempts. */
export interface RetryOptions {
  /** What the first wait is chosen below, in milliseconds; 500 by default. It doubles with every attempt. */
  readonly baseMs?: number
  /** What it doubles up to; 30,000 by default. */
  readonly maxMs?: number
}

/**
 * The wait before the next attempt: exponential, with full jitter, since thousands of processes lose the same store at the
 * same moment (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). What the server asked for is the
 * least, and the jitter comes on top of it.
 *
 * @param attempts How many have failed, from 1.
 */
export function backoffMs(
  attempts: number,
  { baseMs, maxMs }: Required<RetryOptions>,
  afterMs: number | undefined,
  random: () => number = Math.random,
): number {
  const jitter = random() * Math.min(maxMs, baseMs * 2 ** (attempts - 1))
  return afterMs === undefined ? jitter : afterMs + Math.min(jitter, baseMs)
}
