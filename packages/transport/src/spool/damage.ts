import { type DropCounter, warnOnce } from 'throughline/destination'
import type { Unreadables } from './adoption.js'
import { DamagedFiles } from './damaged-files.js'
import type { SpoolOptions } from './options.js'
import type { Decoded } from './record.js'
import type { Segment } from './segment.js'
import { reasonOf } from './segment-file.js'

export interface DamageParts {
  readonly name: string
  readonly drops: DropCounter
  readonly options: Required<SpoolOptions>
  readonly isSynced: boolean
}

/** What of a spool cannot be shipped: counted and reported once, and kept in a folder beside it. */
export class Damage implements Unreadables {
  /** Files and folders whose lines nobody can count. */
  unreadableFiles = 0
  private readonly kept: DamagedFiles
  private readonly refusedFolders = new Set<string>()

  constructor(private readonly parts: DamageParts) {
    this.kept = new DamagedFiles(parts.options.dir, parts.options.maxBytes)
  }

  /** Leaves the whole records in a segment. @returns the bytes by which it has grown. */
  repair(segment: Segment, decoded: Decoded): number {
    // It was counted, and could not be repaired.
    if (segment.isKept) return 0
    const { name, drops, isSynced } = this.parts
    const before = segment.bytes
    let where: string
    try {
      where = this.kept.keep(segment.path)
      segment.rewrite(decoded.entries, isSynced)
    } catch (error) {
      // A full disk, for instance. The file is moved when its lines are settled.
      segment.isKept = true
      where = segment.path
      warnOnce(`${name}: ${segment.path} cannot be repaired (${reasonOf(error)})`)
    }
    drops.count(segment.level, decoded.missing)
    warnOnce(
      `${name}: a segment of the spool is damaged: ${decoded.missing} of its lines are lost; it is kept as ${where}`,
    )
    return segment.bytes - before
  }

  /** A segment of ours cannot be read any more. */
  unreadable(segment: Segment, error: unknown): void {
    // Another process has taken it over, and ships it.
    if (segment.isKept || (error as NodeJS.ErrnoException).code === 'ENOENT') return
    segment.isKept = true
    this.parts.drops.count(segment.level, this.linesOf(segment))
    this.tell(segment.path, reasonOf(error))
  }

  /** A segment's lines that are not settled; 0 when it cannot be read, so that nobody can count them. */
  linesOf(segment: Segment): number {
    try {
      return Math.max(segment.records - segment.settled, 0)
    } catch {
      this.unreadableFiles++
      return 0
    }
  }

  setAside(path: string, files: readonly { readonly path: string; readonly reason: string }[]): void {
    this.unreadableFiles += files.length
    for (const file of files) this.tell(file.path, file.reason)
    try {
      this.kept.take(path)
    } catch (error) {
      warnOnce(`${this.parts.name}: ${path} cannot be moved out of the spool (${reasonOf(error)})`)
    }
  }

  refused(folder: string, reason: string): void {
    if (this.refusedFolders.has(folder)) return
    this.refusedFolders.add(folder)
    this.unreadableFiles++
    this.tell(folder, reason)
  }

  private tell(path: string, reason: string): void {
    const { name } = this.parts
    warnOnce(`${name}: ${path} cannot be read (${reason}); its lines are not shipped, those of the other files are`)
  }
}
