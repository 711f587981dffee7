import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nodeBinaries, noNodeBinaries } from '../node-binaries.js'

const folder = join(import.meta.dirname, 'runners')
const env = { PATH: process.env.PATH, NODE_OPTIONS: '--experimental-vm-modules', FORCE_COLOR: '0' }

function run(file: string, options: { readonly node?: string; readonly env?: Readonly<Record<string, string>> } = {}) {
  const { node = process.execPath, env = {} } = options
  const flags = ['--test', '--test-reporter=tap', join(folder, file)]
  return spawnSync(node, flags, { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } })
}

it('works in jest, matcher included', () => {
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest')
  const flags = ['--rootDir', folder, '--testMatch', '**/*.jest.mjs', '--transform', '{}', '--watchman=false']
  const { status, stderr } = spawnSync(process.execPath, [jest, ...flags], { encoding: 'utf8', env, cwd: folder })
  expect(stderr).toContain('Tests:       1 passed, 1 total')
  expect(status).toBe(0)
})

describe.skipIf(noNodeBinaries)(`Node's own runner${noNodeBinaries ? ` (${noNodeBinaries})` : ''}`, () => {
  it.each(nodeBinaries)('works on Node $version', ({ path }) => {
    const { status, stdout } = run('with-node.mjs', { node: path })
    expect(stdout).toContain('# pass 3\n')
    expect(status).toBe(0)
  })

  // Older ones have the symbols, for what a compiler makes of `using`, and not the syntax.
  it.each(nodeBinaries.filter(({ version }) => Number.parseInt(version, 10) >= 24))(
    'clears by `using` and `await using` on Node $version',
    ({ path }) => {
      const { status, stdout } = run('with-using.mjs', { node: path })
      expect(stdout).toContain('# pass 1\n')
      expect(status).toBe(0)
    },
  )
})

describe('LOG_LEVEL=silent', () => {
  const own = 'of the application, on standard output'

  it('has the application under test say nothing, and captures all the same', () => {
    const { status, stdout, stderr } = run('silent.mjs', { env: { LOG_LEVEL: 'silent' } })
    expect(stdout).toContain('# pass 1\n')
    expect(stdout + stderr).not.toContain(own)
    expect(status).toBe(0)
  })

  it('is what keeps it from saying it', () => {
    expect(run('silent.mjs').stdout).toContain(own)
  })
})
