import type { Reading } from '../input/blocks.js'
import { type Line, linesOf } from '../input/lines.js'
import type { Source } from '../input/source.js'
import { timeOf } from '../record/time.js'

/**
 * So many lines are kept back to be put in order: as far as a line may stand from its place. Sampling holds a request's lines
 * until its outcome is known, so they are written late by as long as the request took.
 */
const WINDOW_LINES = 32_768
/** And so much of their text, in UTF-16 units: a bound on memory where lines are long. */
const WINDOW_TEXT = 16 * 1024 * 1024
/** The blocks of all sources together take about so many bytes. */
const BLOCKS_BYTES = 32 * 1024 * 1024
const LEAST_BLOCK_BYTES = 64 * 1024
const MOST_BLOCK_BYTES = 1024 * 1024
/** Lines of one source that are taken at a time. All sources together are ahead of the slowest by half a window at most. */
const STRIDE = 256

interface Entry {
  readonly line: Line
  /** Milliseconds since the epoch. */
  readonly time: number
}

/**
 * The wanted lines of several sources in the order of their times, each source nearly in order itself. A line without a time
 * stays behind the line before it. Memory is bounded by the window, and by a block of each source whose time overlaps with
 * others': a file is opened when the order comes to its first line.
 *
 * @param wants Decides which lines are kept; the others only say how far their source has come.
 */
export async function* inOrder(
  sources: readonly Source[],
  reading: Reading,
  wants: (line: Line) => boolean,
): AsyncGenerator<readonly Line[], void> {
  const feeds: Feed[] = []
  const blockBytes = Math.min(MOST_BLOCK_BYTES, Math.max(LEAST_BLOCK_BYTES, Math.floor(BLOCKS_BYTES / sources.length)))
  // One after the other: each takes a block's memory until it is closed again.
  for (const source of sources) feeds.push(await Feed.on(source, { ...reading, blockBytes }))
  const stride = Math.max(1, Math.min(STRIDE, Math.floor(WINDOW_LINES / 2 / sources.length)))
  const window = new Window()
  let open = feeds
  try {
    for (;;) {
      let feed: Feed | undefined
      for (const one of open) if (feed === undefined || one.newest < feed.newest) feed = one
      if (feed === undefined) break
      const isMore = await feed.take(stride, (line, time) => {
        if (wants(line)) window.add({ line, time })
      })
      if (!isMore) open = open.filter((one) => one !== feed)
      if (window.isFull) yield window.settled()
    }
    yield window.rest()
  } finally {
    await Promise.all(feeds.map((feed) => feed.close()))
  }
}

/** A source that is read a few lines at a time. */
class Feed {
  private blocks: AsyncGenerator<readonly Line[], void> | undefined
  private lines: (Line | undefined)[] = []
  private at = 0

  /** @param newest The latest time that it has come to: before it is opened, that of its first line. */
  private constructor(
    private readonly source: Source,
    private readonly reading: Reading,
    public newest: number,
  ) {}

  /** A file is looked at and closed again, so that not all files of a folder are open at once. */
  static async on(source: Source, reading: Reading): Promise<Feed> {
    if (source.size === undefined) return new Feed(source, reading, Number.NEGATIVE_INFINITY)
    const { signal, stdin } = reading
    for await (const lines of linesOf(source, { signal, stdin, blockBytes: LEAST_BLOCK_BYTES })) {
      const first = lines.find(({ record }) => timeOf(record?.timestamp) !== undefined)
      return new Feed(source, reading, timeOf(first?.record?.timestamp) ?? Number.NEGATIVE_INFINITY)
    }
    return new Feed(source, reading, Number.NEGATIVE_INFINITY)
  }

  /** Gives so many lines with their times; false when there are no more. */
  async take(count: number, give: (line: Line, time: number) => void): Promise<boolean> {
    this.blocks ??= linesOf(this.source, this.reading)
    while (this.at >= this.lines.length) {
      const { value, done } = await this.blocks.next()
      if (done === true) return false
      this.lines = [...value]
      this.at = 0
    }
    const end = Math.min(this.at + count, this.lines.length)
    let time = this.newest
    for (; this.at < end; this.at++) {
      const line = this.lines[this.at] as Line
      // A line that was given is the receiver's to keep, with all that was parsed of it.
      this.lines[this.at] = undefined
      time = timeOf(line.record?.timestamp) ?? time
      if (time > this.newest) this.newest = time
      give(line, time)
    }
    return true
  }

  async close(): Promise<void> {
    await this.blocks?.return()
  }
}

/** Lines that wait for earlier ones. */
class Window {
  private entries: Entry[] = []
  private text = 0

  get isFull(): boolean {
    return this.entries.length >= 2 * WINDOW_LINES || this.text >= 2 * WINDOW_TEXT
  }

  add(entry: Entry): void {
    this.entries.push(entry)
    this.text += entry.line.text.length
  }

  /** The earlier half, which no line should come before any more. */
  settled(): readonly Line[] {
    const { entries } = this
    // Stable, so that lines of one time stay in the order that they came in.
    entries.sort((a, b) => a.time - b.time)
    const taken = entries.slice(0, entries.length >> 1)
    this.entries = entries.slice(taken.length)
    for (const { line } of taken) this.text -= line.text.length
    return taken.map(({ line }) => line)
  }

  rest(): readonly Line[] {
    return this.entries.sort((a, b) => a.time - b.time).map(({ line }) => line)
  }
}
