import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { stateOf, thisOwner } from './owner.js'

const us = thisOwner()

describe.skipIf(process.platform !== 'linux')('the state of an owner', () => {
  it('is alive for this process', () => {
    expect(stateOf(us, us)).toBe('alive')
  })

  it('is dead for a process that has ended', () => {
    const { pid } = spawnSync(process.execPath, ['-e', ''])
    expect(stateOf({ ...us, pid }, us)).toBe('dead')
  })

  it('is dead where another process has been given the number since', () => {
    expect(stateOf({ ...us, started: '1' }, us)).toBe('dead')
  })

  it('is dead for a zombie, whose number stays taken until somebody asks for its exit status', async () => {
    // The shell starts a process, says its number, and becomes another program, which does not ask.
    const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      const [text] = await once(parent.stdout.setEncoding('utf8'), 'data')
      const pid = Number(text)
      await vi.waitFor(() => expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(' Z '), 5_000)
      const started = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[21]
      expect(stateOf({ ...us, pid, started }, us)).toBe('dead')
    } finally {
      parent.kill()
    }
  })

  it.each([
    ['in another container', { pidNamespace: 'pid:[1]' }],
    ['before the machine started anew, or on another machine', { boot: 'another' }],
  ])('cannot be seen %s, whatever its number', (_, other) => {
    expect(stateOf({ ...us, ...other }, us)).toBe('unknown')
    expect(stateOf({ ...us, ...other, pid: 2 ** 22 + 1 }, us)).toBe('unknown')
  })
})
