import type { LogRecord } from '../record/record.js'
import { timeOf } from '../record/time.js'
import { type OpenChunks, type Range, SeqSet } from './seq-set.js'

/** Maximum gaps and repeats that are named; the rest are counted. */
const MOST_NAMED = 1000

/** What the logger says of itself, in its last `Log stats` line. */
export interface LoggerCounters {
  readonly seq: number
  readonly emitted: number
  readonly dropped: number
  readonly sampledOut: number
  readonly held: number
}

/** One life of one logger: all lines with the same `boot_id`. */
export class ProcessLog {
  readonly seen: SeqSet
  service: string | undefined
  /** Where it ran: pods of one service are not one another's restarts. */
  place: string | undefined
  firstTime = Number.POSITIVE_INFINITY
  lastTime = Number.NEGATIVE_INFINITY
  counters: LoggerCounters | undefined
  repeats = 0
  readonly repeated: number[] = []
  /** Lines of which only the end is left. */
  torn = 0
  /** The lowest and the highest number of a line that the command's flags ask for. */
  firstWanted = Number.POSITIVE_INFINITY
  lastWanted = 0
  private droppedTotal = 0
  /** The last line that is not about drops. */
  private lastBeforeReports = 0

  constructor(
    readonly bootId: string,
    open?: OpenChunks,
  ) {
    this.seen = new SeqSet(open)
  }

  add(record: LogRecord, seq: number, isWanted = true): void {
    const isNew = this.seen.add(seq)
    if (isNew === undefined) return
    if (isWanted) this.want(seq)
    this.service ??= text(record.service)
    this.place ??= text(record.pod) ?? text(record.container)
    const time = timeOf(record.timestamp)
    if (time !== undefined) {
      this.firstTime = Math.min(this.firstTime, time)
      this.lastTime = Math.max(this.lastTime, time)
    }
    if (!isNew) {
      this.repeats++
      if (this.repeated.length < MOST_NAMED) this.repeated.push(seq)
      return
    }
    // An application's own message of the same text has no such mark.
    const isOwn = record.log_type === 'logger'
    if (isOwn && record.message === 'Log stats') this.addCounters(record, seq)
    if (isOwn && record.message === 'Log lines dropped')
      this.droppedTotal = Math.max(this.droppedTotal, number(record.dropped_total))
    else this.lastBeforeReports = Math.max(this.lastBeforeReports, seq)
  }

  /** A damaged line whose end says which one it was: it arrived, though not whole. */
  addTorn(seq: number): void {
    if (this.seen.add(seq) !== true) return
    this.want(seq)
    this.torn++
    this.lastBeforeReports = Math.max(this.lastBeforeReports, seq)
  }

  /** Lines that the logger itself says its destination could not take. They have numbers, which are then missing. */
  get dropped(): number {
    return Math.max(this.droppedTotal, this.counters?.dropped ?? 0)
  }

  /**
   * Its last line is the one with the counters, which it writes when it ends: nothing is missing after it. Only a destination
   * that could not keep up may still have to say so then.
   */
  get isClosed(): boolean {
    return this.counters !== undefined && this.counters.seq === this.lastBeforeReports
  }

  /** @param isWindow What was before the first wanted line is not missed. */
  missing(isWindow: boolean): { readonly count: number; readonly ranges: readonly Range[] } {
    const ranges: Range[] = []
    let count = 0
    if (this.lastWanted === 0) return { count, ranges }
    for (const range of this.seen.missing(isWindow ? this.firstWanted : 1, this.lastWanted)) {
      count += range.to - range.from + 1
      if (ranges.length < MOST_NAMED) ranges.push(range)
    }
    return { count, ranges }
  }

  /** How far the logger's own count of its lines is from their numbers; 0 when both tell the same. */
  get disagreement(): number {
    return this.counters === undefined ? 0 : this.counters.seq - this.counters.emitted
  }

  private want(seq: number): void {
    this.firstWanted = Math.min(this.firstWanted, seq)
    this.lastWanted = Math.max(this.lastWanted, seq)
  }

  private addCounters(record: LogRecord, seq: number): void {
    if (this.counters !== undefined && this.counters.seq > seq) return
    const { emitted, dropped, sampled_out, held } = record
    this.counters = {
      seq,
      emitted: number(emitted),
      dropped: number(dropped),
      sampledOut: number(sampled_out),
      held: number(held),
    }
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}
