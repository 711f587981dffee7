import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { recordsOf } from '../child.js'

/** The files of a log that rotates, by name: the rotated ones, oldest first, and the path itself. */
export function filesOf(path: string): readonly string[] {
  const base = basename(path)
  const names = readdirSync(dirname(path)).filter((name) => name.startsWith(base))
  return [...names.filter((name) => name !== base).sort(), ...names.filter((name) => name === base)]
}

/** The records of such a file, each of whose lines has to be whole. */
export function recordsIn(path: string, name: string): readonly Record<string, unknown>[] {
  const bytes = readFileSync(join(dirname(path), name))
  return recordsOf((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString())
}
