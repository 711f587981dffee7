import { basename } from 'node:path'
import type { Line, LogRecord } from '@throughline/cli/reader'
import { type Columns, type Extracted, FIELDS, type Labels } from '../store/columns.js'
import { DELIMITER, type Rows } from '../store/segment.js'
import type { Account } from './account.js'
import { nanosecondsOf } from './nanoseconds.js'

/** A longer line is cut, in UTF-16 units: Loki's `max_line_size` by default, 256 KB, is the same for ASCII. */
export const LONGEST_LINE = 256 * 1024

/** Lines before a file's first time wait for it, so many of them. */
const MOST_WAITING = 10_000

/** Characters that end a value or a line of a segment, or text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not stand in a segment
const ENDING = /[\u0000\u0001\n\r]/

/** Makes rows of one file's lines that have to be looked at: other loggers' records, text, what was cut. */
export class LineRows {
  private time: bigint | undefined
  /** What the labels of the last record were made of, but for its level. */
  private inherited: Extracted = {}
  /** The last line that was not looked at: its time and labels are asked for only where a line of text follows. */
  private lastOwn: Buffer | undefined
  private waiting: Line[] = []
  /** The number of the last row. */
  lastSeq = 0
  private readonly takeSeq: () => number

  /** @param fallback The name of the file, for lines of a service that has no name. */
  constructor(
    private readonly file: number,
    private readonly fallback: string,
    private readonly account: Account,
    private readonly columns: Columns,
    takeSeq: () => number,
  ) {
    this.takeSeq = () => {
      this.lastSeq = takeSeq()
      return this.lastSeq
    }
  }

  /** Notes a block whose lines were not looked at. */
  skip(block: Buffer): void {
    this.lastOwn = Buffer.from(block.subarray(block.lastIndexOf(10, block.length - 2) + 1))
  }

  /** Rows of lines. Lines without a time wait for the first one with a time, where none came before them. */
  of(lines: readonly Line[]): { readonly rows: Rows; readonly text: string } {
    const batch = new Batch(this.file, this.takeSeq)
    for (const line of lines) {
      this.account.read++
      this.add(line, batch)
    }
    return batch
  }

  /** Rows of the lines that still wait, when nothing more comes for now. */
  rest(fallbackTime: bigint): { readonly rows: Rows; readonly text: string } {
    const batch = new Batch(this.file, this.takeSeq)
    if (this.waiting.length > 0) this.time ??= fallbackTime
    this.release(batch)
    return batch
  }

  private add(line: Line, batch: Batch): void {
    const { object, record } = line
    const own = record === undefined ? undefined : nanosecondsOf(record.timestamp)
    if (own === undefined) {
      this.learn()
      if (this.time === undefined && this.waiting.length < MOST_WAITING) {
        this.waiting.push(line)
        return
      }
      this.account.untimed++
    }
    const time = own ?? this.time ?? 0n
    if (record !== undefined) {
      this.lastOwn = undefined
      this.time = time
    }
    this.release(batch)
    if (object === undefined || record === undefined) this.addText(line, time, batch)
    else this.addRecord(line, record, object, time, batch)
  }

  private addRecord(line: Line, record: LogRecord, object: LogRecord, time: bigint, batch: Batch): void {
    const given = { ...this.labelValues(record), ...texts(object, FIELDS), ...texts(record, ['boot_id', 'seq']) }
    given.service ??= serviceOf(line.origin) ?? this.inherited.service ?? this.fallback
    this.inherited = { ...this.labelValues(record), service: given.service, level: undefined, log_type: undefined }
    this.put(line, time, given, this.columns.labelsOf(given), batch)
  }

  private addText(line: Line, time: bigint, batch: Batch): void {
    this.learn()
    this.account.text++
    if (line.text.trimStart().startsWith('{')) this.account.torn++
    const service = serviceOf(line.origin) ?? this.inherited.service ?? this.fallback
    const given = { ...this.inherited, service }
    this.put(line, time, given, this.columns.labelsOf(given), batch)
  }

  private put({ text }: Line, time: bigint, given: Extracted, labels: Labels, batch: Batch): void {
    this.account.stored++
    const isCut = text.length > LONGEST_LINE
    if (isCut) this.account.cut++
    if (isCut || ENDING.test(text)) {
      // Its columns stay empty: they would be compared with a line that is not the one in the table.
      const rest = Object.fromEntries(
        Object.entries(given).filter(([name]) => !(FIELDS as readonly string[]).includes(name)),
      )
      const line = isCut ? wellFormed(text.slice(0, LONGEST_LINE)) : text
      batch.add(time, { ...rest, __line: line }, '', labels)
    } else batch.add(time, given, text, labels)
  }

  private release(batch: Batch): void {
    if (this.time === undefined || this.waiting.length === 0) return
    const waiting = this.waiting
    this.waiting = []
    this.account.untimed += waiting.length
    for (const line of waiting) {
      const { object, record } = line
      if (object === undefined || record === undefined) this.addText(line, this.time, batch)
      else this.addRecord(line, record, object, this.time, batch)
    }
  }

  /** Takes time and labels from the last line that was not looked at. */
  private learn(): void {
    if (this.lastOwn === undefined) return
    const record = parsed(this.lastOwn.toString())
    this.lastOwn = undefined
    if (record === undefined) return
    this.time = nanosecondsOf(record.timestamp) ?? this.time
    this.inherited = { ...this.labelValues(record), level: undefined, log_type: undefined }
  }

  private labelValues(record: LogRecord): Record<string, string | undefined> {
    return texts(record, this.columns.labelFields)
  }
}

/** Rows as they are gathered. */
class Batch {
  text = ''
  private first = 0
  private last = 0
  private lines = 0
  private readonly labels = new Map<string, Labels>()

  constructor(
    private readonly file: number,
    private readonly takeSeq: () => number,
  ) {}

  get rows(): Rows {
    const { first, last, lines, labels } = this
    return { first, last, lines, labels: [...labels.values()] }
  }

  add(time: bigint, given: Extracted, line: string, labels: Labels): void {
    this.last = this.takeSeq()
    if (this.lines++ === 0) this.first = this.last
    this.labels.set(JSON.stringify(labels), labels)
    this.text += `${[this.last, this.file, time, JSON.stringify(given), line].join(DELIMITER)}\n`
  }
}

function parsed(text: string): LogRecord | undefined {
  try {
    return JSON.parse(text) as LogRecord
  } catch {
    return undefined
  }
}

function texts(record: LogRecord, names: readonly string[]): Record<string, string | undefined> {
  return Object.fromEntries(names.map((name) => [name, textOf(record[name])]))
}

/** A value that the database would write the same way: numbers that are not whole have several forms. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'boolean' || Number.isSafeInteger(value) ? String(value) : undefined
}

/** Where half of a character was cut off. */
function wellFormed(text: string): string {
  const last = text.charCodeAt(text.length - 1)
  return last >= 0xd800 && last < 0xdc00 ? text.slice(0, -1) : text
}

/** `api-7d9f/api`, a pod and its container, is the service `api`. */
function serviceOf(origin: string | undefined): string | undefined {
  return origin?.split('/').at(-1)
}

/** `logs/api.log.1.gz` is `api`. */
export function nameOfFile(path: string | undefined): string {
  if (path === undefined) return 'stdin'
  const name = basename(path).replace(/\.(?:gz|zst|log|jsonl?|ndjson|txt|out|\d+|\d{4}-?\d\d-?\d\d)(?=\.|$)/gi, '')
  return name.replace(/^\.{1,9}|[-_.\s]{0,9}\d{4}-?\d\d-?\d\d$/g, '') || basename(path)
}
