import type { Check, Examined } from '../check.js'
import type { Finding, Place } from '../finding.js'

/** containerd and Docker's json-file split a line at 16 KiB, and its parts are no JSON. */
const LONGEST = 16 * 1024

/** Lines that container runtimes split. */
export class LongLines implements Check {
  private count = 0
  private longest = 0
  private place: Place | undefined

  examine({ line }: Examined): void {
    // Nearly every line, without a second look.
    if (line.bytes <= LONGEST) return
    const bytes = Buffer.byteLength(line.text) + 1
    // A runtime's wrapping, which it puts around the parts, is not what it splits.
    if (bytes <= LONGEST) return
    this.count++
    if (bytes > this.longest) {
      this.longest = bytes
      this.place = { file: line.source.name, line: line.number }
    }
  }

  findings(): readonly Finding[] {
    if (this.count === 0) return []
    const text = `lines over 16 KiB, which container runtimes split; the longest has ${this.longest} bytes`
    return [{ check: 'long-line', severity: 'problem', text, count: this.count, place: this.place }]
  }
}
