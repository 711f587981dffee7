import { writeFileSync } from 'node:fs'
import { LEVELS } from '../levels/level.js'
import { warnOnce } from '../warn.js'
import type { QueuedLine } from './queue.js'
import { standardDescriptor } from './standard-descriptor.js'

/**
 * Counts a line as dropped that came after `close()`, and warns once on standard error. FATAL and audit lines are written
 * there too: a crash after the logger was closed is on record.
 *
 * @param name The destination's, for the warning.
 */
export function refuseLate(name: string, { line, level, drops }: QueuedLine): void {
  drops.count(level)
  warnOnce(
    `${name}: a line was logged after close(). Such lines are dropped and counted; FATAL and audit lines are written to standard error`,
  )
  if (level < LEVELS.fatal) return
  try {
    writeFileSync(standardDescriptor('stderr').fd, line)
  } catch {
    // Standard error is closed or full: there is nowhere left to write.
  }
}
