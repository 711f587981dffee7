import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { checkOptions, refused } from '../check-options.js'
import type { Destination } from '../destination.js'
import { warnOnce } from '../warn.js'
import { DescriptorDestination } from './descriptor.js'
import type { FlushOptions } from './flush-options.js'
import { sleep } from './sleep.js'
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
   * opened, the old file goes on, with one warning on standard error, and opening is tried again until it succeeds.
   */
  reopen(): void
}

/** Options with their defaults. */
interface CheckedFile {
  readonly policy: WritePolicy
  readonly maxQueued: number | undefined
  readonly mkdir: boolean
  readonly mode: number
  readonly reopenOn: ReopenSignal | undefined
}

/**
 * A file, opened for appending at once, so that several processes may share it (a write to such a file is atomic on local
 * file systems).
 *
 * @param path Relative to the working directory.
 * @throws when the file cannot be opened, naming it; TypeError for an option that cannot be used.
 */
export function file(path: string, options: FileOptions = {}): FileDestination {
  if (typeof path !== 'string' || path === '') throw refused('file(path)', path, "a file's path")
  return new AppendedFile(resolve(path), checkFile(options))
}

function checkFile(options: FileOptions): CheckedFile {
  const known = ['policy', 'maxQueuedBytes', 'mkdir', 'mode', 'reopenOn'] as const
  const checked = checkOptions('file(path, options)', options, known)
  const isMode = (mode: unknown) => Number.isInteger(mode) && (mode as number) >= 0 && (mode as number) <= MAX_MODE
  return {
    policy: checkPolicy(checked),
    maxQueued: checked.number('maxQueuedBytes', undefined, { above: 0 }),
    mkdir: checked.boolean('mkdir', true),
    mode: checked.check('mode', isMode, 'the bits of a mode, such as 0o640') ?? DEFAULT_MODE,
    reopenOn: checked.oneOf('reopenOn', REOPEN_SIGNALS, undefined),
  }
}

class AppendedFile extends DescriptorDestination implements FileDestination {
  private retryTimer: NodeJS.Timeout | undefined
  private retryMs = REOPEN_RETRY_MS.least

  constructor(
    private readonly path: string,
    private readonly options: CheckedFile,
  ) {
    const fd = open(path, options)
    super(new DescriptorWriter(fd, path), options.policy)
    this.writer.bound(options.maxQueued)
    this.writer.begin(headOf(path, fd))
    if (options.reopenOn !== undefined) process.on(options.reopenOn, this.onSignal)
  }

  reopen(): void {
    if (this.closed) return
    clearTimeout(this.retryTimer)
    try {
      const fd = open(this.path, this.options)
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

/** Not blocking: that changes nothing for a file, and a named pipe that nobody reads is refused instead of waited for. */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NONBLOCK ?? 0)

function open(path: string, options: CheckedFile): number {
  try {
    if (options.mkdir) mkdirSync(dirname(path), { recursive: true })
    return openSync(path, FLAGS, options.mode)
  } catch (error) {
    throw new Error(`file("${path}") cannot be opened for appending: ${(error as Error).message}`, { cause: error })
  }
}

/** A write to a file is seen in parts while it is under way: so long it may stand still there. */
const PAUSE_MS = 2
/** With others at it, a file may be met in the middle of a write again and again. */
const MOST_LOOKS = 20

/** A newline where a life before this one ended in the middle of a line, which must not take the next one with it. */
function headOf(path: string, fd: number): string {
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
