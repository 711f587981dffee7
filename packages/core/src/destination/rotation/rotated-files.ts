import { lstatSync, readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { nodeCrypto } from '../../node-crypto.js'
import { warnOnce } from '../../warn.js'
import type { Claims } from './claims.js'
import { type CompressJob, compressFiles, SUFFIXES } from './compress.js'
import type { CheckedRotation } from './options.js'

const DAY_MS = 86_400_000
/** A file whose writer is unknown, and that was not written to for so long, has none. */
const QUIET_MS = DAY_MS

/** A file that has been rotated. */
interface RotatedFile {
  readonly path: string
  readonly inode: bigint
  readonly bytes: number
  /** When it was written to last, in milliseconds since 1970. */
  readonly written: number
  readonly isCompressed: boolean
}

/** A file that belongs to an inode: its claim, or a compressed copy that is not complete. */
interface HiddenFile {
  readonly name: string
  readonly inode: bigint
  readonly claim: string | undefined
}

/** The rotated files of one log: `app.log.2026-12-01T10-15-23.120Z.a1b2c3`, with `.gz` or `.zst` once they are compressed. */
export class RotatedFiles {
  private readonly folder: string
  private readonly base: string
  private readonly pattern: RegExp

  constructor(
    path: string,
    private readonly claims: Claims,
    private readonly options: CheckedRotation,
  ) {
    this.folder = dirname(path)
    this.base = basename(path)
    const escaped = this.base.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    this.pattern = new RegExp(
      String.raw`^${escaped}\.\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z\.[0-9a-f]{6}(\.gz|\.zst)?$`,
    )
  }

  /** A new name for a file that was begun then. Names sort by time; no two calls return the same one. */
  newPath(begun: number): string {
    // No colons, which Windows does not allow.
    const time = new Date(begun).toISOString().replaceAll(':', '-')
    return join(this.folder, `${this.base}.${time}.${nodeCrypto().randomBytes(3).toString('hex')}`)
  }

  /**
   * Compresses what no process writes to, and removes what is not to be kept. The calls are synchronous: a promise for each
   * would take the event loop ten times as long (bench `rotation`).
   */
  async tidy(): Promise<void> {
    const hidden = this.hiddenFiles()
    const files = this.list()
    await this.compress(files)
    this.removeOld()
    this.removeOrphans(hidden, files)
  }

  /** Oldest first. */
  private list(): readonly RotatedFile[] {
    const names = readdirSync(this.folder).filter((name) => this.pattern.test(name))
    const files: RotatedFile[] = []
    for (const name of names.sort()) {
      const path = join(this.folder, name)
      const found = lstatSync(path, { bigint: true, throwIfNoEntry: false })
      if (found?.isFile() !== true) continue
      const isCompressed = Object.values(SUFFIXES).some((suffix) => name.endsWith(suffix))
      files.push({ path, inode: found.ino, bytes: Number(found.size), written: Number(found.mtimeMs), isCompressed })
    }
    return files
  }

  private async compress(files: readonly RotatedFile[]): Promise<void> {
    const { compress } = this.options
    const taken: (CompressJob & Pick<RotatedFile, 'inode'> & { readonly begun: number })[] = []
    for (const file of files) {
      if (file.isCompressed) continue
      const { path, inode } = file
      const begun = this.claims.take(inode, compress !== undefined && isQuiet(file))
      if (begun === undefined) continue
      if (compress === undefined) this.claims.remove(inode, begun)
      else {
        const temporary = this.claims.path(inode, '.tmp')
        taken.push({ path, temporary, compressed: path + SUFFIXES[compress], inode, begun })
      }
    }
    if (compress === undefined) return
    await compressFiles(taken, compress, (index, error) => {
      const { inode, begun } = taken[index] as (typeof taken)[number]
      if (error === undefined) {
        this.claims.remove(inode, begun)
        return
      }
      this.claims.free(inode, begun)
      warnOnce(`${this.base}: a rotated file cannot be compressed (${error}); it is tried again later`)
    })
  }

  private removeOld(): void {
    const { files: most, days, bytes: room } = this.options.keep
    const oldest = Date.now() - days * DAY_MS
    let [files, bytes] = [0, 0]
    for (const file of [...this.list()].reverse()) {
      files++
      bytes += file.bytes
      if (files <= most && bytes <= room && file.written >= oldest) continue
      if (this.isWrittenTo(file)) continue
      rmSync(file.path, { force: true })
    }
  }

  private isWrittenTo(file: RotatedFile): boolean {
    const state = this.claims.state(file.inode)
    return state === 'alive' || (state === 'unknown' && !isQuiet(file))
  }

  /** The hidden files beside the log, each with its inode and that inode's claim. */
  private hiddenFiles(): readonly HiddenFile[] {
    const prefix = `.${this.base}.`
    const found: HiddenFile[] = []
    for (const name of readdirSync(this.folder)) {
      const digits = name.startsWith(prefix) ? /^\d+(?=$|\.)/.exec(name.slice(prefix.length))?.[0] : undefined
      if (digits === undefined) continue
      const inode = BigInt(digits)
      found.push({ name, inode, claim: this.claims.text(inode) })
    }
    return found
  }

  /**
   * Removes the hidden files whose file is gone. The system may have given an inode to a file that is newer than the lists: then its
   * claim is another one by now.
   */
  private removeOrphans(hidden: readonly HiddenFile[], files: readonly RotatedFile[]): void {
    const present = new Set(files.map(({ inode }) => inode))
    const active = statSync(join(this.folder, this.base), { bigint: true, throwIfNoEntry: false })
    for (const { name, inode, claim } of hidden) {
      const isOrphan = !present.has(inode) && inode !== active?.ino && this.claims.state(inode) !== 'alive'
      // At once after the check.
      if (isOrphan && this.claims.text(inode) === claim) rmSync(join(this.folder, name), { force: true })
    }
  }
}

function isQuiet({ written }: RotatedFile): boolean {
  return Date.now() - written > QUIET_MS
}
