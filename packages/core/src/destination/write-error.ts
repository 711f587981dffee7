import { warnOnce } from '../warn.js'

/**
 * Why a descriptor does not take what is written: its reader is slow (`full`), the disk is full or fails (`fault`), or
 * it has no reader any more (`broken`).
 */
export type WriteError = 'full' | 'fault' | 'broken'

const FULL: ReadonlySet<string> = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR'])
const BROKEN: ReadonlySet<string> = new Set([
  'EPIPE',
  'EBADF',
  'ECONNRESET',
  'ENOTCONN',
  'ENXIO',
  'ESHUTDOWN',
  'ERR_OUT_OF_RANGE',
])

/** What the exception of a write means. All but `full` is reported once on standard error, under the destination's name. */
export function writeErrorOf(error: unknown, name: string): WriteError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
  if (FULL.has(code)) return 'full'
  if (BROKEN.has(code)) {
    warnOnce(`${name}: ${code}, nobody reads it any more; lines are dropped and counted from here on`)
    return 'broken'
  }
  warnOnce(`${name}: ${code}; lines wait in memory, and the lowest levels are dropped when that is full`)
  return 'fault'
}
