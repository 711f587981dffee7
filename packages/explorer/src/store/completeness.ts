import type { LogStore } from './log-store.js'

/** What the lines themselves say of lines that are not there. */
export interface Completeness {
  /** Numbers of processes that no line has; `undefined` where no line is numbered. */
  readonly missing: number | undefined
  /** Lines that sampling left out, by the loggers' own counters. */
  readonly sampledOut: number
  /** Lines that destinations could not take, likewise. */
  readonly dropped: number
  /** The times of the first and the last line, in nanoseconds since the epoch. */
  readonly from: bigint | undefined
  readonly to: bigint | undefined
}

/** Asks the table. Numbers that are missing before a process's first line are not: files are often a part of a longer log. */
export async function completenessOf(store: LogStore): Promise<Completeness> {
  const [numbers] = await store.rows(`select count(*) as boots, coalesce(sum(missing), 0) as missing from (
    select boot, max(number) - min(number) + 1 - count(distinct number) as missing
    from lines where boot is not null and number is not null group by boot)`)
  // Each line of counters goes on from the one before: the last one of a process has all.
  const [counters] =
    await store.rows(`select coalesce(sum(sampled_out), 0) as sampled_out, coalesce(sum(dropped), 0) as dropped from (
    select boot, max(try_cast(json_extract_string(line, '$.sampled_out') as bigint)) as sampled_out,
      max(try_cast(json_extract_string(line, '$.dropped') as bigint)) as dropped
    from lines where contains(line, '"message":"Log stats"') and contains(line, '"log_type":"logger"') and json_valid(line) group by boot)`)
  const [times] = await store.rows('select min(ts) as low, max(ts) as high from lines')
  return {
    missing: Number(numbers?.boots ?? 0) === 0 ? undefined : Number(numbers?.missing),
    sampledOut: Number(counters?.sampled_out ?? 0),
    dropped: Number(counters?.dropped ?? 0),
    from: nanoseconds(times?.low),
    to: nanoseconds(times?.high),
  }
}

function nanoseconds(value: unknown): bigint | undefined {
  return value === null || value === undefined ? undefined : BigInt(String(value))
}
