import { randomBytes } from 'node:crypto'
import { copyFileSync, linkSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** The folder, beside those of the stores. */
const DAMAGED = 'damaged'
/** Of the spool's bound, what damaged files may take beside it. */
const SHARE = 4

/**
 * The folder of what cannot be shipped: damaged segments as they were, and what is no segment. Nothing in it is read or
 * shipped again; over a quarter of the spool's `maxBytes` the oldest go.
 */
export class DamagedFiles {
  private readonly folder: string

  /**
   * @param dir The spool's folder.
   * @param maxBytes The spool's bound.
   */
  constructor(
    dir: string,
    private readonly maxBytes: number,
  ) {
    this.folder = join(dir, DAMAGED)
  }

  /** Keeps a copy of a segment. @returns its path. @throws what the system says. */
  keep(path: string): string {
    const kept = this.place(path)
    try {
      linkSync(path, kept)
    } catch {
      // Some file systems have no links.
      copyFileSync(path, kept)
    }
    this.makeRoom(kept)
    return kept
  }

  /** Moves a file or a folder there. @returns its path. @throws what the system says. */
  take(path: string): string {
    const kept = this.place(path)
    renameSync(path, kept)
    this.makeRoom(kept)
    return kept
  }

  private place(path: string): string {
    mkdirSync(this.folder, { recursive: true, mode: 0o750 })
    // The store's folder, and the process's: names of segments are given again in each.
    const process = basename(dirname(path))
    return join(this.folder, `${process}-${randomBytes(3).toString('hex')}-${basename(path)}`)
  }

  private makeRoom(last: string): void {
    try {
      const files = readdirSync(this.folder)
        .map((name) => join(this.folder, name))
        .map((path) => ({ path, bytes: sizeOnDisk(path), ms: lstatSync(path).ctimeMs }))
        .sort((a, b) => a.ms - b.ms)
      let bytes = files.reduce((sum, file) => sum + file.bytes, 0)
      for (const file of files) {
        if (bytes <= this.maxBytes / SHARE || file.path === last) return
        rmSync(file.path, { recursive: true, force: true })
        bytes -= file.bytes
      }
    } catch {
      // Another process makes room at the same time, or these files are another user's: the next one tries again.
    }
  }
}

/** Of a file, or of the files in a folder. A sparse file takes less than its size. */
function sizeOnDisk(path: string): number {
  const stat = lstatSync(path)
  if (!stat.isDirectory()) return stat.blocks * 512
  return readdirSync(path).reduce((sum, name) => sum + sizeOnDisk(join(path, name)), 0)
}
