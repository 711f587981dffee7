import { randomBytes } from 'node:crypto'
import { mkdirSync, renameSync, rmdirSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Owner, thisOwner } from 'throughline/internal'
import { syncFolder } from './segment.js'

/** A folder whose lock has not been touched for so long belongs to nobody, where nobody can see whether its owner lives. */
export const LEASE_MS = 30_000
/** How often an owner touches its lock. */
const RENEWAL_MS = 5_000

/** The file that says whose a folder is. */
export const LOCK = 'lock'

/** This process's own folder of a spool: nobody else writes, ships or removes what is in it. */
export class Folder {
  readonly path: string
  readonly owner: Owner = thisOwner()
  private readonly timer: NodeJS.Timeout
  private renewedAt = performance.now()
  private files = 0

  /** @throws what the system says. */
  constructor(parent: string, isSynced: boolean) {
    const id = `${process.pid}-${randomBytes(6).toString('hex')}`
    this.path = join(parent, id)
    // It appears with its lock in it: a folder without one is nobody's.
    const unseen = join(parent, `.${id}`)
    mkdirSync(unseen, { recursive: true, mode: 0o750 })
    writeFileSync(join(unseen, LOCK), JSON.stringify(this.owner), { flush: isSynced })
    renameSync(unseen, this.path)
    // A file outlives a crash of the machine only when every folder on the way to it does.
    if (isSynced) for (const path of [this.path, parent, dirname(parent)]) syncFolder(path)
    this.timer = setInterval(() => this.renew(), RENEWAL_MS).unref()
  }

  /** Where the next segment is to be. */
  nextFile(): string {
    return join(this.path, `${String(this.files++).padStart(10, '0')}.segment`)
  }

  /**
   * Whether it is ours still. A process that was stopped for longer than the lease may wake up to find that another has
   * taken its folder over: it must not write there any more.
   */
  isOurs(): boolean {
    return performance.now() - this.renewedAt < LEASE_MS / 2 || this.renew()
  }

  /** Leaves what is in it to whoever comes. */
  release(): void {
    clearInterval(this.timer)
    try {
      unlinkSync(join(this.path, LOCK))
      rmdirSync(this.path)
    } catch {
      // There is something in it, for the next process.
    }
  }

  private renew(): boolean {
    try {
      const now = new Date()
      utimesSync(join(this.path, LOCK), now, now)
      this.renewedAt = performance.now()
      return true
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'ENOENT'
    }
  }
}

/** @throws an error that begins with `what`, when the folder cannot be made or written. */
export function openFolder(parent: string, what: string, isSynced: boolean): Folder {
  try {
    mkdirSync(parent, { recursive: true, mode: 0o750 })
    return new Folder(parent, isSynced)
  } catch (error) {
    throw new Error(`${what} cannot be written (${(error as NodeJS.ErrnoException).code})`, { cause: error })
  }
}
