/** A quantile is at most this share away from a value of that rank. */
const RELATIVE_ERROR = 0.01
/** Each bucket ends so many times higher than the one below it (DDSketch, https://arxiv.org/abs/1908.10693, section 2.2). */
const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
const GAMMA_LOGARITHM = Math.log(GAMMA)
/** Values below it count as 0: a microsecond, where the values are milliseconds. */
const LEAST = 0.001
/** Values above it count as this one: 31 years in milliseconds. A bound on the number of buckets (1,728). */
const MOST = 1e12
const MOST_BUCKETS = Math.ceil(Math.log(MOST / LEAST) / GAMMA_LOGARITHM) + 1
/** Number of buckets that are allocated at a time. */
const CHUNK = 32

/** Characters of an encoded sketch at most. */
export const LONGEST_SKETCH = 1024

/**
 * Any number of durations as counts in buckets whose width grows with their value: quantiles are within 1 %, and sketches of
 * several processes or minutes add up to the sketch of all of them, which quantiles themselves never do.
 *
 * This is DDSketch with a logarithmic mapping: bucket `i` holds the values from 0.001 × γ^(i−1), without it, to 0.001 × γ^i, where γ =
 * 1.01 / 0.99. Counts need not be whole, except to be encoded.
 */
export class QuantileSketch {
  count = 0
  /** Values under `LEAST`. */
  private zeros = 0
  /** Counts of the buckets from `first` on. */
  private counts = new Float64Array(0)
  private first = 0

  /**
   * @param value Negative ones count as 0; what is no number is left out.
   * @param weight How many values this one stands for.
   */
  add(value: number, weight = 1): void {
    if (Number.isNaN(value) || !(weight > 0)) return
    this.count += weight
    if (value < LEAST) this.zeros += weight
    else this.addTo(bucketOf(value), weight)
  }

  merge(other: QuantileSketch): void {
    this.count += other.count
    this.zeros += other.zeros
    for (let i = 0; i < other.counts.length; i++) {
      const count = other.counts[i] ?? 0
      if (count > 0) this.addTo(other.first + i, count)
    }
  }

  /**
   * The value that this share of all values is not above, within 1 %; 0 where there are none.
   *
   * @param share From 0 to 1.
   */
  quantile(share: number): number {
    const rank = share * (this.count - 1)
    let below = this.zeros
    if (this.count === 0 || below > rank) return 0
    let last = 0
    for (let i = 0; i < this.counts.length; i++) {
      const count = this.counts[i] ?? 0
      if (count === 0) continue
      below += count
      last = this.first + i
      if (below > rank) break
    }
    return middleOf(last)
  }

  /**
   * The sketch as text of at most 1,024 characters, in an alphabet that needs no escape in JSON and that no detector of secrets
   * can take for one (no digits, capitals, `-`, `_`, `=`, `:`, `/` or `.`).
   *
   * Where it does not fit, the lowest buckets are joined into one, so that the quantiles above it stay within 1 % and those in it
   * come out too high. Any 330 neighbouring buckets (values from 1 ms to 0.7 s) fit, with up to 10,000 values in each.
   */
  encode(): string {
    const [dense, sparse] = [this.encodeAs('d'), this.encodeAs('s')]
    // The one that joins less; of two that are whole, the shorter.
    if (dense.joined !== sparse.joined) return dense.joined < sparse.joined ? dense.text : sparse.text
    return dense.text.length <= sparse.text.length ? dense.text : sparse.text
  }

  /** What `encode` made; `undefined` for anything else, such as a text that was cut. */
  static decode(text: string): QuantileSketch | undefined {
    const layout = text[0]
    if ((layout !== 'd' && layout !== 's') || text.length > LONGEST_SKETCH) return undefined
    const reader = new SymbolReader(text, 1)
    const sketch = new QuantileSketch()
    sketch.zeros = reader.number()
    sketch.count = sketch.zeros
    const total = reader.number()
    // One over the highest, and then further and further down.
    let bucket = reader.number()
    while (!reader.isAtEnd && reader.isValid) {
      const { gap, count } = layout === 'd' ? reader.dense() : reader.sparse()
      bucket -= gap + 1
      if (bucket < 0 || bucket >= MOST_BUCKETS) return undefined
      sketch.count += count
      if (count > 0) sketch.addTo(bucket, count)
    }
    return reader.isValid && sketch.count === total ? sketch : undefined
  }

