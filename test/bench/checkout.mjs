/** Another commit of this repository, in a temporary git worktree, with the packages that its cases need built. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

const HERE = join(import.meta.dirname, '../..')

/**
 * Checks a commit out and installs what it needs. The worktree is removed when this process exits.
 *
 * @param ref A branch, a tag or a commit.
 * @returns the folder, and the commit's full name.
 * @throws where git knows no such commit, or it cannot be installed.
 */
export function checkOut(ref) {
  const commit = run(HERE, 'git', 'rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`).trim()
  const folder = mkdtempSync(join(tmpdir(), 'throughline-against-'))
  const root = join(folder, 'checkout')
  process.once('exit', () => {
    run(HERE, 'git', 'worktree', 'remove', '--force', root)
    rmSync(folder, { recursive: true, force: true })
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
  run(HERE, 'git', 'worktree', 'add', '--detach', root, commit)
  run(root, 'pnpm', 'install', '--frozen-lockfile', '--prefer-offline')
  return { root, commit }
}

/** Builds packages of a checkout, with those that they depend on. */
export function build(root, packages) {
  run(root, 'pnpm', ...packages.map((name) => `--filter=${name}...`), 'run', 'build', '--no-dts')
}

/** The packages of this repository that a family's file names, and those of the files beside it that it imports. */
export function packagesOf(family, root) {
  const seen = new Set()
  const packages = new Set()
  const read = (path) => {
    if (seen.has(path) || !existsSync(path)) return
    seen.add(path)
    const text = readFileSync(path, 'utf8')
    for (const [, name] of text.matchAll(/'(throughline|@throughline\/[\w-]+)(?:\/[\w/-]+)?'/g)) packages.add(name)
    for (const [, file] of text.matchAll(/'(\.{1,2}\/[\w./-]+\.mjs)'/g)) read(resolve(dirname(path), file))
  }
  read(join(root, 'test/bench/families', `${family}.mjs`))
  return [...packages]
}

function run(cwd, command, ...args) {
  // The checkout's own settings count, not those that pnpm gave the script that runs this.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm|pnpm)_/i.test(name)))
  try {
    return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    throw new Error(`${command} ${args.join(' ')} failed in ${cwd}\n${error.stdout ?? ''}${error.stderr ?? ''}`)
  }
}
