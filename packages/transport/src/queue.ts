import type { Source } from './batch.js'
import type { Entry } from './entry.js'

/** Where lines wait, in memory or on disk. */
export interface TransportQueue extends Source {
  /** Whether what is saved outlives the process. */
  readonly isDurable: boolean
  /** Files whose lines could neither be read nor counted. */
  readonly unreadableFiles: number
  /** What is not settled: lines, and the bytes they take on disk or the text's UTF-16 units in memory. */
  waiting(): { readonly lines: number; readonly bytes: number }
  add(entry: Entry): void
  /** Resolves when what was added so far is where it is safest. */
  save(): Promise<void>
  /** The same before it returns. */
  saveSync(): void
  /** Lets go of what it holds. @returns how many lines nobody will send any more; they are counted as dropped. */
  close(): number
}
