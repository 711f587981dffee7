import { realpathSync, type Stats, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'
import { told, UserError } from '../user-error.js'

/** Where lines come from. */
export interface Source {
  /** As reports call it. */
  readonly name: string
  /** A file's path; `undefined` for standard input and for a store. */
  readonly path: string | undefined
  /** Bytes on disk, where that is known. */
  readonly size: number | undefined
  /** A store in the place of a file. */
  readonly remote?: Remote
}

/** A store that answers questions for lines. */
export interface Remote {
  /**
   * The lines, as bytes with a newline behind each.
   *
   * @param onDamage Called when not all of them could be had.
   */
  open(signal: AbortSignal, onDamage: (reason: string) => void): AsyncGenerator<Buffer, void>
  /** The same, of those lines only that hold one of the texts. */
  narrowed(texts: readonly string[]): Source
}

export const STANDARD_INPUT: Source = { name: 'standard input', path: undefined, size: undefined }

/**
 * The sources that arguments name: paths, globs (for shells and quotes that leave them alone), `-` for standard input,
 * which is also meant when there is no argument. Each file once,
 * by whatever paths and links it is named, in the order given, a glob's files in the order of names.
 *
 * @param mayBeAbsent Files that do not exist yet are waited for (`--follow`).
 * @throws UserError naming the argument that leads to no file.
 */
export async function findSources(args: readonly string[], mayBeAbsent = false): Promise<readonly Source[]> {
  if (args.length === 0) return [STANDARD_INPUT]
  const sources = new Map<string, Source>()
  for (const arg of args) {
    for (const source of await sourcesOf(arg, mayBeAbsent)) {
      const file = fileOf(source)
      if (!sources.has(file)) sources.set(file, source)
    }
  }
  return [...sources.values()]
}

function fileOf({ path }: Source): string {
  if (path === undefined) return '-'
  try {
    return realpathSync(path)
  } catch {
    return resolve(path)
  }
}

/** What is there; `undefined` where nothing is. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    throw told(path, error)
  }
}

function sourceOf(path: string): Source {
  const info = statOf(path)
  return { name: path, path, size: info?.isFile() === true ? info.size : undefined }
}

async function sourcesOf(arg: string, mayBeAbsent: boolean): Promise<readonly Source[]> {
  if (arg === '-') return [STANDARD_INPUT]
  const info = statOf(arg)
  if (info?.isDirectory() === true) throw new UserError(`${arg} is a folder; name its files, as in '${arg}/*.log'`)
  if (info !== undefined) return [sourceOf(arg)]
  if (isDynamicPattern(arg)) {
    const paths = (await glob(arg, { dot: true, expandDirectories: false, absolute: arg.startsWith('/') })).sort()
    if (paths.length > 0) return paths.map(sourceOf)
    throw new UserError(`${arg}: no file matches`)
  }
  if (mayBeAbsent) return [{ name: arg, path: arg, size: 0 }]
  throw new UserError(`${arg}: no such file`)
}
