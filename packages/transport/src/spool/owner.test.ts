import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { stateOf, thisOwner } from './owner.js'

const us = thisOwner()

describe.skipIf(process.platform !== 'linux')("the state of a folder's owner", () => {
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

  it.each([
    ['in another container', { pidNamespace: 'pid:[1]' }],
    ['before the machine started anew, or on another machine', { boot: 'another' }],
  ])('cannot be seen %s, whatever its number', (_, other) => {
    expect(stateOf({ ...us, ...other }, us)).toBe('unknown')
    expect(stateOf({ ...us, ...other, pid: 2 ** 22 + 1 }, us)).toBe('unknown')
  })
})
