/** Bytes read at a time: large enough that the calls do not count, small enough for the processor's caches. */
const BLOCK_BYTES = 1024 * 1024

/** The longest line that is kept whole: far over any log line, and a bound on memory whatever the file is. */
const LONGEST_LINE_BYTES = 32 * 1024 * 1024
/** What is kept of a longer one: no record any more, but enough to recognize it. */
const KEPT_BYTES = 4096

/** Some whole lines of a source. */
export interface Block {
  /** The lines, each with its newline; only the last of a source may lack it. Valid until the next block is asked for. */
  readonly bytes: Buffer
  /** How many bytes of the source precede it (of its content, where it is compressed). */
  readonly offset: number
}

/**
 * Bytes as they come become blocks of whole lines. Two buffers take turns: while one is looked at, the other is filled,
 * behind the start of the line that the first one ended in.
 */
export class BlockAssembler {
  private buffer: Buffer
  private spare: Buffer
  /** Bytes at the front that belong to a line whose end has not come. */
  private held = 0
  private offset = 0
  /** A line that is too long was cut, and its rest is passed over. */
  private skipping = false

  /** @param bytes How large a block is, where lines are no longer. */
  constructor(bytes = BLOCK_BYTES) {
    this.buffer = Buffer.allocUnsafeSlow(bytes)
    this.spare = Buffer.allocUnsafeSlow(bytes)
  }

  /** Where the next bytes go; never empty. */
  get room(): Buffer {
    return this.buffer.subarray(this.held)
  }

  /** So many bytes were put into the room: the lines that are whole now. */
  take(count: number): Block | undefined {
    const end = this.held + count
    if (this.skipping) return this.skip(end)
    if (this.buffer[0] === 0) return this.skipNuls(end)
    const last = this.buffer.subarray(this.held, end).lastIndexOf(10)
    if (last === -1) return this.grow(end)
    return this.cut(this.held + last + 1, end)
  }

  /** The source has ended: what is left is a line without a newline. */
  end(): Block | undefined {
    return this.held === 0 || this.skipping ? undefined : this.cut(this.held, this.held)
  }

  private cut(whole: number, end: number): Block {
    const { buffer, offset } = this
    if (this.spare.length < buffer.length) this.spare = Buffer.allocUnsafeSlow(buffer.length)
    buffer.copy(this.spare, 0, whole, end)
    this.buffer = this.spare
    this.spare = buffer
    this.held = end - whole
    this.offset += whole
    return { bytes: buffer.subarray(0, whole), offset }
  }

  private grow(end: number): Block | undefined {
    this.held = end
    if (end < this.buffer.length) return undefined
    if (this.buffer.length >= LONGEST_LINE_BYTES) {
      this.skipping = true
      const { bytes, offset } = this.cut(end, end)
      return { bytes: bytes.subarray(0, KEPT_BYTES), offset }
    }
    const larger = Buffer.allocUnsafeSlow(this.buffer.length * 2)
    this.buffer.copy(larger, 0, 0, end)
    this.buffer = larger
    return undefined
  }

  /**
   * Passes over the NULs that a line begins with. A file that was cut while its writer went on at its old place has them, by the
   * gigabyte.
   */
  private skipNuls(end: number): Block | undefined {
    let at = 0
    while (at < end && this.buffer[at] === 0) at++
    this.offset += at
    this.buffer.copyWithin(0, at, end)
    this.held = 0
    return at === end ? undefined : this.take(end - at)
  }

  /** Passes over the rest of a line that was cut. */
  private skip(end: number): Block | undefined {
    const newline = this.buffer.subarray(0, end).indexOf(10)
    if (newline === -1) {
      this.offset += end
      return undefined
    }
    this.skipping = false
    this.offset += newline + 1
    this.buffer.copyWithin(0, newline + 1, end)
    this.held = 0
    return end === newline + 1 ? undefined : this.take(end - newline - 1)
  }
}
