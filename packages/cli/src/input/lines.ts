import { parseObject } from '../record/json.js'
import { type LogRecord, recordOf } from '../record/record.js'
import type { Block } from './assembler.js'
import { blocksOf, type Reading } from './blocks.js'
import type { Source } from './source.js'
import { Unwrapper } from './wrapping.js'

/** One line of a source, out of its wrapping. */
export interface Line {
  readonly text: string
  readonly source: Source
  /** Counted from 1 in the source's content; of a line in parts, the last part's. */
  readonly number: number
  /** Which container or pod it came from, where a wrapping says so. */
  readonly origin: string | undefined
  /** Bytes in the source, of all parts, newline and wrapping included. */
  readonly bytes: number
  /** The source ended before the line did. */
  readonly isTorn: boolean
  /** The JSON object that the text is, with the names that it has there; `undefined` where it is none. Read when asked for. */
  readonly object: LogRecord | undefined
  /** The object's fields with our names, whatever wrote them. */
  readonly record: LogRecord | undefined
}

class ReadLine implements Line {
  private isParsed: boolean
  private named: LogRecord | undefined

  constructor(
    readonly text: string,
    readonly source: Source,
    readonly number: number,
    readonly origin: string | undefined,
    readonly bytes: number,
    readonly isTorn: boolean,
    private parsed?: LogRecord | undefined,
  ) {
    this.isParsed = parsed !== undefined
  }

  get object(): LogRecord | undefined {
    if (!this.isParsed) {
      this.parsed = parseObject(this.text)
      this.isParsed = true
    }
    return this.parsed
  }

  get record(): LogRecord | undefined {
    if (this.named === undefined && this.object !== undefined) this.named = recordOf(this.object)
    return this.named
  }
}

/** A line by its parts. */
export function lineOf(parts: Omit<Line, 'object' | 'record'>): Line {
  const { text, source, number, origin, bytes, isTorn } = parts
  return new ReadLine(text, source, number, origin, bytes, isTorn)
}

/** A source's lines, by the block: an asynchronous step for each line would take longer than the line. */
export async function* linesOf(source: Source, reading: Reading): AsyncGenerator<readonly Line[], void> {
  const reader = new LineReader(source)
  for await (const block of blocksOf(source, reading)) yield reader.lines(block)
  yield reader.rest()
}

/** Cuts blocks into lines. Line ends may be CRLF, a byte-order mark may stand first, and bytes need not be UTF-8. */
export class LineReader {
  private readonly unwrapper: Unwrapper
  private number = 0

  /** @param matters See `Unwrapper`. */
  constructor(
    private readonly source: Source,
    matters?: (wrapped: string) => boolean,
  ) {
    this.unwrapper = new Unwrapper(matters)
  }

  /** A block's lines; empty ones are counted and left out. */
  lines({ bytes }: Block): readonly Line[] {
    const text = bytes.toString()
    // Without a character of several bytes, characters count the bytes.
    const isNarrow = text.length === bytes.length
    const isTorn = bytes[bytes.length - 1] !== 10
    const lines: Line[] = []
    let at = 0
    for (let start = 0; start < text.length; ) {
      const newline = text.indexOf('\n', start)
      const end = newline === -1 ? text.length : newline
      const raw = text.slice(start, end)
      // What is no UTF-8 has become another character, whose bytes are not those that it had.
      const next = newline === -1 ? bytes.length : isNarrow ? newline + 1 : bytes.indexOf(10, at) + 1
      const size = next - at
      at = next
      start = end + 1
      this.number++
      this.addTo(lines, raw, size, isTorn && newline === -1)
    }
    return lines
  }

  /** Lines in parts of which the last is missing. */
  rest(): readonly Line[] {
    const { source, number } = this
    return this.unwrapper
      .rest()
      .map(({ text, origin, bytes }) => new ReadLine(text, source, number, origin, bytes, true))
  }

  private addTo(lines: Line[], raw: string, bytes: number, isTorn: boolean): void {
    const from = this.contentStart(raw)
    const to = raw.charCodeAt(raw.length - 1) === 13 ? raw.length - 1 : raw.length
    if (from >= to) return
    for (const each of this.unwrapper.unwrap(from === 0 && to === raw.length ? raw : raw.slice(from, to), bytes)) {
      if (each.text === '') continue
      lines.push(new ReadLine(each.text, this.source, this.number, each.origin, each.bytes, isTorn, each.object))
    }
  }

  /** Behind a byte-order mark, and behind the NULs that a file has where it was cut under a writer that went on at its old place. */
  private contentStart(raw: string): number {
    let from = this.number === 1 && raw.charCodeAt(0) === 0xfeff ? 1 : 0
    while (raw.charCodeAt(from) === 0) from++
    return from
  }
}
