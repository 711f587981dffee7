import type { Line } from './backlog.js'
import type { Tally } from './tally.js'

/**
 * The lines that gather for the next write: one string that is appended to, and beside it what must be known of each line
 * in case it cannot be written.
 */
export class Gathered {
  text = ''
  private size = 0
  private readonly ends: number[] = []
  private readonly levels: number[] = []
  private readonly tallies: Tally[] = []

  add(line: string, level: number, tally: Tally): void {
    const { size } = this
    this.text += line
    this.ends[size] = this.text.length
    this.levels[size] = level
    this.tallies[size] = tally
    this.size = size + 1
  }

  clear(): void {
    this.text = ''
    this.size = 0
  }

  /** The lines one by one. */
  lines(): Line[] {
    return this.ends.slice(0, this.size).map((end, i) => ({
      line: this.text.slice(this.ends[i - 1] ?? 0, end),
      level: this.levels[i] as number,
      tally: this.tallies[i] as Tally,
    }))
  }
}
