import { resolve } from 'node:path'
import { checkOptions, refused } from '../check-options.js'
import type { Destination } from '../destination.js'
import { warnOnce } from '../warn.js'
import { DescriptorDestination } from './descriptor.js'
import type { FlushOptions } from './flush-options.js'
import { headOf, openLog } from './open-log.js'
import { checkRotation, type RotateOptions } from './rotation/options.js'
import { RotatingFile, type RotatingFileOptions } from './rotation/rotating-file.js'
import { checkPolicy, type WritePolicy } from './write-policy.js'
import { DescriptorWriter } from './writer.js'

/** The options of `file`. */
export interface FileOptions {
  /** When lines reach the file; `turn` by default, `line` in a worker thread. */
  readonly policy?: WritePolicy
  /** What may wait in memory while the disk is full, in UTF-16 units; 16 MiB by default. */
  readonly maxQueuedBytes?: number
  /** Makes the folders of the path; `true` by default. */
  readonly mkdir?: boolean
  /** The mode of a file that is created; 0o640 by default, since logs are not for everybody. */
  readonly mode?: number
  /** Opens the path again on this signal, as logrotate's `postrotate` sends it. None by default. */
  readonly reopenOn?: 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2'
  /** Begins a new file by size or by time, and compresses and removes older ones; never by default. Not beside `reopenOn`. */
  readonly rotate?: RotateOptions
}

const REOPEN_SIGNALS = ['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const
type ReopenSignal = (typeof REOPEN_SIGNALS)[number]

const DEFAULT_MODE = 0o640
const MAX_MODE = 0o7777
/** When a path that cannot be opened is tried again: at first, and at most. */
const REOPEN_RETRY_MS = { least: 100, most: 5_000 }

/** A file, appended to. */
export interface FileDestination extends Destination {
  /**
   * Opens the path again, after it was renamed or removed: lines go to the new file from here on. While the path cannot be
   * opened, the old file goes on, with one warning on standard error, and opening is tried again until it succeeds. With
   * `rotate`, it rotates at once.
   */
  reopen(): void
}

/** Options with their defaults. */
interface CheckedFile extends Omit<RotatingFileOptions, 'rotate'> {
  readonly reopenOn: ReopenSignal | undefined
  readonly rotate: RotatingFileOptions['rotate'] | undefined
}

/**
 * A file, opened for appending at once, so that several processes may share it (a write to such a file is atomic on local
 * file systems). With `rotate`, each process has a file of its own.
 *
 * @param path Relative to the working directory.
 * @throws when the file cannot be opened, naming it; TypeError for an option that cannot be used.
 */
export function file(path: string, options: FileOptions = {}): FileDestination {
  if (typeof path !== 'string' || path === '') throw refused('file(path)', path, "a file's path")
  const checked = checkFile(options)
  const { rotate } = checked
  if (rotate !== undefined) return new RotatingFile(resolve(path), { ...checked, rotate })
  return new AppendedFile(resolve(path), checked)
}

function checkFile(options: FileOptions): CheckedFile {
  const known = ['policy', 'maxQueuedBytes', 'mkdir', 'mode', 'reopenOn', 'rotate'] as const
  const checked = checkOptions('file(path, options)', options, known)
  const reopenOn = checked.oneOf('reopenOn', REOPEN_SIGNALS, undefined)
  if (reopenOn !== undefined && checked.given.rotate !== undefined) {
    throw checked.refused('reopenOn', reopenOn, 'no reopenOn beside rotate')
  }
  const rotation = ['size', 'every', 'keep', 'compress', 'timeZone'] as const
  const isMode = (mode: unknown) => Number.isInteger(mode) && (mode as number) >= 0 && (mode as number) <= MAX_MODE
  return {
    policy: checkPolicy(checked),
    maxQueued: checked.number('maxQueuedBytes', undefined, { above: 0 }),
    mkdir: checked.boolean('mkdir', true),
    mode: checked.check('mode', isMode, 'the bits of a mode, such as 0o640') ?? DEFAULT_MODE,
    reopenOn,
    rotate: checked.given.rotate === undefined ? undefined : checkRotation(checked.nested('rotate', rotation)),
  }
}

class AppendedFile extends DescriptorDestination implements FileDestination {
  private retryTimer: NodeJS.Timeout | undefined
  private retryMs = REOPEN_RETRY_MS.least

  constructor(
    private readonly path: string,
    private readonly options: CheckedFile,
  ) {
    const fd = openLog(path, options)
    super(new DescriptorWriter(fd, path), options.policy)
    this.writer.bound(options.maxQueued)
    this.writer.begin(headOf(path, fd))
    if (options.reopenOn !== undefined) process.on(options.reopenOn, this.onSignal)
  }

  reopen(): void {
    if (this.closed) return
    clearTimeout(this.retryTimer)
    try {
      const fd = openLog(this.path, this.options)
      this.writer.replace(fd, headOf(this.path, fd))
      this.retryMs = REOPEN_RETRY_MS.least
    } catch (error) {
      const reason = (error as Error).message
      warnOnce(`${this.path}: cannot be opened again (${reason}); the old file goes on, and opening is tried again`)
      this.retryTimer = setTimeout(this.onSignal, this.retryMs).unref()
      this.retryMs = Math.min(this.retryMs * 2, REOPEN_RETRY_MS.most)
    }
  }

  override async close(options?: FlushOptions): Promise<void> {
    if (this.closed) return
    clearTimeout(this.retryTimer)
    if (this.options.reopenOn !== undefined) process.off(this.options.reopenOn, this.onSignal)
    await super.close(options)
    this.writer.release()
  }

  private readonly onSignal = (): void => this.reopen()
}
