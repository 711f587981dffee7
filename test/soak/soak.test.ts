import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { noPosix } from '../child.js'

/** The same program as `pnpm soak`, which runs for minutes. */
function soaked(...flags: string[]) {
  const args = [join(import.meta.dirname, 'run.ts'), '--json', '--seconds', '15', ...flags]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(stderr).toBe('')
  return { status, answers: JSON.parse(stdout).answers as { question: string; isRight: boolean; seen: string }[] }
}

describe.skipIf(noPosix)('services under load, with a flapping store, rotated logs and changing levels', () => {
  it('lose nothing, leak nothing and grow no further', { timeout: 600_000 }, () => {
    const { status, answers } = soaked()
    expect(answers.filter(({ isRight }) => !isRight)).toEqual([])
    expect(status).toBe(0)
  })

  it('are found out, in each answer, when they do', { timeout: 600_000 }, () => {
    const { status, answers } = soaked('--broken')
    expect(answers.filter(({ isRight }) => isRight)).toEqual([])
    expect(answers.length).toBeGreaterThan(15)
    expect(status).toBe(1)
  })
})