  /** From the highest bucket down, so that the lowest are the ones that may not fit. */
  private encodeAs(layout: 'd' | 's'): { readonly text: string; readonly joined: number } {
    const write = layout === 'd' ? denseText : sparseText
    let above = this.first + this.counts.length
    while (above > this.first && (this.counts[above - 1 - this.first] ?? 0) === 0) above--
    let text = layout + numberText(this.zeros) + numberText(this.count) + numberText(above)
    let left = this.count - this.zeros
    for (let bucket = above - 1; left > 0; bucket--) {
      const count = this.counts[bucket - this.first] ?? 0
      if (count === 0) continue
      const own = write(above - bucket - 1, count)
      // What would be left is joined here, unless there is room for both this bucket and a joined one below it.
      const isLast = left === count
      if (!isLast && text.length + own.length + LONGEST_BUCKET > LONGEST_SKETCH)
        return { text: text + write(above - bucket - 1, left), joined: left }
      text += own
      left -= count
      above = bucket
    }
    return { text, joined: 0 }
  }

  private addTo(bucket: number, weight: number): void {
    const at = bucket - this.first
    if (at < 0 || at >= this.counts.length) this.grow(bucket)
    const index = bucket - this.first
    this.counts[index] = (this.counts[index] ?? 0) + weight
  }

  private grow(bucket: number): void {
    const isEmpty = this.counts.length === 0
    const from = isEmpty ? bucket : Math.min(this.first, bucket)
    const to = isEmpty ? bucket + 1 : Math.max(this.first + this.counts.length, bucket + 1)
    const first = Math.floor(from / CHUNK) * CHUNK
    const larger = new Float64Array(Math.ceil((to - first) / CHUNK) * CHUNK)
    if (!isEmpty) larger.set(this.counts, this.first - first)
    this.counts = larger
    this.first = first
  }
}

function bucketOf(value: number): number {
  return Math.max(0, Math.ceil(Math.log(Math.min(value, MOST) / LEAST) / GAMMA_LOGARITHM))
}

/** The value that is 1 % from both ends of a bucket. */
function middleOf(bucket: number): number {
  return (LEAST * 2 * GAMMA ** bucket) / (GAMMA + 1)
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz!#$()*+,;?[]^`{|}~'
/** Of a symbol, half says that the number goes on. */
const HALF = ALPHABET.length / 2
/** A symbol of the sparse layout: up to two empty buckets and up to ten values, else what exceeds them follows. */
const [MOST_GAP, MOST_COUNT] = [3, 10]
/** The most that one bucket takes: its symbol, a gap, and a count up to 2^53. */
const LONGEST_BUCKET = 1 + 3 + 12

/** A whole number, the lowest digits first. */
function numberText(value: number): string {
  let rest = value
  let text = ''
  for (; rest >= HALF; rest = Math.floor(rest / HALF)) text += ALPHABET[HALF + (rest % HALF)]
  return text + ALPHABET[rest]
}

/** For neighbouring buckets with many values: the count; empty buckets are a 0 and how many there are. */
function denseText(gap: number, count: number): string {
  return (gap === 0 ? '' : numberText(0) + numberText(gap)) + numberText(count)
}

/** For buckets far apart with few values: one symbol for both. */
function sparseText(gap: number, count: number): string {
  const [g, c] = [Math.min(gap, MOST_GAP), Math.min(count - 1, MOST_COUNT)]
  const symbol = ALPHABET[g * (MOST_COUNT + 1) + c] ?? ''
  return symbol + (g === MOST_GAP ? numberText(gap - g) : '') + (c === MOST_COUNT ? numberText(count - 1 - c) : '')
}

/** Reads what the functions above wrote. */
class SymbolReader {
  isValid = true

  constructor(
    private readonly text: string,
    private at: number,
  ) {}

  get isAtEnd(): boolean {
    return this.at >= this.text.length
  }

  number(): number {
    let value = 0
    for (let factor = 1; this.isValid; factor *= HALF) {
      const symbol = this.symbol()
      value += (symbol % HALF) * factor
      if (symbol < HALF) break
    }
    if (!Number.isSafeInteger(value)) this.isValid = false
    return value
  }

  dense(): { readonly gap: number; readonly count: number } {
    const first = this.number()
    return first === 0 ? { gap: this.number(), count: this.number() } : { gap: 0, count: first }
  }

  sparse(): { readonly gap: number; readonly count: number } {
    const symbol = this.symbol()
    const [g, c] = [Math.floor(symbol / (MOST_COUNT + 1)), symbol % (MOST_COUNT + 1)]
    const gap = g === MOST_GAP ? g + this.number() : g
    return { gap, count: 1 + (c === MOST_COUNT ? c + this.number() : c) }
  }

  private symbol(): number {
    const symbol = this.isAtEnd ? -1 : ALPHABET.indexOf(this.text[this.at++] ?? '')
    if (symbol !== -1) return symbol
    this.isValid = false
    return 0
  }
}
