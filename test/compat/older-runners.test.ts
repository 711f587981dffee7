import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pack, published } from './consumer.js'

/** The oldest runners that `@throughline/testing` takes beside it, as its peer dependencies say. */
const RUNNERS = { vitest: '~3.2.0', jest: '~29.7.0', '@jest/globals': '~29.7.0' }

const test = (runner: string, extension: string) => `
import { expect, it } from '${runner}'
import { captureLogs } from '@throughline/testing'
import '@throughline/testing/${extension}'

it('asserts what was logged', () => {
  const logs = captureLogs()
  logs.createLogger({ service: 'shop' }).warn('Stock is low', { sku: 'A-7', items: [{ left: 2 }] })
  expect(logs).toHaveLogged({ message: /low$/, sku: expect.any(String), items: [{ left: 2 }] })
  expect(() => expect(logs).toHaveLogged({ level: 'ERROR' })).toThrow('expected a record to match')
})
`

const folder = mkdtempSync(join(tmpdir(), 'throughline-runners-'))
const env = { PATH: process.env.PATH, NODE_OPTIONS: '--experimental-vm-modules', NO_COLOR: '1' }

beforeAll(() => {
  const needed = published.filter(({ name }) => ['throughline', '@throughline/testing'].includes(name))
  const tarballs = [...pack(needed, folder)].map(([name, path]) => [name, `file:${path}`])
  const dependencies = { ...Object.fromEntries(tarballs), ...RUNNERS }
  const manifest = { private: true, type: 'module', dependencies, overrides: { throughline: '$throughline' } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'with-vitest.test.ts'), test('vitest', 'vitest'))
  writeFileSync(join(folder, 'with-jest.mjs'), test('@jest/globals', 'jest'))
  // Fails where the peer dependencies refuse one of them.
  const flags = ['install', '--no-audit', '--no-fund', '--prefer-offline']
  execFileSync('npm', flags, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' })
}, 600_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the oldest runners that are accepted run the matcher', () => {
  it.each([
    ['vitest', ['node_modules/vitest/vitest.mjs', 'run']],
    ['jest', ['node_modules/jest/bin/jest.js', '--testMatch', '**/with-jest.mjs', '--transform', '{}']],
  ])('%s', (_name, args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env, cwd: folder })
    expect(stdout + stderr).toMatch(/Tests:? +1 passed/)
    expect(status).toBe(0)
  })
})
