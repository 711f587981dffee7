import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

/** Ways in which Node can be hardened that break what assumes a soft runtime. */
const FLAGS = [
  ['--frozen-intrinsics'],
  ['--disallow-code-generation-from-strings'],
  ['--disable-proto=delete'],
  ['--disable-proto=throw'],
  ['--frozen-intrinsics', '--disallow-code-generation-from-strings', '--disable-proto=delete'],
]

it.each(FLAGS)('logs as always under %s', (...flags) => {
  const { stdout, status } = spawnSync(process.execPath, [...flags, join(import.meta.dirname, 'hardened.mjs')], {
    encoding: 'utf8',
  })
  const records = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(status).toBe(0)
  expect(records.map(({ message }) => message)).toEqual([
    'Fetching user',
    'failed',
    'Operation started',
    'within',
    'Operation completed',
    'Operation summary',
  ])
  expect(records[0]).toMatchObject({ request_id: 'req-1', logger: 'db', password: '***REDACTED***' })
  expect(records[1]).toMatchObject({ error: 'broken', error_type: 'TypeError' })
  expect(stdout).not.toContain('canary')
})
