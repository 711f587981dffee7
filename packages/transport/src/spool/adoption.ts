import { closeSync, openSync, readdirSync, readFileSync, readSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Owner, stateOf } from 'throughline/internal'
import { type Folder, LEASE_MS, LOCK } from './folder.js'
import { HEADER_BYTES, readHeader } from './record.js'

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
  ) {}

  /** Segments of a version that we cannot read, which nobody alive is writing. They are left as they are. */
  newer(): readonly string[] {
    return this.abandoned().flatMap((path) => segmentsIn(path).filter((file) => kindOf(file) === 'newer'))
  }

  /** @returns the segments, which are ours now. */
  adopt(): readonly string[] {
    return this.abandoned().flatMap((path) => this.take(path))
  }

  private abandoned(): readonly string[] {
    const ours = this.folder()
    return readdirSync(this.parent)
      .filter((name) => !name.startsWith('.'))
      .map((name) => join(this.parent, name))
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
    const touched = statSync(lock, { throwIfNoEntry: false })?.mtimeMs
    if (touched === undefined) return false
    const seen = this.sightings.get(lock)
    if (seen?.touched === touched) return performance.now() - seen.since > LEASE_MS
    this.sightings.set(lock, { touched, since: performance.now() })
    return false
  }

  /** Of two who try at the same time the file system lets one have it. */
  private take(path: string): readonly string[] {
    const ours = this.folder()
    if (segmentsIn(path).some((file) => kindOf(file) === 'newer')) return []
    const inOurs = `${ours.nextFile()}.adopted`
    try {
      renameSync(path, inOurs)
    } catch {
      return []
    }
    const files = segmentsIn(inOurs).map((file) => {
      const moved = ours.nextFile()
      renameSync(file, moved)
      return moved
    })
    rmSync(inOurs, { recursive: true, force: true })
    return files
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
    return JSON.parse(readFileSync(lock, 'utf8')) as Owner
  } catch (error) {
    // Without a lock it is nobody's. One that cannot be read, or lost its text when the machine died, is somebody's as long
    // as it is touched.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'unreadable'
  }
}

/** Oldest first. Also those that its owner had taken over and not moved yet. */
function segmentsIn(path: string): readonly string[] {
  try {
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.segment'))
      .sort()
      .map((file) => join(path, file))
  } catch {
    // Another process has taken it in this moment.
    return []
  }
}

function kindOf(file: string): 'ours' | 'newer' | 'none' {
  const start = Buffer.alloc(HEADER_BYTES)
  try {
    const fd = openSync(file, 'r')
    try {
      return readHeader(start.subarray(0, readSync(fd, start, 0, HEADER_BYTES, 0))).kind
    } finally {
      closeSync(fd)
    }
  } catch {
    return 'none'
  }
}
