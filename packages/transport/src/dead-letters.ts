import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { warnOnce } from 'throughline/destination'
import type { Entries } from './entry.js'

/** The file, and the one before it, are at most this large each. */
const MOST_BYTES = 16 * 1024 * 1024

/**
 * The file of what the store refused for good, with its words. A JSON object a line: `jq -c '.entries[]'` gives the lines
 * back.
 */
export class DeadLetters {
  /**
   * @param name For messages.
   * @param path Nothing is kept without one.
   * @param store The store's address, without its credentials.
   */
  constructor(
    private readonly name: string,
    private readonly path: string | undefined,
    private readonly store: string,
  ) {}

  /** Makes the folder, and sees whether the file can be written. @throws naming the option. */
  check(): void {
    const { name, path } = this
    if (path === undefined) return
    try {
      mkdirSync(dirname(path), { recursive: true })
      appendFileSync(path, '', { mode: 0o640 })
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      throw new Error(`${name}({ deadLetters }): "${path}" cannot be written (${code})`, { cause: error })
    }
  }

  add({ lines }: Entries, words: string): void {
    const answer = words.slice(0, 4096)
    warnOnce(`${this.name}: ${this.store} refused lines: ${answer.slice(0, 300)}`)
    if (this.path === undefined) return
    const head = JSON.stringify({ time: new Date().toISOString(), store: this.store, answer, lines: lines.length })
    const letter = `${head.slice(0, -1)},"entries":[${lines.map(entryOf).join(',')}]}\n`
    try {
      this.rotate(this.path, letter.length)
      appendFileSync(this.path, letter, { mode: 0o640 })
    } catch (error) {
      warnOnce(`${this.name}: dead letters cannot be written (${(error as NodeJS.ErrnoException).code})`)
    }
  }

  private rotate(path: string, added: number): void {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    if (size > 0 && size + added > MOST_BYTES) renameSync(path, `${path}.1`)
  }
}

/** The line as it is; as a text of JSON where it is no JSON itself, which would spoil the letter. */
function entryOf(line: string): string {
  try {
    JSON.parse(line)
    return line.trimEnd()
  } catch {
    return JSON.stringify(line.trimEnd())
  }
}
