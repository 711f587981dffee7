import { DDSketch } from '@datadog/sketches-js'

/** What DDSketch promises: a quantile is at most this share away from the value itself. */
export const RELATIVE_ERROR = 0.01

/** Durations in constant memory: count, sum and extremes as they are, quantiles to one percent. Weights are allowed for. */
export class Durations {
  count = 0
  sum = 0
  max = 0
  private readonly sketch = new DDSketch({ relativeAccuracy: RELATIVE_ERROR })

  /** @param weight How many durations this one stands for. */
  add(ms: number, weight: number): void {
    if (!Number.isFinite(ms) || !(weight > 0)) return
    this.count += weight
    this.sum += ms * weight
    this.max = Math.max(this.max, ms)
    this.sketch.accept(Math.max(0, ms), weight)
  }

  /** Durations of which only a summary is known: spread between its quantiles, so that these come out as they went in. */
  addSummary(summary: DurationSummary): void {
    const { count, sum, min, p50, p95, p99, max } = summary
    if (!(count > 0)) return
    this.count += count
    this.sum += sum
    this.max = Math.max(this.max, max)
    const knots = [
      { from: min, to: p50, percent: 50 },
      { from: p50, to: p95, percent: 45 },
      { from: p95, to: p99, percent: 4 },
      { from: p99, to: max, percent: 1 },
    ]
    for (const { from, to, percent } of knots) {
      const points = Math.ceil(percent / 5)
      for (let i = 1; i <= points; i++) {
        this.sketch.accept(Math.max(0, from + ((to - from) * i) / points), (count * percent) / 100 / points)
      }
    }
  }

  merge(other: Durations): void {
    this.count += other.count
    this.sum += other.sum
    this.max = Math.max(this.max, other.max)
    this.sketch.merge(other.sketch)
  }

  /** @param share From 0 to 1. */
  quantile(share: number): number {
    return this.count === 0 ? 0 : Math.min(this.max, this.sketch.getValueAtQuantile(share))
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
}
