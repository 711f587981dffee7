import { resolve } from 'node:path'
import { checkOptions, refused } from '../check-options.js'
import {
  AppendedFile,
  type AppendedFileOptions,
  DEFAULT_MODE,
  type FileDestination,
  REOPEN_SIGNALS,
} from './appended-file.js'
import { type CheckedRotation, checkRotation, type RotateOptions } from './rotation/options.js'
import { RotatingFile } from './rotation/rotating-file.js'
import { checkPolicy, type WritePolicy } from './write-policy.js'

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

const MAX_MODE = 0o7777

/** Options with their defaults. */
interface CheckedFile extends AppendedFileOptions {
  readonly rotate: CheckedRotation | undefined
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
