import { type Budget, fit } from './budget.js'
import { UNCUT } from './field-names.js'
import type { Layout } from './layout.js'

/** Room for `,"sample_rate":…`, `,"boot_id":"…","seq":…}` and the newline, which come after the budget is measured. */
const TAIL_BYTES = 96

/** The most that a line of a root may take. */
export class LineBudget {
  /** A line of this many UTF-16 units fits whatever they are: none takes more than three bytes. */
  private readonly safeLength: number
  private readonly budget: Budget

  constructor(
    private readonly layout: Layout,
    maxLineBytes: number,
    private readonly onTruncated: () => void,
  ) {
    const name = (ours: string) => layout.name(ours)
    const tailNames = name('boot_id').length + name('seq').length - 'boot_idseq'.length
    const maxBytes = maxLineBytes - TAIL_BYTES - tailNames
    this.safeLength = Math.floor(maxBytes / 3)
    this.budget = {
      maxBytes,
      uncut: new Set([...UNCUT.map(name), ...layout.ownNames]),
      messageName: name('message'),
      truncatedName: name('truncated'),
      within: layout.within,
    }
  }

  /**
   * A line, made to fit where it is too long.
   *
   * @param end What it ends with.
   * @param overflowed Something was left out of it already.
   */
  fitted(line: string, end: string, overflowed: boolean): string {
    return line.length <= this.safeLength && !overflowed ? line : this.measured(line, end, overflowed)
  }

  private measured(line: string, end: string, overflowed: boolean): string {
    if (!overflowed && Buffer.byteLength(line) - end.length <= this.budget.maxBytes) return line
    this.onTruncated()
    const braces = this.layout.end.trimEnd()
    const unended = end === '' ? line : line.slice(0, -end.length)
    return fit(unended + braces, this.budget, overflowed).slice(0, -braces.length) + end
  }
}
