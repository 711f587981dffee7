import { QuantileSketch } from 'throughline/internal'

/** Durations in constant memory: count, sum and extremes as they are, quantiles to one percent. Weights are allowed for. */
export class Durations {
  count = 0
  sum = 0
  max = 0
  /** Some of them are known only by a summary's quantiles, which cannot be added up: the quantiles are an estimate. */
  isEstimate = false
  private min = Number.POSITIVE_INFINITY
  private readonly sketch = new QuantileSketch()

  /** @param weight How many durations this one stands for. */
  add(ms: number, weight: number): void {
    if (!Number.isFinite(ms) || !(weight > 0)) return
    this.addTotals(weight, ms * weight, ms, ms)
    this.sketch.add(ms, weight)
  }

  /**
   * Durations of which a summary line tells: its sketch is added, or, where it has none, they are spread between its
   * quantiles, which is an estimate.
   */
  addSummary(summary: DurationSummary): void {
    const { count, sum, min, max } = summary
    if (!(count > 0)) return
    this.addTotals(count, sum, min, max)
    const sketch = typeof summary.sketch === 'string' ? QuantileSketch.decode(summary.sketch) : undefined
    if (sketch?.count === count) this.sketch.merge(sketch)
    else this.spread(summary)
  }

  merge(other: Durations): void {
    this.addTotals(other.count, other.sum, other.min, other.max)
    this.isEstimate ||= other.isEstimate
    this.sketch.merge(other.sketch)
  }

  /** @param share From 0 to 1. */
  quantile(share: number): number {
    return this.count === 0 ? 0 : Math.min(this.max, Math.max(this.min, this.sketch.quantile(share)))
  }

  private addTotals(count: number, sum: number, min: number, max: number): void {
    this.count += count
    this.sum += sum
    this.min = Math.min(this.min, min)
    this.max = Math.max(this.max, max)
  }

  private spread({ count, min, p50, p95, p99, max }: DurationSummary): void {
    this.isEstimate = true
    const knots = [
      { from: min, to: p50, percent: 50 },
      { from: p50, to: p95, percent: 45 },
      { from: p95, to: p99, percent: 4 },
      { from: p99, to: max, percent: 1 },
    ]
    for (const { from, to, percent } of knots) {
      const points = Math.ceil(percent / 5)
      for (let i = 1; i <= points; i++)
        this.sketch.add(from + ((to - from) * i) / points, (count * percent) / 100 / points)
    }
  }
}

/** In milliseconds, as a `Request summary` line has it. */
export interface DurationSummary {
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
  /** `duration_ms_sketch`, which lines of older versions lack. */
  readonly sketch: unknown
}
