import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'throughline-in-flight-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(how: 'crash' | 'exit') {
  const log = join(folder, `${how}.log`)
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, 'crash.mjs'), log, how], {
    stdio: 'ignore',
  })
  const records = readFileSync(log, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  return { status, records }
}

it('writes what an operation in flight holds when the process crashes', () => {
  const { status, records } = run('crash')
  expect(status).toBe(1)
  expect(records.map(({ message }) => message)).toEqual([
    'Process crashed',
    'Operation started',
    'halfway',
    'Operation in flight',
    'Operation summary',
  ])
  expect(records[0]).toMatchObject({ level: 'FATAL', error: 'the process dies', error_type: 'Error' })
  expect(records[2]).toMatchObject({ request_id: 'req-1', part: 3 })
  expect(records[3]).toMatchObject({ in_flight: true, request_id: 'req-1', operation: 'uploading' })
  expect(records[4]).toMatchObject({ operation: 'finished', count: 1, kept: 0 })
})

it('writes it when the process exits in the middle', () => {
  const { status, records } = run('exit')
  expect(status).toBe(4)
  expect(records.map(({ message }) => message)).toContain('Operation in flight')
})
