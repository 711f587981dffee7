import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from '../markdown.ts'

/** Who imports whom: each name with the names that it imports. */
export type Imports = ReadonlyMap<string, ReadonlySet<string>>

interface Cruised {
  readonly modules: readonly {
    readonly source: string
    readonly dependencies: readonly { readonly resolved: string }[]
  }[]
}

/** Where the files of the core that stand in no folder are drawn: those that no folder imports are its entry. */
const ENTRY = 'create-logger, index, …'

/**
 * The imports of the packages' sources as dependency-cruiser finds them: those that remain at run time, without the ones of
 * types and of tests.
 *
 * @returns the packages, and the folders of the core. Files of the core that folders share (a hash, a warning) are left out.
 */
export function importsOfPackages(): { readonly packages: Imports; readonly core: Imports } {
  const imports = cruised().flatMap(({ source, dependencies }) =>
    dependencies.map(({ resolved }) => [placeOf(source), placeOf(resolved)] as const),
  )
  const ofCore = imports.filter(([from, to]) => from?.packageName === 'core' && to?.packageName === 'core')
  const shared = new Set(ofCore.filter(([from]) => from?.folder !== undefined).map(([, to]) => to?.file))
  const folderOf = (place: Place) => place.folder ?? (shared.has(place.file) ? undefined : ENTRY)
  return {
    packages: graph(imports.map(([from, to]) => [from?.packageName, to?.packageName])),
    core: graph(ofCore.map(([from, to]) => [from && folderOf(from), to && folderOf(to)])),
  }
}

/** The same without an import that a longer way implies, as `loki -> core` beside `loki -> transport -> core`. */
export function reduced(imports: Imports): Imports {
  const nextOf = (name: string) => [...(imports.get(name) ?? [])]
  const reaches = (from: string, to: string): boolean => nextOf(from).some((next) => next === to || reaches(next, to))
  const isImplied = (from: string, to: string) => nextOf(from).some((next) => next !== to && reaches(next, to))
  return new Map([...imports].map(([from, tos]) => [from, new Set([...tos].filter((to) => !isImplied(from, to)))]))
}

interface Place {
  readonly packageName: string
  readonly folder: string | undefined
  readonly file: string
}

function placeOf(path: string): Place | undefined {
  const [, packageName, folder, file] = /^packages\/([^/]+)\/src\/(?:([^/]+)\/)?(.+)$/.exec(path) ?? []
  return packageName === undefined || file === undefined ? undefined : { packageName, folder, file }
}

function graph(edges: readonly (readonly [string | undefined, string | undefined])[]): Imports {
  const known = edges.filter((edge): edge is readonly [string, string] => !edge.includes(undefined))
  const names = [...new Set(known.flat())].sort()
  return new Map(
    names.map((name) => [
      name,
      new Set(names.filter((to) => to !== name && known.some((edge) => edge[0] === name && edge[1] === to))),
    ]),
  )
}

function cruised(): Cruised['modules'] {
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
  const exclude = '(^|/)(dist|node_modules|test-support)/|\\.test\\.ts$'
  const options = ['--no-config', '--do-not-follow', 'node_modules', '--exclude', exclude]
  const output = execFileSync(
    process.execPath,
    [program, 'packages', ...options, '--ts-config', 'tsconfig.json', '--output-type', 'json'],
    { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 },
  )
  return (JSON.parse(output) as Cruised).modules
}
