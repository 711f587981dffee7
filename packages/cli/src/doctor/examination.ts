import type { Line } from '../input/lines.js'
import type { Check } from './check.js'
import { Cardinality } from './checks/cardinality.js'
import { Collisions } from './checks/collisions.js'
import { DuplicateKeys } from './checks/duplicate-keys.js'
import { LongLines } from './checks/long-lines.js'
import { Order } from './checks/order.js'
import { Secrets } from './checks/secrets.js'
import { Types } from './checks/types.js'
import type { Finding, Place } from './finding.js'
import { leavesOf } from './leaves.js'
import { shownText } from './shown-text.js'

/** All checks over all lines. */
export class Examination {
  lines = 0
  private unreadable = 0
  private unreadablePlace: Place | undefined
  private readonly longLines = new LongLines()
  private readonly checks: readonly Check[] = [
    new Secrets(),
    new Collisions(),
    new Types(),
    new DuplicateKeys(),
    this.longLines,
    new Order(),
    new Cardinality(),
  ]

  add(line: Line): void {
    this.lines++
    const record = line.object
    if (record === undefined) {
      this.unreadable++
      this.unreadablePlace ??= { file: line.source.name, line: line.number }
      this.longLines.examine({ line, record: {}, leaves: [] })
      return
    }
    const examined = { line, record, leaves: leavesOf(record) }
    for (const check of this.checks) check.examine(examined)
  }

  /** Problems before advice, and of each check what is most frequent first. */
  findings(): readonly Finding[] {
    const found = this.checks.flatMap((check) => [...check.findings()].sort((a, b) => b.count - a.count))
    if (this.unreadable > 0) {
      const text = 'lines that are no JSON object: a store keeps them as plain text'
      found.push({ check: 'not-json', severity: 'problem', text, count: this.unreadable, place: this.unreadablePlace })
    }
    return [
      ...found.filter(({ severity }) => severity === 'problem'),
      ...found.filter(({ severity }) => severity === 'advice'),
    ].map((finding) => ({ ...finding, text: shownText(finding.text) }))
  }
}
