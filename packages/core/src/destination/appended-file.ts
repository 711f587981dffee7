import type { Destination } from '../destination.js'
import { warnOnce } from '../warn.js'
import { DescriptorDestination } from './descriptor.js'
import type { FlushOptions } from './flush-options.js'
import { headOf, type Making, openLog } from './open-log.js'
import { usualPolicy, type WritePolicy } from './write-policy.js'
import { DescriptorWriter } from './writer.js'

export const DEFAULT_MODE = 0o640
/** When a path that cannot be opened is tried again: at first, and at most. */
const REOPEN_RETRY_MS = { least: 100, most: 5_000 }

/** Signals on which a file may be opened again. */
export const REOPEN_SIGNALS = ['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const

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
export interface AppendedFileOptions extends Making {
  readonly policy: WritePolicy
  readonly maxQueued: number | undefined
  readonly reopenOn: (typeof REOPEN_SIGNALS)[number] | undefined
}

/**
 * A file with every option at its default, for `LOG_DESTINATION`. `file(path)` does the same; this is without rotation, which
 * a program that names no file need not bundle.
 */
export function appendedFile(path: string): FileDestination {
  const options = { mkdir: true, mode: DEFAULT_MODE, policy: usualPolicy(), maxQueued: undefined, reopenOn: undefined }
  return new AppendedFile(path, options)
}

/** A file without rotation. */
export class AppendedFile extends DescriptorDestination implements FileDestination {
  private retryTimer: NodeJS.Timeout | undefined
  private retryMs = REOPEN_RETRY_MS.least

  constructor(
    private readonly path: string,
    private readonly options: AppendedFileOptions,
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
