import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Only what is a program's source: the paths are those of the log, which somebody else may have written. */
const SOURCE = /\.[cm]?[jt]sx?$/
/** Larger files are bundles, of which a line says nothing. */
const LARGEST_BYTES = 1024 * 1024
/** More files than that are not kept. */
const MOST_FILES = 100

/** Finds lines of source code in the files of this machine. */
export function sourceLines(): (file: string, line: number) => string | undefined {
  const known = new Map<string, readonly string[]>()
  return (file, line) => {
    const lines = known.get(file) ?? read(file)
    if (known.size < MOST_FILES) known.set(file, lines)
    const text = lines[line - 1]
    return text === undefined || text.trim() === '' ? undefined : text
  }
}

function read(file: string): readonly string[] {
  try {
    const path = file.startsWith('file:') ? fileURLToPath(file) : file
    const info = statSync(path)
    if (!SOURCE.test(path) || !info.isFile() || info.size > LARGEST_BYTES) return []
    return readFileSync(path, 'utf8').split(/\r?\n/)
  } catch {
    // Not on this machine.
    return []
  }
}
