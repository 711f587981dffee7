import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const folder = join(import.meta.dirname, 'runners')
const env = { PATH: process.env.PATH, NODE_OPTIONS: '--experimental-vm-modules', FORCE_COLOR: '0' }

it('works in jest, matcher included', () => {
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest')
  const flags = ['--rootDir', folder, '--testMatch', '**/*.jest.mjs', '--transform', '{}', '--watchman=false']
  const { status, stderr } = spawnSync(process.execPath, [jest, ...flags], { encoding: 'utf8', env, cwd: folder })
  expect(stderr).toContain('Tests:       1 passed, 1 total')
  expect(status).toBe(0)
})

it("works in Node's own runner", () => {
  const { status, stdout } = spawnSync(process.execPath, ['--test', join(folder, 'with-node.mjs')], {
    encoding: 'utf8',
  })
  expect(stdout).toMatch(/pass 3/)
  expect(status).toBe(0)
})
