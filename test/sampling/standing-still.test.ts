import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Stats } from 'throughline'
import { expect, it } from 'vitest'

const MIB = 1024 * 1024

it('stays within its bounds when operations never end and nobody reads', async () => {
  const child = fork(join(import.meta.dirname, 'standing-still.mjs'), {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  })
  child.stdout?.pause()
  const [{ grownBy, stats }] = (await once(child, 'message')) as [{ grownBy: number; stats: Stats }]
  child.kill('SIGKILL')
  // Half a million held lines and a hundred thousand written ones, of some 250 bytes each.
  expect(stats.held).toBeLessThan(20_000)
  expect(stats.dropped).toBeGreaterThan(90_000)
  expect(stats.droppedByLevel.ERROR ?? 0).toBeLessThan(stats.droppedByLevel.INFO ?? 0)
  expect(grownBy).toBeLessThan(48 * MIB)
})
