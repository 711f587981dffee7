import { timeOf } from '../../record/time.js'
import { formatMs } from '../../terminal/numbers.js'
import type { Check, Examined } from '../check.js'
import type { Finding, Place } from '../finding.js'

/** Requests whose latest time is known, twice: those of the present, and those before. */
const MOST_STREAMS = 50_000

/**
 * Timestamps that go back within one process's lines of one file: stores that want order refuse them or sort for it. The
 * lines of a request are compared with each other, since sampling holds them until its outcome is known.
 */
export class Order implements Check {
  private latest = new Map<string, number>()
  private former = new Map<string, number>()
  private count = 0
  private unreadable = 0
  private unreadablePlace: Place | undefined
  private farthest = 0
  private place: Place | undefined

  examine({ line }: Examined): void {
    const place = { file: line.source.name, line: line.number }
    const record = line.record ?? {}
    const time = timeOf(record.timestamp)
    if (time === undefined) {
      this.unreadable++
      this.unreadablePlace ??= place
      return
    }
    const process = `${line.source.name}\n${line.origin ?? ''}\n${record.service ?? ''}\n${record.boot_id ?? record.pod ?? ''}`
    const stream = `${process}\n${record.request_id ?? ''}`
    const latest = this.latest.get(stream) ?? this.former.get(stream) ?? Number.NEGATIVE_INFINITY
    if (time >= latest) {
      this.note(stream, time)
      return
    }
    this.count++
    if (latest - time > this.farthest) {
      this.farthest = latest - time
      this.place = place
    }
  }

  /** Those not heard of for long are forgotten: a request's lines are near one another. */
  private note(stream: string, time: number): void {
    if (this.latest.size >= MOST_STREAMS && !this.latest.has(stream)) {
      this.former = this.latest
      this.latest = new Map()
    }
    this.latest.set(stream, time)
  }

  findings(): readonly Finding[] {
    const findings: Finding[] = []
    if (this.count > 0) {
      const text = `timestamps out of order, by up to ${formatMs(this.farthest)}`
      findings.push({ check: 'order', severity: 'problem', text, count: this.count, place: this.place })
    }
    if (this.unreadable > 0) {
      const text = 'records without a readable timestamp'
      const { unreadable: count, unreadablePlace: place } = this
      findings.push({ check: 'timestamp', severity: 'problem', text, count, place })
    }
    return findings
  }
}
