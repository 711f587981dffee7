import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync } from 'node:fs'
import { dirname } from 'node:path'
import { sleep } from './sleep.js'

/** How a log file is made. */
export interface Making {
  readonly mkdir: boolean
  readonly mode: number
}

/** Not blocking: that changes nothing for a file, and a named pipe without a reader is refused instead of waited for. */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NONBLOCK ?? 0)

/**
 * Opens a file for appending, so that several processes may write to it.
 *
 * @param more Flags of `open(2)` beside those.
 * @throws naming the file.
 */
export function openLog(path: string, { mkdir, mode }: Making, more = 0): number {
  try {
    if (mkdir) mkdirSync(dirname(path), { recursive: true })
    return openSync(path, FLAGS | more, mode)
  } catch (error) {
    throw new Error(`file("${path}") cannot be opened for appending: ${(error as Error).message}`, { cause: error })
  }
}

/** A write to a file is visible in parts while it is under way: so long it may pause there. */
const PAUSE_MS = 2
/** With other writers, a file may be found in the middle of a write again and again. */
const MOST_LOOKS = 20

/** A newline where an earlier process ended in the middle of a line, which must not take the next line with it. */
export function headOf(path: string, fd: number): string {
  let reader: number | undefined
  try {
    const { size } = fstatSync(fd)
    if (size === 0) return ''
    reader = openSync(path, 'r')
    return endsTorn(reader) ? '\n' : ''
  } catch {
    // It may be written but not read: then its end is unknown.
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
