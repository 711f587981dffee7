/** The time at a line's start, under the names and in the shapes that the core's formats have. */
const TIME = /^\{"(?:@?timestamp|time)":(?:"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"|(\d{13})(?=[,}]))/

/** A millisecond has a million nanoseconds; the count begins again, where a new millisecond allows it, at half of them. */
const ENOUGH = 500_000

/**
 * Gives each line its time: the millisecond that the line itself names, so that a line that was held is not misplaced, and
 * within it nanoseconds that keep the lines in the order they came. A store that drops repeats (Loki: of a timestamp and a
 * line) then drops only resends, never a line that says the same as the one before.
 */
export class Timestamps {
  /** Of the line last stamped. */
  ms = 0
  ns: number
  /** The start of the last line, up to the end of its time: most lines have it too. */
  private start = ''
  private newest = 0
  private readonly first: number

  /** @param random Where the count begins, so that the same line of two processes is not taken for one. */
  constructor(random: number = Math.random()) {
    this.first = Math.floor(random * ENOUGH)
    this.ns = this.first
  }

  /** Sets `ms` and `ns` to the line's. */
  stamp(line: string): void {
    if (this.start === '' || !line.startsWith(this.start)) this.read(line)
    this.ns++
    if (this.ms > this.newest) {
      this.newest = this.ms
      if (this.ns - this.first >= ENOUGH) this.ns = this.first
    }
    if (this.ns === 1_000_000) this.ns = 0
  }

  private read(line: string): void {
    const match = TIME.exec(line)
    const ms = match === null ? Number.NaN : match[1] === undefined ? Number(match[2]) : Date.parse(match[1])
    if (match === null || Number.isNaN(ms) || ms < 0) {
      this.start = ''
      this.ms = Date.now()
    } else {
      this.start = match[0]
      this.ms = ms
    }
  }
}
