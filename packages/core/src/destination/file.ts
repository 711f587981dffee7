import { mkdirSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { warnOnce } from '../warn.js'
import { DescriptorDestination } from './descriptor.js'
import { checkPolicy, type Destination, type WritePolicy } from './destination.js'

export interface FileOptions {
  /** When lines reach the file; `turn` by default. */
  readonly policy?: WritePolicy
  /** What may wait in memory while the disk is full, in UTF-16 units; 16 MiB by default. */
  readonly maxQueuedBytes?: number
  /** Makes the folders on the way; `true` by default. */
  readonly mkdir?: boolean
  /** The mode of a file that is created; 0o640 by default, since logs are not for everybody. */
  readonly mode?: number
  /** Opens the path again on this signal, as logrotate's `postrotate` sends it. None by default. */
  readonly reopenOn?: 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2'
}

/** A file, appended to. */
export interface FileDestination extends Destination {
  /**
   * Opens the path again, after it was renamed or removed: lines go to the new file from here on. When the path cannot be
   * opened, one warning on standard error, and the old file goes on.
   */
  reopen(): void
}

/**
 * A file, opened for appending at once, so that several processes may share it (a write to such a file is atomic on local
 * file systems).
 *
 * @param path Relative to the working directory.
 * @throws when the file cannot be opened, naming it; TypeError for a policy that is none.
 */
export function file(path: string, options: FileOptions = {}): FileDestination {
  if (typeof path !== 'string' || path === '') {
    throw new TypeError(`file(path): got ${path === '' ? 'an empty string' : typeof path}; accepted: a file's path`)
  }
  return new AppendedFile(resolve(path), options)
}

class AppendedFile extends DescriptorDestination implements FileDestination {
  private readonly onSignal = (): void => this.reopen()

  constructor(
    private readonly path: string,
    private readonly fileOptions: FileOptions,
  ) {
    const { maxQueuedBytes } = fileOptions
    const policy = checkPolicy(fileOptions.policy, 'file(path, { policy })')
    super(open(path, fileOptions), { policy, name: path, maxQueuedBytes, closesDescriptor: true })
    if (fileOptions.reopenOn !== undefined) process.on(fileOptions.reopenOn, this.onSignal)
  }

  reopen(): void {
    try {
      this.replace(open(this.path, this.fileOptions))
    } catch (error) {
      warnOnce(`${this.path}: cannot be opened again (${(error as Error).message}); the old file goes on`)
    }
  }

  override async close(): Promise<void> {
    if (this.fileOptions.reopenOn !== undefined) process.off(this.fileOptions.reopenOn, this.onSignal)
    await super.close()
  }
}

function open(path: string, options: FileOptions): number {
  try {
    if (options.mkdir !== false) mkdirSync(dirname(path), { recursive: true })
    return openSync(path, 'a', options.mode ?? 0o640)
  } catch (error) {
    throw new Error(`file("${path}") cannot be opened for appending: ${(error as Error).message}`, { cause: error })
  }
}
