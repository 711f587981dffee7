import { rmSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import {
  type Block,
  blocksOf,
  followedLines,
  type Line,
  LineReader,
  type Reading,
  type Resumption,
  type Source,
} from '@throughline/cli/reader'
import type { LogStore, StoredLine } from '../store/log-store.js'
import { type Rows, type Segment, SegmentWriter } from '../store/segment.js'
import { Account } from './account.js'
import { LineRows, nameOfFile } from './line-rows.js'
import { ownRows } from './own-lines.js'
import { repaired } from './repair.js'

export interface IngestOptions {
  readonly sources: readonly Source[]
  readonly stdin: Readable
  readonly signal: AbortSignal
  /** Goes on with what is added to the files. */
  readonly follow: boolean
  /** Bytes of content after which nothing more is loaded. */
  readonly maxBytes: number
}

/** How far the loading is. */
export interface LoadProgress {
  readonly isLoading: boolean
  /** Bytes read, as they are on disk. */
  readonly bytes: number
  /** Bytes to be read; `undefined` where that is not known. */
  readonly totalBytes: number | undefined
}

/** DuckDB writes a group of so many rows at once to its file; fewer would stand in the write-ahead log first, uncompressed. */
const SEGMENT_LINES = 122_880
/** The first answers must not wait for so many. */
const FIRST_SEGMENT_LINES = 16_384
const SEGMENT_BYTES = 128 * 1024 * 1024
/** Lines that are added to a file are loaded together, those of so many milliseconds. */
const GATHER_MS = 60

/** Reads all sources into the store, and goes on with what is added to them. */
export class Ingest {
  readonly account = new Account()
  private readonly listeners = new Set<() => void>()
  private readonly takeSeq: () => number
  private isLoading = true
  private bytes = 0
  private contentBytes = 0
  private writer: SegmentWriter | undefined
  private loading: Promise<void> = Promise.resolve()
  private segments = 0
  private readonly following: Promise<void>[] = []
  private gathered: { readonly rows: Rows; readonly text: string }[] = []
  private flushing: Promise<void> | undefined
  private readonly loaded: Promise<void>
  private onLoaded: () => void = () => {}

  constructor(
    private readonly store: LogStore,
    private readonly options: IngestOptions,
  ) {
    this.takeSeq = () => store.takeSeq()
    this.loaded = new Promise((resolve) => {
      this.onLoaded = resolve
    })
  }

  get progress(): LoadProgress {
    const sizes = this.options.sources.map(({ size }) => size)
    const totalBytes = sizes.includes(undefined) ? undefined : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0)
    return { isLoading: this.isLoading, bytes: this.bytes, totalBytes }
  }

  /** @returns what stops the listening. */
  onAdded(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /**
   * Resolves when everything that was there is in the table; the following goes on.
   *
   * @throws UserError when a source cannot be read.
   */
  async load(): Promise<void> {
    const { sources, signal } = this.options
    try {
      for (const [file, source] of sources.entries()) {
        if (signal.aborted) break
        if (this.isFull) this.account.unread.push(source.name)
        else if (source.path === undefined) this.following.push(this.noted(source, this.followStream(source, file)))
        else await this.loadFile(source, source.path, file)
      }
      await this.roll()
      await this.loading
      // Compresses the lines of the last segment; nobody waits for it.
      if (this.options.follow) void this.store.checkpoint()
    } finally {
      this.isLoading = false
      this.onLoaded()
      this.tell()
    }
    // Standard input of `explorer --rules` ends; a page's is followed.
    if (!this.options.follow) await this.followed()
  }

  /** Resolves when nothing is followed any more. */
  async followed(): Promise<void> {
    await Promise.all(this.following)
  }

  private get isFull(): boolean {
    return this.contentBytes > this.options.maxBytes
  }

  private async loadFile(source: Source, path: string, file: number): Promise<void> {
    const info = await stat(path).catch(() => undefined)
    const maker = new LineRows(file, nameOfFile(path), this.account, this.store.columns, this.takeSeq)
    let position = 0
    const reading: Reading = {
      stdin: this.options.stdin,
      signal: this.options.signal,
      onBytes: (count) => {
        position += count
        this.bytes += count
      },
      onDamage: (damaged, reason) => this.account.damages.push({ file: damaged.name, reason }),
    }
    const contentBefore = this.contentBytes
    const tornBytes = await this.readBlocks(source, file, reading, maker)
    const modified = info === undefined ? Date.now() : Math.round(info.mtimeMs)
    await this.write(maker.rest(BigInt(modified) * 1_000_000n))
    // Compressed content has another length than its file.
    const isPlain = info?.isFile() === true && !this.isFull && this.contentBytes - contentBefore === position
    if (!this.options.follow || !isPlain) return
    const from = { position: position - tornBytes, ino: info.ino }
    const torn = tornBytes === 0 ? undefined : maker.lastSeq
    this.following.push(this.noted(source, this.followFile(source, path, from, maker, torn)))
  }

  /** @returns the bytes of the last line, where it has no end yet; 0 where it has. */
  private async readBlocks(source: Source, file: number, reading: Reading, maker: LineRows): Promise<number> {
    const reader = new LineReader(source)
    let tornBytes = 0
    for await (const block of blocksOf(source, reading)) {
      this.contentBytes += block.bytes.length
      tornBytes = await this.takeBlock(block, file, maker, reader)
      if (!this.isFull) continue
      this.account.unread.push(source.name)
      return 0
    }
    await this.write(maker.of(reader.rest()))
    return tornBytes
  }

  private async takeBlock({ bytes }: Block, file: number, maker: LineRows, reader: LineReader): Promise<number> {
    const own = ownRows(bytes, file, this.takeSeq)
    if (own === undefined) {
      const lines = reader.lines({ bytes, offset: 0 })
      await this.write(maker.of(lines))
      const last = lines.at(-1)
      return last?.isTorn === true ? last.bytes : 0
    }
    maker.skip(bytes)
    this.account.read += own.rows.lines
    this.account.stored += own.rows.lines
    await this.writeRows(own.rows, own.bytes)
    return 0
  }

  private async write({ rows, text }: { readonly rows: Rows; readonly text: string }): Promise<void> {
    if (rows.lines > 0) await this.writeRows(rows, Buffer.from(text))
  }

  private async writeRows(rows: Rows, bytes: Buffer): Promise<void> {
    this.writer ??= await SegmentWriter.create(this.store.segmentFolder, `${this.segments++}`)
    await this.writer.write(bytes, rows)
    const most = this.segments === 1 ? FIRST_SEGMENT_LINES : SEGMENT_LINES
    if (this.writer.count >= most || this.writer.size >= SEGMENT_BYTES) await this.roll()
  }

  /** Hands the segment to the database; while it loads one, the next is written. */
  private async roll(): Promise<void> {
    const segment = await this.writer?.end()
    this.writer = undefined
    if (segment === undefined) return
    await this.loading
    this.loading = this.loadSegment(segment)
    // Whoever waits for it gets the error.
    this.loading.catch(() => {})
  }

  private async loadSegment(segment: Segment): Promise<void> {
    try {
      await this.repair(await this.store.load(segment))
    } catch (error) {
      rmSync(segment.path, { force: true })
      throw error
    }
    this.tell()
  }

  /** Lines whose values the database could not take, since they are no valid JSON or have no time: they are looked at here. */
  private async repair(lines: readonly StoredLine[]): Promise<void> {
    if (lines.length === 0) return
    const { rows, text } = await repaired(lines, this.store, this.account)
    if (rows.lines > 0) await this.store.loadText(rows, text)
  }

  private async followFile(
    source: Source,
    path: string,
    from: Resumption,
    maker: LineRows,
    torn: number | undefined,
  ): Promise<void> {
    let unfinished = torn
    for await (const lines of followedLines(source, path, this.options.signal, from)) {
      if (lines.length === 0) continue
      if (unfinished !== undefined) {
        // It is whole now, and is read once more; its first part may still be on the way into the table.
        await this.loaded
        await this.store.remove([unfinished])
        this.account.read--
        this.account.stored--
        unfinished = undefined
      }
      await this.added(maker, lines)
    }
  }

  /** A source that cannot be followed any more ends no other. */
  private async noted({ name }: Source, following: Promise<void>): Promise<void> {
    try {
      await following
    } catch (error) {
      this.account.damages.push({ file: name, reason: (error as Error).message })
    }
  }

  private async followStream(source: Source, file: number): Promise<void> {
    const { stdin, signal } = this.options
    const maker = new LineRows(file, nameOfFile(undefined), this.account, this.store.columns, this.takeSeq)
    const reader = new LineReader(source)
    const reading: Reading = {
      stdin,
      signal,
      onDamage: (damaged, reason) => this.account.damages.push({ file: damaged.name, reason }),
      onBytes: (count) => {
        this.bytes += count
      },
    }
    for await (const { bytes } of blocksOf(source, reading)) await this.added(maker, reader.lines({ bytes, offset: 0 }))
    await this.added(maker, reader.rest())
  }

  /** Loads lines that were added, together with those of the next moment. */
  private async added(maker: LineRows, lines: readonly Line[]): Promise<void> {
    const made = maker.of(lines)
    const rest = maker.rest(BigInt(Date.now()) * 1_000_000n)
    this.gathered.push(...[made, rest].filter(({ rows }) => rows.lines > 0))
    this.flushing ??= new Promise<void>((resolve) => setTimeout(resolve, GATHER_MS)).then(() => this.flush())
    await this.flushing
  }

  private async flush(): Promise<void> {
    this.flushing = undefined
    const batches = this.gathered
    this.gathered = []
    const [first] = batches
    if (first === undefined) return
    const rows: Rows = {
      first: first.rows.first,
      last: batches.at(-1)?.rows.last ?? first.rows.last,
      lines: batches.reduce((sum, { rows: { lines } }) => sum + lines, 0),
      labels: batches.flatMap(({ rows: { labels } }) => labels),
    }
    await this.repair(await this.store.loadText(rows, batches.map(({ text }) => text).join('')))
    this.tell()
  }

  private tell(): void {
    for (const listener of this.listeners) listener()
  }
}
