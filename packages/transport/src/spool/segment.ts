import {
  closeSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { Entries } from '../entry.js'
import { type Decoded, decodeSegment, encodeRecords, headerOf } from './record.js'
import { readFileSafely, readFileSafelySync } from './segment-file.js'

/** A segment that another process wrote. */
export interface Adopted {
  readonly path: string
  readonly level: number
  readonly bytes: number
}

/** One file of lines of one level. It is written to its end, sealed, read, and removed when its lines are settled. */
export class Segment {
  /** Its size, which nothing but we change. */
  bytes: number
  /** Whether its file has to be kept beside the spool when its lines are settled: it could not be read or repaired. */
  isKept = false
  /** How many of its first lines are settled. */
  settled = 0
  private fd: number | undefined
  /** What is written, but for all we know not on the disk. */
  private isDirty = false
  /** A sync that runs in another thread: the descriptor has to stay open until it is over. */
  private syncing: Promise<void> | undefined

  private constructor(
    readonly path: string,
    readonly level: number,
    /** The place of its first line among all that came; -1 for what another process left. */
    readonly first: number,
    /** Its lines; `undefined` when nobody has counted. */
    private counted: number | undefined,
    fd: number | undefined,
    bytes: number,
  ) {
    this.fd = fd
    this.bytes = bytes
  }

  /** @throws what the system says. */
  static create(path: string, level: number, first: number, isSynced: boolean): Segment {
    const header = headerOf(level)
    const fd = openSync(path, 'ax', 0o640)
    const segment = new Segment(path, level, first, 0, fd, 0)
    try {
      segment.write(header)
    } catch (error) {
      segment.remove()
      throw error
    }
    if (isSynced) syncFolder(dirname(path))
    return segment
  }

  /** A segment that another process wrote. */
  static adopt({ path, level, bytes }: Adopted): Segment {
    return new Segment(path, level, -1, undefined, undefined, bytes)
  }

  get isEmpty(): boolean {
    return this.counted === 0
  }

  /** Records that were written, those known to be missing included; an adopted one's are counted now. @throws what the system says. */
  get records(): number {
    if (this.counted === undefined) {
      const { entries, missing } = decodeSegment(readFileSafelySync(this.path))
      this.counted = entries.lines.length + missing
    }
    return this.counted
  }

  /** Its lines that are not settled; `undefined` for an adopted one that was never read. */
  get lines(): number | undefined {
    return this.counted === undefined ? undefined : Math.max(this.counted - this.settled, 0)
  }

  /** @throws what the system says; what it took of the records is taken back. */
  append(records: Buffer, lines: number): void {
    this.write(records)
    this.counted = (this.counted ?? 0) + lines
  }

  private write(bytes: Buffer): void {
    const { fd } = this
    if (fd === undefined) throw new Error('the segment is sealed')
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
    } catch (error) {
      ftruncateSync(fd, this.bytes)
      throw error
    }
    this.bytes += bytes.length
    this.isDirty = true
  }

  /** Brings what is written to the disk, in another thread. Never rejects. @returns what went wrong, if anything did. */
  async sync(): Promise<NodeJS.ErrnoException | undefined> {
    // Each waits for a sync that began after its own lines: the one that runs may not see them.
    while (this.syncing !== undefined) await this.syncing
    const { fd } = this
    if (fd === undefined || !this.isDirty) return undefined
    this.isDirty = false
    let problem: NodeJS.ErrnoException | undefined
    this.syncing = new Promise((resolve) => {
      fsync(fd, (error) => {
        problem = error ?? undefined
        if (problem !== undefined) this.isDirty = true
        this.syncing = undefined
        resolve()
      })
    })
    await this.syncing
    return problem
  }

  /** The same before it returns. */
  syncSync(): void {
    if (this.fd === undefined || !(this.isDirty || this.syncing !== undefined)) return
    fsyncSync(this.fd)
    this.isDirty = false
  }

  /** Nothing is added from here on. Never rejects. @returns what went wrong with the sync, if anything did. */
  async seal(isSynced: boolean): Promise<NodeJS.ErrnoException | undefined> {
    const problem = isSynced ? await this.sync() : undefined
    while (this.syncing !== undefined) await this.syncing
    const { fd } = this
    this.fd = undefined
    try {
      if (fd !== undefined) closeSync(fd)
    } catch {
      // What could not be written is in no record that is whole, and counted when it is read.
    }
    return problem
  }

  /** @throws what the system says. */
  async read(): Promise<Decoded> {
    return this.decode(await readFileSafely(this.path))
  }

  /** @throws what the system says. */
  readSync(): Decoded {
    return this.decode(readFileSafelySync(this.path))
  }

  private decode(bytes: Buffer): Decoded {
    const decoded = decodeSegment(bytes, this.counted)
    this.counted ??= decoded.entries.lines.length + decoded.missing
    return decoded
  }

  /**
   * Replaces its file by one of these entries alone, numbered anew: what is missing or settled is then counted once, in this
   * process and in any that takes the file over. A link or another's file in its place is not written to. @throws what the system
   * says; then the file is as it was.
   */
  rewrite({ lines, levels, ms, ns }: Entries, isSynced: boolean): void {
    const list = lines.map((line, i) => ({
      ...{ line, level: levels[i] as number, ms: ms[i] as number, ns: ns[i] as number },
    }))
    const temporary = `${this.path}.whole`
    const bytes = Buffer.concat([headerOf(this.level), encodeRecords(list)])
    try {
      writeFileSync(temporary, bytes, { flag: 'wx', mode: 0o640, flush: isSynced })
      renameSync(temporary, this.path)
    } catch (error) {
      removeQuietly(temporary)
      throw error
    }
    this.bytes = bytes.length
    this.counted = list.length
  }

  remove(): void {
    try {
      unlinkSync(this.path)
      // Its room is needed now, and not when a sync that runs in another thread lets the descriptor go.
      if (this.fd !== undefined) ftruncateSync(this.fd, 0)
    } catch {
      // Gone already: another process has taken it over.
    }
    void this.seal(false)
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It was never made.
  }
}

/** A new file is found after a crash of the machine only when its folder is on the disk too. */
export function syncFolder(path: string): void {
  try {
    const fd = openSync(path, 'r')
    fsyncSync(fd)
    closeSync(fd)
  } catch {
    // Windows has no such thing.
  }
}
