import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative, sep } from 'node:path'

const packages = join(import.meta.dirname, '../../packages')

/** The part of a package.json that these tests read. */
export type Manifest = {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly exports?: unknown
  readonly bin?: Readonly<Record<string, string>>
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

/** The packages that are published, as the workspace has them. */
export const published: readonly (Manifest & { readonly folder: string })[] = readdirSync(packages)
  .map((name) => ({ folder: join(packages, name), ...readManifest(join(packages, name)) }))
  .filter((manifest) => !manifest.private)

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

/** Packs packages as they are published. Returns each one's tarball by its name. */
export function pack(packed: typeof published, into: string): ReadonlyMap<string, string> {
  mkdirSync(into, { recursive: true })
  return new Map(
    packed.map(({ name, version, folder }) => {
      command('pnpm', ['pack', '--pack-destination', into], folder)
      return [name, join(into, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)]
    }),
  )
}

/** An empty project outside the workspace, in which every published package is installed from its packed tarball. */
export class Consumer {
  readonly folder = mkdtempSync(join(tmpdir(), 'throughline-compat-'))
  /** Bytes of each package's tarball. */
  readonly tarballBytes: Readonly<Record<string, number>>

  constructor() {
    const entries = [...pack(published, join(this.folder, 'tarballs'))]
    const specs = Object.fromEntries(entries.map(([name, path]) => [name, `file:tarballs/${basename(path)}`]))
    this.tarballBytes = Object.fromEntries(entries.map(([name, path]) => [name, statSync(path).size]))
    // The overrides: a sibling is the local tarball too, never one of the same name from the registry.
    const overrides = Object.fromEntries(Object.keys(specs).map((name) => [name, `$${name}`]))
    this.write('package.json', JSON.stringify({ name: 'consumer', private: true, dependencies: specs, overrides }))
    command('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], this.folder)
  }

  write(file: string, text: string): string {
    const path = join(this.folder, file)
    writeFileSync(path, text)
    return path
  }

  /** Where a package is installed. */
  installed(name: string): string {
    return join(this.folder, 'node_modules', name)
  }

  /** What a package brings, dependencies of its own left out: paths with `/`, sorted. */
  files(name: string): readonly string[] {
    const root = this.installed(name)
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .filter((file) => !file.startsWith('node_modules/'))
      .sort()
  }

  /** Where the install brought a package that runs a script when it is installed. */
  installScripts(): readonly string[] {
    const lock = JSON.parse(readFileSync(join(this.folder, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { hasInstallScript?: boolean }>
    }
    return Object.keys(lock.packages).filter((path) => lock.packages[path]?.hasInstallScript)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function command(name: string, args: readonly string[], cwd: string): void {
  // Windows has npm and pnpm as scripts, which only a shell starts.
  execFileSync(name, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' })
}
