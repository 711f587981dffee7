import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A file of the page. */
export interface StaticFile {
  readonly type: string
  readonly body: Buffer
}

const TYPES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page.js.LEGAL.txt': ['page.js.LEGAL.txt', 'text/plain; charset=utf-8'],
}

/** The page's files by their paths; no other path leads to a file. */
export type StaticFiles = ReadonlyMap<string, StaticFile>

/**
 * Reads the page that was built beside the program.
 *
 * @param folder Where it is.
 */
export function staticFiles(folder: string): StaticFiles {
  return new Map(
    Object.entries(TYPES).flatMap(([path, [name, type]]) => {
      const file = join(folder, name)
      return existsSync(file) ? [[path, { type, body: readFileSync(file) }] as const] : []
    }),
  )
}
