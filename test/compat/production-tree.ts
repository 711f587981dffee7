import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A package as it is installed. */
export interface Installed {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly scripts: readonly string[]
  readonly folder: string
}

/** What a package brings into production, dependencies of dependencies included, siblings of the workspace left out. */
export function productionTree(folder: string): readonly Installed[] {
  const found = new Map<string, Installed>()
  const walk = (from: string) => {
    for (const name of namesOf(from)) {
      const path = find(from, name)
      if (found.has(path)) continue
      found.set(path, installed(path))
      walk(path)
    }
  }
  walk(realpathSync(folder))
  return [...found.values()].filter(({ folder: path }) => path.includes('node_modules'))
}

/** What its files take, in KiB. */
export function sizeOf(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.parentPath.slice(folder.length).includes('node_modules'),
  )
  return Math.round(files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0) / 1024)
}

function read(folder: string) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string
    readonly version: string
    readonly license?: string
    readonly gypfile?: boolean
    readonly scripts?: Readonly<Record<string, string>>
    readonly dependencies?: object
    readonly optionalDependencies?: object
  }
}

function namesOf(folder: string): readonly string[] {
  const { dependencies, optionalDependencies = {} } = read(folder)
  // Of optional ones, those of other platforms are not installed.
  const optional = Object.keys(optionalDependencies).filter((name) => isInstalled(folder, name))
  const required = Object.keys({ ...dependencies }).filter((name) => !Object.hasOwn(optionalDependencies, name))
  return [...required, ...optional]
}

function installed(folder: string): Installed {
  const { name, version, license = 'none', scripts = {} } = read(folder)
  const ofInstall = Object.keys(scripts).filter((script) => /^(?:pre|post)?install$/.test(script))
  // npm runs node-gyp where this file is, without any script that says so.
  const native = existsSync(join(folder, 'binding.gyp')) ? ['binding.gyp'] : []
  return { name, version, license, scripts: [...ofInstall, ...native], folder }
}

function isInstalled(from: string, name: string): boolean {
  try {
    find(from, name)
    return true
  } catch {
    return false
  }
}

/** As Node finds it. */
function find(from: string, name: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name)
    if (existsSync(path)) return realpathSync(path)
    if (folder === dirname(folder)) throw new Error(`${name}, which ${from} needs, is not installed`)
  }
}
