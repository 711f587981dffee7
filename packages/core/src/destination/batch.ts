import { writeSync } from 'node:fs'
import type { Line } from './backlog.js'

/** Whole lines on their way to a descriptor as one text, and how much of them it has taken. */
export class Batch {
  private readonly bytes: Buffer

  /**
   * @param taken How many bytes of the text are written already.
   * @param lead What comes before the first line and is none.
   */
  constructor(
    private readonly lines: readonly Line[],
    private taken = 0,
    private readonly lead = '',
  ) {
    this.bytes = Buffer.from(lead + lines.map(({ line }) => line).join(''))
  }

  /**
   * Writes what the descriptor takes.
   *
   * @returns whether that was the last of it.
   * @throws what the system says, when it takes nothing.
   */
  writeTo(fd: number): boolean {
    this.taken += writeSync(fd, this.bytes, this.taken, this.bytes.length - this.taken)
    return this.taken === this.bytes.length
  }

  /** Those of its lines that are not written whole. */
  get left(): readonly Line[] {
    let end = this.lead.length
    const first = this.lines.findIndex(({ line }) => {
      end += Buffer.byteLength(line)
      return end > this.taken
    })
    return first === -1 ? [] : this.lines.slice(first)
  }
}
