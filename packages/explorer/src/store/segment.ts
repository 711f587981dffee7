import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Labels } from './columns.js'

/** Stands between the values of a segment's row; a line that has it goes into `given`, as JSON. */
export const DELIMITER = '\u0001'

/** What is known of rows for the table. */
export interface Rows {
  /** The numbers of its first and last line. */
  readonly first: number
  readonly last: number
  readonly lines: number
  /** The labels of lines whose labels are given. */
  readonly labels: readonly Labels[]
}

/** Rows in a file, for the database to load. */
export interface Segment extends Rows {
  readonly path: string
}

/** Writes one segment. */
export class SegmentWriter {
  private readonly labels = new Map<string, Labels>()
  private first = 0
  private last = 0
  private lines = 0
  /** Bytes of the rows. */
  size = 0

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
  ) {}

  static async create(folder: string, name: string): Promise<SegmentWriter> {
    const path = join(folder, name)
    return new SegmentWriter(path, await open(path, 'wx', 0o600))
  }

  get count(): number {
    return this.lines
  }

  /** Writes rows, each with its newline. */
  async write(rows: Buffer, { first, last, lines, labels }: Rows): Promise<void> {
    if (this.lines === 0) this.first = first
    this.last = last
    this.lines += lines
    this.size += rows.length
    for (const each of labels) this.labels.set(JSON.stringify(each), each)
    await this.file.writeFile(rows)
  }

  async end(): Promise<Segment> {
    await this.file.close()
    const { path, first, last, lines } = this
    return { path, first, last, lines, labels: [...this.labels.values()] }
  }
}
