import { type BigIntStats, closeSync, constants, fstatSync, renameSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { warnOnce } from '../../warn.js'
import { DescriptorDestination } from '../descriptor.js'
import { doneWithin, type FlushOptions, timeoutOf } from '../flush-options.js'
import { headOf, type Making, openLog } from '../open-log.js'
import type { WritePolicy } from '../write-policy.js'
import { DescriptorWriter, type WriteHooks } from '../writer.js'
import { Claims } from './claims.js'
import type { CheckedRotation } from './options.js'
import { RotatedFiles } from './rotated-files.js'

/** How often an idle file checks whether it is due. */
const CHECK_MS = 60_000
/** How often rotated files are checked for their age while none is added. */
const TIDY_MS = 3_600_000
/** When a rotation that failed is tried again. */
const RETRY_MS = 1_000
/** Processes that start at the same time may take the path from each other. */
const MOST_ATTEMPTS = 20

/** Options with their defaults. */
export interface RotatingFileOptions extends Making {
  readonly policy: WritePolicy
  readonly maxQueued: number | undefined
  readonly rotate: CheckedRotation
}

/** The file that lines are written to. */
interface ActiveFile {
  readonly fd: number
  readonly inode: bigint
  /** When it was begun, in milliseconds since 1970. */
  readonly begun: number
  readonly size: number
  /** When it is due by the schedule. */
  readonly dueAt: number
}

/**
 * A file that is rotated by size and by time. The path is always the newest file; an older one is renamed, never copied.
 *
 * Each process writes to a file of its own, so that none has to know when another has finished with a file: a process that
 * finds the path in use renames that file, whose writer goes on under the new name, and begins its own. Nothing is lost when a
 * process is killed at any moment: every step is one rename, one creation or one removal.
 */
export class RotatingFile extends DescriptorDestination implements WriteHooks {
  private readonly claims: Claims
  private readonly files: RotatedFiles
  private active: ActiveFile
  private size: number
  private lastBegun = 0
  private retryAt = 0
  private checkTimer: NodeJS.Timeout | undefined
  /** Compression and removal, one after the other. */
  private tidying: Promise<void> = Promise.resolve()
  private isTidyPending = false
  private tidiedAt = 0

  /** @throws when the file cannot be opened, naming it. */
  constructor(
    private readonly path: string,
    private readonly options: RotatingFileOptions,
  ) {
    super(new DescriptorWriter(-1, path), options.policy)
    this.claims = new Claims(dirname(path), basename(path))
    this.files = new RotatedFiles(path, this.claims, options.rotate)
    this.active = this.open()
    this.size = this.active.size
    this.writer.fd = this.active.fd
    this.writer.bound(options.maxQueued)
    this.writer.begin(headOf(path, this.active.fd))
    this.writer.hooks = this
    this.checkLater()
    this.tidy()
  }

  /** Begins a new file at once. */
  reopen(): void {
    if (this.closed) return
    this.writer.write(0)
    this.rotate()
    this.writer.begin('')
  }

  beforeWrite(first: string): number {
    const { size: most } = this.options.rotate
    const now = Date.now()
    const isFull = most !== Number.POSITIVE_INFINITY && this.size + Buffer.byteLength(first) > most
    if (this.size === 0) this.renew(now)
    else if ((isFull || now >= this.active.dueAt) && now >= this.retryAt) this.rotate()
    return Math.max(0, most - this.size)
  }

  afterWrite(bytes: number): void {
    this.size += bytes
  }

  override async close(options?: FlushOptions): Promise<void> {
    if (this.closed) return
    const timeoutMs = timeoutOf(options)
    const started = performance.now()
    clearTimeout(this.checkTimer)
    await super.close(options)
    this.writer.release()
    this.claims.free(this.active.inode, this.active.begun)
    await doneWithin(Math.max(0, timeoutMs - (performance.now() - started)), this.tidying)
  }

  /** Goes on in a new file; where there cannot be one, in the old one, and tries again a second later. */
  private rotate(): void {
    try {
      this.renameOwn()
      const old = this.active
      this.active = this.open()
      this.writer.fd = this.active.fd
      this.size = this.active.size
      closeSync(old.fd)
      if (this.options.rotate.compress === undefined) this.claims.remove(old.inode, old.begun)
      else this.claims.free(old.inode, old.begun)
      this.checkLater()
      this.tidy()
    } catch (error) {
      this.retryAt = Date.now() + RETRY_MS
      const reason = (error as Error).message
      warnOnce(`${this.path}: cannot be rotated (${reason}); the old file goes on, and rotation is tried again`)
    }
  }

  /** An empty file that is due is begun anew, instead of rotated. */
  private renew(now: number): void {
    if (now < this.active.dueAt) return
    this.active = { ...this.active, begun: now, dueAt: this.options.rotate.schedule.after(now) }
    this.claims.put(this.active.inode, now)
  }

  /** Frees the path, unless another process has done so. */
  private renameOwn(): void {
    const { inode, begun, fd } = this.active
    if (statOf(this.path)?.ino !== inode) return
    const target = this.files.newPath(begun)
    if (process.platform !== 'win32') {
      renameSync(this.path, target)
      return
    }
    // Windows does not rename an open file.
    closeSync(fd)
    let path = this.path
    try {
      renameSync(this.path, target)
      path = target
    } finally {
      this.active = { ...this.active, fd: openLog(path, this.options) }
      this.writer.fd = this.active.fd
    }
  }

  private open(): ActiveFile {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const found = statOf(this.path)
      const active = found === undefined ? this.create(this.path) : this.adopt(found)
      if (active !== undefined) return active
    }
    throw new Error(`file("${this.path}"): other processes take the path again and again`)
  }

  /** @returns undefined where another process has created it meanwhile. */
  private create(path: string): ActiveFile | undefined {
    let fd: number
    try {
      fd = openLog(path, this.options, constants.O_EXCL)
    } catch (error) {
      if (((error as Error).cause as NodeJS.ErrnoException).code === 'EEXIST') return undefined
      throw error
    }
    const inode = fstatSync(fd, { bigint: true }).ino
    // Names sort by it, also those of files that were begun in one millisecond.
    const begun = Math.max(Date.now(), this.lastBegun + 1)
    this.lastBegun = begun
    this.claims.put(inode, begun)
    return { fd, inode, begun, size: 0, dueAt: this.options.rotate.schedule.after(begun) }
  }

  /**
   * Goes on with a file that a process before this one has left, where it is not due; renames any other.
   *
   * @returns undefined when the path is free.
   */
  private adopt(found: BigIntStats): ActiveFile | undefined {
    if (!found.isFile()) throw new Error(`file("${this.path}") is no regular file, and cannot be rotated`)
    const { size, schedule } = this.options.rotate
    const dueAt = schedule.after(Number(found.mtimeMs))
    const isDue = Number(found.size) >= size || dueAt <= Date.now()
    const begun = isDue ? undefined : this.claims.take(found.ino)
    if (begun === undefined) return this.renameOther(found)
    const fd = openLog(this.path, this.options)
    const stat = fstatSync(fd, { bigint: true })
    if (stat.ino === found.ino) return { fd, inode: stat.ino, begun, size: Number(stat.size), dueAt }
    closeSync(fd)
    this.claims.free(found.ino, begun)
    return undefined
  }

  private renameOther({ ino, birthtimeMs, mtimeMs }: BigIntStats): ActiveFile | undefined {
    const born = birthtimeMs > 0n && birthtimeMs < mtimeMs ? birthtimeMs : mtimeMs
    try {
      renameSync(this.path, this.files.newPath(this.claims.begun(ino) ?? Number(born)))
      return undefined
    } catch (error) {
      // Another process has renamed it.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      // Another process has it open: ours gets its later name at once.
      if (process.platform === 'win32') return this.create(this.files.newPath(Date.now()))
      throw error
    }
  }

  /** Rotates a file that nothing is written to when it is due, and removes rotated files when they are too old. */
  private checkLater(): void {
    clearTimeout(this.checkTimer)
    const ahead = this.active.dueAt - Date.now()
    const wait = ahead > 0 ? Math.min(ahead, CHECK_MS) : RETRY_MS
    this.checkTimer = setTimeout(() => {
      const now = Date.now()
      this.writer.write(0)
      if (this.size === 0) this.renew(now)
      else if (now >= this.active.dueAt && this.writer.error === undefined) this.rotate()
      if (now - this.tidiedAt > TIDY_MS) this.tidy()
      this.checkLater()
    }, wait).unref()
  }

  private tidy(): void {
    if (this.isTidyPending) return
    this.isTidyPending = true
    this.tidiedAt = Date.now()
    this.tidying = this.tidying.then(async () => {
      this.isTidyPending = false
      try {
        await this.files.tidy()
      } catch (error) {
        warnOnce(`${this.path}: rotated files cannot be tidied (${(error as Error).message}); it is tried again later`)
      }
    })
  }
}

function statOf(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })
}
