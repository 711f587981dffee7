import type { RangeOperator } from '../query.js'

/** The values of one series within a range, in the order of time; `times` in nanoseconds. */
export type Window = {
  readonly times: BigInt64Array
  readonly values: Float64Array
  readonly range: bigint
  readonly end: bigint
}

/** Aggregates the values of a window that has at least one. */
export type WindowAggregate = (window: Window) => number

/**
 * Returns how a window is aggregated. The order of additions, and the formulas of mean and variance, are Loki's, so that results
 * agree to the last bit.
 *
 * @param options.unwrapped  whether the values were unwrapped from a label; otherwise each is a line, or its bytes.
 */
export function windowAggregate(
  operator: RangeOperator,
  { parameter, unwrapped }: { readonly parameter: number | undefined; readonly unwrapped: boolean },
): WindowAggregate {
  switch (operator) {
    case 'count_over_time':
      return ({ values }) => values.length
    case 'rate':
      return ({ values, range }) => (unwrapped ? sum(values) : values.length) / secondsOf(range)
    case 'bytes_over_time':
    case 'sum_over_time':
      return ({ values }) => sum(values)
    case 'bytes_rate':
      return ({ values, range }) => sum(values) / secondsOf(range)
    case 'avg_over_time':
      return ({ values }) => mean(values)
    case 'min_over_time':
      return ({ values }) => values.reduce((least, value) => (value < least || Number.isNaN(least) ? value : least))
    case 'max_over_time':
      return ({ values }) => values.reduce((most, value) => (value > most || Number.isNaN(most) ? value : most))
    case 'stdvar_over_time':
      return ({ values }) => variance(values)
    case 'stddev_over_time':
      return ({ values }) => Math.sqrt(variance(values))
    case 'quantile_over_time':
      return ({ values }) => quantile(parameter ?? Number.NaN, values)
    case 'first_over_time':
      return ({ values }) => values[0] as number
    case 'last_over_time':
      return ({ values }) => values.at(-1) as number
    case 'rate_counter':
      return counterRate
    case 'absent_over_time':
      return () => 1
  }
}

/** Go's `Duration.Seconds`: whole seconds and the rest are converted apart. */
export function secondsOf(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000_000_000n) + Number(nanoseconds % 1_000_000_000n) / 1e9
}

function sum(values: Float64Array): number {
  let total = 0
  for (const value of values) total += value
  return total
}

function mean(values: Float64Array): number {
  let average = 0
  let count = 0
  for (const value of values) {
    count++
    // An infinite mean stays: to subtract from it would give NaN.
    if (isInfinite(average) && (value === average || Number.isFinite(value))) continue
    average += value / count - average / count
  }
  return average
}

function isInfinite(value: number): boolean {
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY
}

/** Welford's algorithm. */
function variance(values: Float64Array): number {
  let [squares, average, count] = [0, 0, 0]
  for (const value of values) {
    count++
    const delta = value - average
    average += delta / count
    squares += delta * (value - average)
  }
  return squares / count
}

function quantile(q: number, values: Float64Array): number {
  if (q < 0) return Number.NEGATIVE_INFINITY
  if (q > 1) return Number.POSITIVE_INFINITY
  const sorted = values.slice().sort((a, b) => (Number.isNaN(a) ? -1 : Number.isNaN(b) ? 1 : a - b))
  const rank = q * (sorted.length - 1)
  const lower = Math.max(0, Math.floor(rank))
  const upper = Math.min(sorted.length - 1, lower + 1)
  const weight = rank - Math.floor(rank)
  return (sorted[lower] as number) * (1 - weight) + (sorted[upper] as number) * weight
}

/**
 * The rate of a counter, with resets. Loki 3.7 takes over Prometheus' extrapolation with times in another unit: it counts the
 * range in milliseconds and the samples' times in microseconds, so that it adds a thousandth of the range at most. Later versions differ.
 */
function counterRate({ times, values, range }: Window): number {
  if (values.length < 2) return 0
  const [first, last] = [values[0] as number, values.at(-1) as number]
  let increase = last - first
  let previous = 0
  for (const value of values) {
    if (value < previous) increase += previous
    previous = value
  }
  const sampled = Number((times.at(-1) as bigint) - (times[0] as bigint)) / 1000
  const average = sampled / (values.length - 1)
  let toStart = Number(range / 1_000_000n) / 1000
  // A counter is not negative: it began no earlier than its slope crosses zero.
  if (increase > 0 && first >= 0) toStart = Math.min(toStart, sampled * (first / increase))
  const whole = sampled + (toStart < average * 1.1 ? toStart : average / 2)
  return (increase * (whole / sampled)) / secondsOf(range)
}
