/** How much a query may ask for. The defaults are Loki's. */
export type Limits = {
  /** Lines that `limit` may ask for. Default 5000. */
  readonly entries: number
  /** Series of an answer. Default 500. */
  readonly series: number
  /** Nanoseconds between `start` and `end`. Default 30 days and an hour. */
  readonly length: bigint
  /** Steps of a range query. Default 11000. */
  readonly points: number
}

/** Loki's own limits, where it has them by default. */
export const defaultLimits: Limits = {
  entries: 5000,
  series: 500,
  length: 721n * 3_600_000_000_000n,
  points: 11_000,
}
