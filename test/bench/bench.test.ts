import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { filesIn, readPage } from '../docs/markdown.js'

const program = (name: string) => join(import.meta.dirname, name)
const outputOf = (name: string, ...args: string[]) =>
  execFileSync(process.execPath, [program(name), ...args], { encoding: 'utf8' })

test('the page of benchmarks is what benchmarks.json renders to', () => {
  expect(readPage('docs/reference/benchmarks.md')).toBe(outputOf('page-text.mjs'))
})

test('a quick run prints the ratio of a case, and its status says whether the bar is met', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [program('run.mjs'), '--quick', '--only', 'child-creation'],
    { encoding: 'utf8' },
  )
  expect(stderr).toBe('')
  const [, mark] =
    /^(ok|MISS) +throughline: [\d.]+ \([\d.]+ to [\d.]+\) x the speed of pino, at least 3$/m.exec(stdout) ?? []
  expect(status).toBe(mark === 'ok' ? 0 : 1)
  expect(stdout).toContain('child creation with 2 bindings')
})

const against = (ref: string) =>
  spawnSync(process.execPath, [program('run.mjs'), '--against', ref, '--quick', '--only', 'disabled'], {
    encoding: 'utf8',
  })

const canCheckOut = ['git rev-parse HEAD', 'pnpm --version'].every(
  (command) => spawnSync(command, { shell: true, cwd: import.meta.dirname }).status === 0,
)

describe.skipIf(!canCheckOut)(`another commit${canCheckOut ? '' : ' (takes a clone, git and pnpm)'}`, () => {
  test('is built and paired with this one, and the status says whether a case is slower', () => {
    const { status, stdout, stderr } = against('HEAD')
    expect(stderr).toBe('')
    const [, mark] = /^(ok|SLOW) +disabled: [\d.]+ \([\d.]+ to [\d.]+\)$/m.exec(stdout) ?? []
    expect(status).toBe(mark === 'ok' ? 0 : 1)
    expect(execFileSync('git', ['worktree', 'list'], { encoding: 'utf8' })).not.toContain('throughline-against-')
  })

  test('is refused by name where git does not know it', () => {
    const { status, stderr } = against('no-such-commit')
    expect(status).toBe(1)
    expect(stderr).toContain('no-such-commit')
  })
})

test.each(['peers-file-plain', 'peers-stream-file-six'])('every logger of %s writes what it is called for', (id) => {
  const lines = JSON.parse(outputOf('lines-written.mjs', id, '500')) as Record<string, number>
  // OpenTelemetry's console exporter writes several lines for a record.
  const { "OpenTelemetry's SDK": ofExporter, ...others } = lines
  expect(others).toEqual(Object.fromEntries(Object.keys(others).map((name) => [name, 500])))
  expect((ofExporter ?? 0) % 500).toBe(0)
})

test('every case that a comment of the sources names can be run', () => {
  const named = filesIn('packages')
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => [...readPage(path).matchAll(/\bbench `([\w-]+)`/g)].map(([, name]) => name))
  expect(named.length).toBeGreaterThan(5)
  const folder = join(import.meta.dirname, 'families')
  const families = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
  const isKnown = (name: string | undefined) =>
    existsSync(program(`${name}.mjs`)) ||
    existsSync(join(folder, `${name}.mjs`)) ||
    families.some((text) => text.includes(`id: '${name}'`) || text.includes(`id: \`${name}-`))
  expect(named.filter((name) => !isKnown(name))).toEqual([])
})
