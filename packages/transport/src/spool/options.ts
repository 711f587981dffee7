import { resolve } from 'node:path'
import type { OptionChecker } from 'throughline/internal'

/**
 * When what is written to the spool is also on the disk itself, where a crash of the whole machine leaves it. The death of
 * the process alone loses nothing that was written, under any of them.
 *
 * - `always`: before a line of WARN or worse returns, and soon after every turn's lines.
 * - `interval` (default): once a second.
 * - `never`: when the system likes.
 *
 * `flush()` and `flushSync()` bring it there under `always` and `interval`.
 */
export type FsyncPolicy = 'always' | 'interval' | 'never'

/** The disk spool. */
export interface SpoolOptions {
  /** The folder. Processes and destinations may share it. */
  readonly dir: string
  /** What this process may have in it; 256 MiB by default, at least 1 MiB. Over it the lowest level goes first. */
  readonly maxBytes?: number
  /** `interval` by default. */
  readonly fsync?: FsyncPolicy
}

const KNOWN = ['dir', 'maxBytes', 'fsync'] as const
const DEFAULT_MAX_BYTES = 256 * 1024 * 1024
const LEAST_MAX_BYTES = 1024 * 1024

/** @throws TypeError naming the option, what was given, and what would be accepted. */
export function checkSpool(
  check: OptionChecker<{ readonly spool?: SpoolOptions }>,
): Required<SpoolOptions> | undefined {
  if (check.given.spool === undefined) return undefined
  const spool = check.nested('spool', KNOWN)
  const dir = spool.string('dir', "a folder's path")
  if (dir === undefined) throw spool.refused('dir', dir, "a folder's path")
  return {
    dir: resolve(dir),
    maxBytes: spool.number('maxBytes', DEFAULT_MAX_BYTES, { least: LEAST_MAX_BYTES, whole: true }),
    fsync: spool.oneOf('fsync', ['always', 'interval', 'never'], 'interval'),
  }
}
