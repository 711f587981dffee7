/** As many as a plot can show on a wide screen, twice over. */
const MOST_BUCKETS = 240

/** How much happened when, however long the time turns out to be: buckets are joined two by two as it grows. */
export class Timeline {
  private readonly buckets = new Map<number, number>()
  private bucketMs = 1000
  private least = Number.POSITIVE_INFINITY
  private most = Number.NEGATIVE_INFINITY

  add(time: number, weight: number): void {
    this.least = Math.min(this.least, time)
    this.most = Math.max(this.most, time)
    while ((this.most - this.least) / this.bucketMs > MOST_BUCKETS) this.join()
    const bucket = Math.floor(time / this.bucketMs)
    this.buckets.set(bucket, (this.buckets.get(bucket) ?? 0) + weight)
  }

  /** So many sums over equal spans of the time, first to last. */
  columns(count: number): readonly number[] {
    if (this.buckets.size === 0) return []
    const first = Math.floor(this.least / this.bucketMs)
    const spans = Math.floor(this.most / this.bucketMs) - first + 1
    const columns = new Array<number>(Math.min(count, spans)).fill(0)
    for (const [bucket, weight] of this.buckets) {
      const at = Math.min(columns.length - 1, Math.floor(((bucket - first) / spans) * columns.length))
      columns[at] = (columns[at] ?? 0) + weight
    }
    return columns
  }

  private join(): void {
    const before = [...this.buckets]
    this.buckets.clear()
    this.bucketMs *= 2
    for (const [bucket, weight] of before) {
      const half = Math.floor(bucket / 2)
      this.buckets.set(half, (this.buckets.get(half) ?? 0) + weight)
    }
  }
}
