/** Beyond the limit, one in so many still passes, so that a long flood stays visible ("first n, then one in m"). */
const ONE_IN = 100
/** More different things than this in one second are counted together. */
const MOST_KEYS = 1000

/** Limits how often the same thing is said in a second, as zap's and zerolog's samplers do. */
export class RateLimit {
  private second = 0
  private counts = new Map<string, number>()

  constructor(private readonly perSecond: number) {}

  /** Whether this one passes. */
  passes(key: string, ms: number): boolean {
    const second = Math.floor(ms / 1000)
    if (second !== this.second) {
      this.second = second
      this.counts = new Map()
    }
    const known = this.counts.has(key) || this.counts.size < MOST_KEYS ? key : ''
    const count = (this.counts.get(known) ?? 0) + 1
    this.counts.set(known, count)
    return count <= this.perSecond || (count - this.perSecond) % ONE_IN === 0
  }
}
