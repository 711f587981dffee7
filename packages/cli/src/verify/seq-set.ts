/** Numbers to a chunk; a chunk that is full is one entry in a map. */
const CHUNK = 4096
const WORDS = CHUNK / 32

/** More chunks with holes than this (100 MiB of them) come from numbers that are not a logger's. */
const MOST_OPEN = 200_000

/** How many chunks with holes there are, of all processes. */
export interface OpenChunks {
  count: number
}

/** From and to, both included. */
export interface Range {
  readonly from: number
  readonly to: number
}

/**
 * Which of a process's numbers were seen, in whatever order the files have them: a bit for each where there are holes, and
 * nearly nothing where there are none.
 */
export class SeqSet {
  private readonly chunks = new Map<number, { readonly bits: Uint32Array; count: number } | 'full'>()
  size = 0
  first = Number.POSITIVE_INFINITY
  last = 0

  constructor(private readonly open: OpenChunks = { count: 0 }) {}

  /** @returns whether the number is new; `undefined` when it cannot be one of a logger's. */
  add(seq: number): boolean | undefined {
    if (!Number.isSafeInteger(seq) || seq < 1) return undefined
    const index = Math.floor((seq - 1) / CHUNK)
    let chunk = this.chunks.get(index)
    if (chunk === 'full') return false
    if (chunk === undefined) {
      if (this.open.count >= MOST_OPEN) return undefined
      this.open.count++
      chunk = { bits: new Uint32Array(WORDS), count: 0 }
      this.chunks.set(index, chunk)
    }
    const at = (seq - 1) % CHUNK
    const mask = 1 << (at & 31)
    const word = chunk.bits[at >> 5] ?? 0
    if ((word & mask) !== 0) return false
    chunk.bits[at >> 5] = word | mask
    this.size++
    if (seq < this.first) this.first = seq
    if (seq > this.last) this.last = seq
    if (++chunk.count === CHUNK) {
      this.chunks.set(index, 'full')
      this.open.count--
    }
    return true
  }

  /** The numbers between two that are not in it, as ranges from the lowest. */
  *missing(from: number, to: number): Generator<Range> {
    let start: number | undefined
    for (let seq = from; seq <= to; ) {
      const index = Math.floor((seq - 1) / CHUNK)
      const chunk = this.chunks.get(index)
      const chunkEnd = Math.min(to, (index + 1) * CHUNK)
      if (chunk === undefined) {
        start ??= seq
        seq = chunkEnd + 1
        continue
      }
      for (; seq <= chunkEnd; seq++) {
        const at = (seq - 1) % CHUNK
        // Numbers that are missing by the million are passed over by the word.
        if ((at & 31) === 0 && seq + 31 <= chunkEnd && chunk !== 'full' && chunk.bits[at >> 5] === 0) {
          start ??= seq
          seq += 31
          continue
        }
        const isHere = chunk === 'full' || ((chunk.bits[at >> 5] ?? 0) & (1 << (at & 31))) !== 0
        if (!isHere) start ??= seq
        else if (start !== undefined) {
          yield { from: start, to: seq - 1 }
          start = undefined
        }
        if (chunk === 'full') {
          seq = chunkEnd + 1
          break
        }
      }
    }
    if (start !== undefined) yield { from: start, to }
  }
}
