import { timeOf } from '@throughline/cli/reader'

/** What 63 bits of nanoseconds hold, in milliseconds: from 1677 to 2262. */
const MOST_MS = 9_223_372_036_854

/** A timestamp as nanoseconds since the epoch, with the digits that it has beyond milliseconds; `undefined` when it is none. */
export function nanosecondsOf(timestamp: unknown): bigint | undefined {
  const ms = timeOf(timestamp)
  if (ms === undefined || Math.abs(ms) >= MOST_MS) return undefined
  const digits = /[T ]\d\d:\d\d:\d\d[.,](\d{4,9})/.exec(String(timestamp))?.[1]
  const ns = digits === undefined ? 0n : BigInt(digits.padEnd(9, '0').slice(3))
  return BigInt(ms) * 1_000_000n + ns
}
