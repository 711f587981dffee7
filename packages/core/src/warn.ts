import { writeSync } from 'node:fs'
import { standardDescriptor } from './destination/standard-descriptor.js'

const told = new Set<string>()

/**
 * Tells the people who run the process about a fault of the logging itself, on standard error, once per text: a log that
 * cannot be written cannot report that in the log.
 */
export function warnOnce(text: string): void {
  // Bounded, so that a text with a changing part cannot grow without end.
  if (told.has(text) || told.size >= 200) return
  told.add(text)
  try {
    writeSync(standardDescriptor('stderr').fd, `throughline: ${text}\n`)
  } catch {
    // Standard error is closed or full: nobody is left to be told.
  }
}
