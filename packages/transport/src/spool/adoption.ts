import { type Dirent, lstatSync, readdirSync, renameSync, rmdirSync, unlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Owner, stateOf } from 'throughline/internal'
import { type Folder, LEASE_MS, LOCK } from './folder.js'
import type { Adopted } from './segment.js'
import { inspect, readFileSafelySync, reasonOf } from './segment-file.js'

/** What is done with files that cannot be shipped. */
export interface Unreadables {
  /** @param path The folder that has these files. Their lines are nobody's any more. */
  setAside(path: string, files: readonly { readonly path: string; readonly reason: string }[]): void
  /** A folder that belongs to nobody, and that this process may not move. */
  refused(path: string, reason: string): void
}

/** A lock as it was last seen, and since when it has been the same. */
interface Sighting {
  readonly touched: number
  readonly since: number
}

/** Finds the folders that dead processes left beside ours, and takes over what is in them. */
export class Adoption {
  private readonly sightings = new Map<string, Sighting>()

  constructor(
    /** Where the folders of all processes are. */
    private readonly parent: string,
    private readonly folder: () => Folder,
    private readonly unreadables: Unreadables,
  ) {}

  /** Segments of a version that we cannot read, which nobody alive is writing. They are left as they are. */
  newer(): readonly string[] {
    return this.abandoned().flatMap((path) => segmentsIn(path).filter((file) => inspect(file).kind === 'newer'))
  }

  /** @returns the segments, which are ours now. */
  adopt(): readonly Adopted[] {
    return this.abandoned().flatMap((path) => this.take(path))
  }

  private abandoned(): readonly string[] {
    const ours = this.folder()
    return entriesIn(this.parent)
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => join(this.parent, name))
      .filter((path) => path !== ours.path && this.isAbandoned(path, ours.owner))
  }

  private isAbandoned(path: string, us: Owner): boolean {
    const lock = join(path, LOCK)
    const owner = ownerIn(lock)
    const state = owner === undefined ? 'dead' : owner === 'unreadable' ? 'unknown' : stateOf(owner, us)
    return state === 'dead' || (state === 'unknown' && this.isExpired(lock))
  }

  /** By our own clock, and by what we saw ourselves: another machine's clock may be anywhere. */
  private isExpired(lock: string): boolean {
    const touched = this.touchedAt(lock)
    if (touched === undefined) return false
    const seen = this.sightings.get(lock)
    if (seen?.touched === touched) return performance.now() - seen.since > LEASE_MS
    this.sightings.set(lock, { touched, since: performance.now() })
    return false
  }

  private touchedAt(lock: string): number | undefined {
    try {
      return lstatSync(lock, { throwIfNoEntry: false })?.mtimeMs
    } catch (error) {
      this.unreadables.refused(dirname(lock), reasonOf(error))
      return undefined
    }
  }

  /** Of two who try at the same time the file system lets one have it. */
  private take(path: string): readonly Adopted[] {
    const ours = this.folder()
    if (segmentsIn(path).some((file) => inspect(file).kind === 'newer')) return []
    const inOurs = `${ours.nextFile()}.adopted`
    try {
      renameSync(path, inOurs)
    } catch (error) {
      // Another process was first; else it is another user's.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.unreadables.refused(path, reasonOf(error))
      return []
    }
    const adopted: Adopted[] = []
    const unreadable: { path: string; reason: string }[] = []
    for (const file of segmentsIn(inOurs)) {
      // Each by itself: one that cannot be read does not keep the others.
      try {
        const found = inspect(file)
        if (found.kind === 'segment') adopted.push(this.moveIn(file, found))
        else if (found.kind === 'empty') unlinkSync(file)
        else unreadable.push({ path: file, reason: found.kind === 'unreadable' ? found.reason : 'a newer version' })
      } catch (error) {
        unreadable.push({ path: file, reason: reasonOf(error) })
      }
    }
    removeEmpty(inOurs)
    if (lstatSync(inOurs, { throwIfNoEntry: false }) !== undefined) this.unreadables.setAside(inOurs, unreadable)
    return adopted
  }

  private moveIn(file: string, { level, bytes }: Omit<Adopted, 'path'>): Adopted {
    const path = this.folder().nextFile()
    renameSync(file, path)
    return { path, level, bytes }
  }
}

/** What to throw about such a segment: to go on would be to leave its lines to nobody, to remove it to lose them. */
export function newerVersion(what: string, segment: string): Error {
  return new Error(
    `${what} holds lines that a newer version of this package wrote, and that this one cannot read; accepted: that ` +
      `version, or another folder. Nothing in it was touched (${segment})`,
  )
}

function ownerIn(lock: string): Owner | 'unreadable' | undefined {
  try {
    return JSON.parse(readFileSafelySync(lock).toString()) as Owner
  } catch (error) {
    // Without a lock it is nobody's. One that cannot be read, or lost its text when the machine died, is somebody's as long
    // as it is touched.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'unreadable'
  }
}

/** Folders that were taken over and not emptied are in one another; deeper ones are not ours. */
const MOST_DEPTH = 16

/** Whatever is named like a segment, oldest first. Also those that its owner had taken over and not moved yet. */
function segmentsIn(path: string, depth = 0): readonly string[] {
  return entriesIn(path).flatMap((entry) => {
    const inner = join(path, entry.name)
    // Never through a link, which may lead anywhere.
    const within = entry.isDirectory() && depth < MOST_DEPTH ? segmentsIn(inner, depth + 1) : []
    return entry.name.endsWith('.segment') ? [inner, ...within] : within
  })
}

/** Removes a folder with its lock, and the folders within, where nothing else is in them. */
function removeEmpty(path: string, depth = 0): void {
  for (const entry of entriesIn(path)) {
    const inner = join(path, entry.name)
    try {
      if (entry.isDirectory() && depth < MOST_DEPTH) removeEmpty(inner, depth + 1)
      else if (entry.name === LOCK && entry.isFile()) unlinkSync(inner)
    } catch {
      // It stays, and its folder with it.
    }
  }
  try {
    rmdirSync(path)
  } catch {
    // Something else is in it.
  }
}

function entriesIn(path: string): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    // Another process has taken it in this moment, or it is another user's.
    return []
  }
}
