import { warnOnce } from '../warn.js'

/**
 * Why a descriptor does not take what it is given: its reader is slow (`full`), the disk is (`fault`), or there will never
 * be a reader again (`broken`).
 */
export type Trouble = 'full' | 'fault' | 'broken'

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

/** What an error of a write means. What is not mere slowness is told once, under the destination's name. */
export function troubleOf(error: unknown, name: string): Trouble {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
  if (FULL.has(code)) return 'full'
  if (BROKEN.has(code)) {
    warnOnce(`${name}: ${code}, nobody reads it any more; lines are dropped and counted from here on`)
    return 'broken'
  }
  warnOnce(`${name}: ${code}; lines wait in memory, and the lowest levels are dropped when that is full`)
  return 'fault'
}
