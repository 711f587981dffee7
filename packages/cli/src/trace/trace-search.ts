import type { Block } from '../input/assembler.js'
import { blocksOf } from '../input/blocks.js'
import type { Intake } from '../input/intake.js'
import { LineReader, lineOf } from '../input/lines.js'
import type { Source } from '../input/source.js'
import { maySplitLines, Unwrapper } from '../input/wrapping.js'
import type { LogRecord } from '../record/record.js'
import { timeOf } from '../record/time.js'
import { holds, search } from './search.js'

/** A line that belongs to what is traced. */
export interface TracedLine {
  readonly record: LogRecord
  readonly source: Source
  readonly origin: string | undefined
  /** Milliseconds since the epoch. */
  readonly time: number
}

/** More lines than anybody reads of one request; a bound on memory for an id that stands on every line. */
const MOST_LINES = 100_000
/** And more text, in UTF-16 units. */
const MOST_TEXT = 64 * 1024 * 1024
/** A request is part of one trace, or of a few where a client retries it; more are no request's. */
const MOST_TRACES = 8

interface Place {
  readonly sourceIndex: number
  readonly offset: number
}

/** What has been found, and what was learned on the way. */
export class TraceSearch {
  readonly lines: TracedLine[] = []
  /** Lines hold the id, but are no records. */
  unreadable = 0
  isCut = false
  private readonly ids: string[]
  /** Traces that a found line named, and up to where they were not yet looked for. */
  private readonly learned = new Map<string, Place>()
  private readonly seen = new Set<string>()
  private text = 0

  constructor(
    private readonly id: string,
    private readonly intake: Intake,
  ) {
    this.ids = [id]
  }

  /** The traces that the request was part of. */
  get traces(): readonly string[] {
    return [...this.learned.keys()]
  }

  /**
   * Looks for the id in every source. Where it is a request's, the trace ids on its lines are looked for too, from there on
   * and then in what lies before, since a service may have given the request an id of its own.
   */
  async run(): Promise<void> {
    const { sources } = this.intake
    for (const [index, source] of sources.entries())
      await this.scan(source.remote?.narrowed([this.id]) ?? source, index, undefined)
    for (const [index, source] of sources.entries()) {
      // A store was asked for the lines with the id only.
      if (source.remote !== undefined && this.learned.size > 0)
        await this.scan(source.remote.narrowed(this.traces), index, undefined)
      const missed = [...this.learned].filter(([, place]) => isBefore(index, place) && source.path !== undefined)
      if (missed.length > 0) await this.scan(source, index, missed)
    }
    this.lines.sort((a, b) => a.time - b.time)
  }

  /** @param missed Ids to be looked for, each up to its place; by default, all that are known. */
  private async scan(
    source: Source,
    index: number,
    missed: readonly (readonly [string, Place])[] | undefined,
  ): Promise<void> {
    let reader: LineReader | undefined
    let isFirst = true
    for await (const block of blocksOf(source, this.intake.reading)) {
      const wanted = missed
        ?.filter(([, { sourceIndex, offset }]) => index < sourceIndex || block.offset < offset)
        .map(([id]) => id)
      if (wanted?.length === 0 || this.isCut) return
      if (isFirst && maySplitLines(firstLine(block))) reader = this.splitReader(source)
      isFirst = false
      if (reader === undefined) this.take(block, source, index, wanted)
      else this.takeSplit(reader.lines(block), block, index, wanted)
    }
    if (reader !== undefined) this.takeSplit(reader.rest(), { bytes: Buffer.alloc(0), offset: 0 }, index, undefined)
  }

  private take(block: Block, source: Source, index: number, wanted: readonly string[] | undefined): void {
    for (let searched = 0; searched < this.ids.length; ) {
      const ids = wanted ?? this.ids.slice(searched)
      searched = this.ids.length
      for (const { start, text } of search(
        block,
        ids.map((id) => Buffer.from(id)),
      )) {
        const lines = new Unwrapper().unwrap(text, 0)
        for (const [i, line] of lines.entries()) {
          // Of an export's many events, those that hold the id.
          if (lines.length > 1 && !ids.some((id) => holds(line.text, id))) continue
          // Of a store's answers, the places tell nothing.
          const key = source.remote === undefined ? `${index}:${block.offset + start}:${i}` : `${index}:${line.text}`
          this.add(line.text, line.origin, source, key, { sourceIndex: index, offset: block.offset })
        }
      }
      if (wanted !== undefined) return
    }
  }

  private takeSplit(
    lines: ReturnType<LineReader['lines']>,
    block: Block,
    index: number,
    wanted: readonly string[] | undefined,
  ): void {
    for (const { text, origin, source, number } of lines) {
      if (!(wanted ?? this.ids).some((id) => holds(text, id))) continue
      // The present block again for a trace learned in it: its lines are behind.
      this.add(text, origin, source, `${index}:${number}:${text}`, { sourceIndex: index, offset: block.offset + 1 })
    }
  }

  private splitReader(source: Source): LineReader {
    return new LineReader(source, (wrapped) => this.ids.some((id) => wrapped.includes(id)))
  }

  private add(text: string, origin: string | undefined, source: Source, key: string, place: Place): void {
    if (this.seen.has(key)) return
    this.seen.add(key)
    this.text += text.length
    if (this.seen.size > MOST_LINES || this.text > MOST_TEXT) {
      this.isCut = true
      return
    }
    const line = lineOf({ text, source, number: 0, origin, bytes: 0, isTorn: false })
    const { record } = line
    if (record === undefined) {
      this.unreadable++
      return
    }
    if (!this.intake.wants(line)) return
    this.lines.push({ record, source, origin, time: timeOf(record.timestamp) ?? 0 })
    const { request_id, trace_id } = record
    if (request_id === this.id && typeof trace_id === 'string' && trace_id !== '') this.learn(trace_id, place)
  }

  private learn(trace: string, place: Place): void {
    if (trace === this.id || this.learned.has(trace) || this.learned.size >= MOST_TRACES) return
    this.learned.set(trace, place)
    this.ids.push(trace)
  }
}

function isBefore(index: number, { sourceIndex, offset }: Place): boolean {
  return index < sourceIndex || (index === sourceIndex && offset > 0)
}

function firstLine({ bytes }: Block): string {
  const newline = bytes.indexOf(10)
  return bytes.toString('utf8', 0, Math.min(newline === -1 ? bytes.length : newline, 4096))
}
