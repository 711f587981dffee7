import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Every case is measured on these; on the older ones those that say `everywhere`. */
export const WHOLE = [24, 26]
export const LINES = [20, 22, ...WHOLE]

/** A Node of a line: an optional dependency of the tests, or the one that runs this. */
export function nodeOf(line) {
  const path = join(import.meta.dirname, `../node_modules/node-${line}/bin/node`)
  if (existsSync(path)) return path
  return process.versions.node.startsWith(`${line}.`) ? process.execPath : undefined
}
