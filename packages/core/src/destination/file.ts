import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { checkKnown, refused } from '../refusal.js'
import { warnOnce } from '../warn.js'
import { DescriptorDestination } from './descriptor.js'
import { checkMaxQueued, checkPolicy, type Destination, type WritePolicy } from './destination.js'
import { sleep } from './sleep.js'
import { DescriptorWriter } from './writer.js'

/** The options of `file`. */
export interface FileOptions {
  /** When lines reach the file; `turn` by default, `line` in a worker thread. */
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

const DEFAULT_MODE = 0o640

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
 * @throws when the file cannot be opened, naming it; TypeError for an option that cannot be used.
 */
export function file(path: string, options: FileOptions = {}): FileDestination {
  if (typeof path !== 'string' || path === '') {
    throw new TypeError(`file(path): got ${path === '' ? 'an empty string' : typeof path}; accepted: a file's path`)
  }
  checkFile(options)
  return new AppendedFile(resolve(path), options)
}

const REOPEN_SIGNALS = ['SIGHUP', 'SIGUSR1', 'SIGUSR2']

function checkFile(options: FileOptions): void {
  checkKnown('file', options, ['policy', 'maxQueuedBytes', 'mkdir', 'mode', 'reopenOn'])
  const { mkdir = true, mode = DEFAULT_MODE, reopenOn } = options
  if (typeof mkdir !== 'boolean') throw refused('file(path, { mkdir })', mkdir, 'true or false')
  if (!Number.isInteger(mode) || mode < 0 || mode > 0o7777) {
    throw refused('file(path, { mode })', mode, 'the bits of a mode, such as 0o640')
  }
  if (reopenOn !== undefined && !REOPEN_SIGNALS.includes(reopenOn)) {
    throw refused('file(path, { reopenOn })', reopenOn, REOPEN_SIGNALS.join(', '))
  }
}

class AppendedFile extends DescriptorDestination implements FileDestination {
  private readonly onSignal = (): void => this.reopen()

  constructor(
    private readonly path: string,
    private readonly fileOptions: FileOptions,
  ) {
    const policy = checkPolicy(fileOptions.policy, 'file(path, { policy })')
    const maxQueued = checkMaxQueued(fileOptions.maxQueuedBytes, 'file(path, { maxQueuedBytes })')
    const fd = open(path, fileOptions)
    super(new DescriptorWriter(fd, path), policy)
    this.writer.bound(maxQueued)
    this.writer.begin(leadOf(path, fd))
    if (fileOptions.reopenOn !== undefined) process.on(fileOptions.reopenOn, this.onSignal)
  }

  reopen(): void {
    if (this.closed) return
    try {
      const fd = open(this.path, this.fileOptions)
      this.writer.replace(fd, leadOf(this.path, fd))
    } catch (error) {
      warnOnce(`${this.path}: cannot be opened again (${(error as Error).message}); the old file goes on`)
    }
  }

  override async close(): Promise<void> {
    if (this.closed) return
    if (this.fileOptions.reopenOn !== undefined) process.off(this.fileOptions.reopenOn, this.onSignal)
    await super.close()
    this.writer.release()
  }
}

/** Not blocking: that changes nothing for a file, and a named pipe that nobody reads is refused instead of waited for. */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NONBLOCK ?? 0)

function open(path: string, options: FileOptions): number {
  try {
    if (options.mkdir !== false) mkdirSync(dirname(path), { recursive: true })
    return openSync(path, FLAGS, options.mode ?? DEFAULT_MODE)
  } catch (error) {
    throw new Error(`file("${path}") cannot be opened for appending: ${(error as Error).message}`, { cause: error })
  }
}

/** A write to a file is seen in parts while it is under way: so long it may stand still there. */
const PAUSE_MS = 2
/** With others at it, a file may be met in the middle of a write again and again. */
const MOST_LOOKS = 20

/** A newline where a life before this one ended in the middle of a line, which must not take the next one with it. */
function leadOf(path: string, fd: number): string {
  let reader: number | undefined
  try {
    const { size } = fstatSync(fd)
    if (size === 0) return ''
    reader = openSync(path, 'r')
    return endsTorn(reader) ? '\n' : ''
  } catch {
    // It may be written but not read: then there is no telling.
    return ''
  } finally {
    if (reader !== undefined) closeSync(reader)
  }
}

/** Whether a file ends in the middle of a line, and not because another process or thread is writing one. */
function endsTorn(reader: number): boolean {
  const last = Buffer.alloc(1)
  let before = -1
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const { size } = fstatSync(reader)
    if (readSync(reader, last, 0, 1, size - 1) !== 1 || last[0] === 10) return false
    if (size === before) return true
    before = size
    sleep(PAUSE_MS)
  }
  return false
}
