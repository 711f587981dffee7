import { execFileSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { noPosix, recordsOf, temporaryFolder } from '../child.js'
import { mountSmall } from '../small-disk.js'
import { Puppet } from './puppet.js'

const POLICIES = ['line', 'turn', { bytes: 65536, ms: 50 }] as const
const WIDE = 'größer als 日本語 und 🎉 '.repeat(10)
const noFullDevice = existsSync('/dev/full') ? undefined : 'no /dev/full'

describe.skipIf(noFullDevice).concurrent(`/dev/full${noFullDevice ? ` (${noFullDevice})` : ''}`, () => {
  it.each(['stdout', 'file'] as const)('does not end the process, which says what its log lacks: %s', async (to) => {
    const fd = openSync('/dev/full', 'w')
    const puppet = await Puppet.on(to === 'stdout' ? fd : 'ignore', { to, path: '/dev/full', maxQueuedBytes: 50_000 })
    closeSync(fd)
    await puppet.log({ count: 1_000 })
    const { stats } = await puppet.ask()
    expect(stats.dropped).toBeGreaterThan(500)
    expect(stats.droppedByLevel.WARN).toBeUndefined()
    await expect(puppet.end()).resolves.toEqual({ code: 0, signal: null })
    expect(puppet.complaints).toEqual([
      expect.stringMatching(/ENOSPC; lines wait in memory/),
      expect.stringMatching(new RegExp(`: ${1_000 - stats.dropped} lines could not be written yet`)),
    ])
  })
})

const disk = temporaryFolder()
const noMount = noPosix ?? mountSmall(disk, 128)

describe.skipIf(noMount)(`a full disk${noMount ? ` (${noMount})` : ''}`, () => {
  it.each(POLICIES)('gets every line whole once there is room: %j', async (policy) => {
    const [path, ballast] = [join(disk, 'log'), join(disk, 'ballast')]
    writeFileSync(ballast, Buffer.alloc(64 * 1024))
    const puppet = await Puppet.on('ignore', { to: 'file', path, policy, sequence: true })
    await puppet.log({ count: 150, pad: WIDE })
    while (puppet.complaints.length === 0) await sleep(10)
    expect(puppet.complaints).toEqual([expect.stringMatching(/ENOSPC/)])
    puppet.order('flush')
    rmSync(ballast)
    await puppet.next()
    await puppet.log({ count: 10 })
    await puppet.tell('close')
    const { stats } = await puppet.ask()
    await puppet.end()
    const records = recordsOf(readFileSync(path, 'utf8'))
    expect(numbersOf(records)).toEqual(numbers(160))
    expect(records.at(-1)).toMatchObject({ message: 'Log stats', emitted: 161, dropped: 0, seq: 161 })
    expect(stats.dropped).toBe(0)
    rmSync(path)
  })

  it.each(POLICIES)('is told of in the log, with what was dropped: %j', async (policy) => {
    const [path, ballast] = [join(disk, 'log'), join(disk, 'ballast')]
    writeFileSync(ballast, Buffer.alloc(96 * 1024))
    const options = { to: 'file', path, policy, sequence: true, level: 'debug', maxQueuedBytes: 15_000 } as const
    const puppet = await Puppet.on('ignore', options)
    await puppet.log({ count: 400, pad: WIDE.slice(0, 50), debug: true })
    puppet.order('flush')
    await sleep(100)
    rmSync(ballast)
    await puppet.next()
    await puppet.log({ count: 10 })
    const { stats } = await puppet.ask()
    await puppet.end()
    const records = recordsOf(readFileSync(path, 'utf8'))
    expect(stats.dropped).toBeGreaterThan(100)
    expect(numbersOf(records).length + stats.dropped).toBe(410)
    expect(numbersOf(records).filter((n) => n % 100 === 99)).toEqual([99, 199, 299, 399])
    const told = records.filter(({ message }) => message === 'Log lines dropped')
    expect(told).toEqual([
      expect.objectContaining({ level: 'WARN', dropped: stats.dropped, dropped_by_level: stats.droppedByLevel }),
    ])
    const last = records.at(-1) as { emitted: number; dropped: number }
    expect(records.length + last.dropped).toBe(last.emitted)
    rmSync(path)
  })

  it('is continued on a new line after a process that ended on it', async () => {
    const [path, ballast] = [join(disk, 'log'), join(disk, 'ballast')]
    writeFileSync(ballast, Buffer.alloc(96 * 1024))
    const first = await Puppet.on('ignore', { to: 'file', path })
    await first.log({ count: 150, pad: WIDE })
    await expect(first.end()).resolves.toEqual({ code: 0, signal: null })
    const torn = readFileSync(path, 'utf8')
    expect(torn.endsWith('\n')).toBe(false)
    const second = await Puppet.on('ignore', { to: 'file', path })
    await second.log({ count: 2 })
    rmSync(ballast)
    await second.tell('close')
    await second.end()
    const added = readFileSync(path, 'utf8').slice(torn.length)
    expect(added.startsWith('\n')).toBe(true)
    expect(numbersOf(recordsOf(added.slice(1)))).toEqual([0, 1])
    rmSync(path)
  })

  it('is left for another one by reopen(), with the line that did not fit', async () => {
    const [path, ballast, elsewhere] = [join(disk, 'log'), join(disk, 'ballast'), temporaryName()]
    writeFileSync(ballast, Buffer.alloc(124 * 1024))
    mkdirSync(elsewhere)
    const link = join(disk, 'current')
    execFileSync('ln', ['-s', disk, link])
    const puppet = await Puppet.on('ignore', { to: 'file', path: join(link, 'log'), policy: 'line' })
    await puppet.log({ count: 20, pad: WIDE })
    execFileSync('ln', ['-sfn', elsewhere, link])
    await puppet.tell('reopen')
    await puppet.log({ count: 10 })
    await puppet.end()
    const old = readFileSync(path, 'utf8')
    const whole = recordsOf(old.slice(0, old.lastIndexOf('\n') + 1))
    expect(whole.length).toBeLessThan(20)
    expect(numbersOf([...whole, ...recordsOf(readFileSync(join(elsewhere, 'log'), 'utf8'))])).toEqual(numbers(30))
    rmSync(path)
    rmSync(ballast)
  })

  function temporaryName(): string {
    return join(folder, `elsewhere-${Math.random().toString(36).slice(2)}`)
  }
})

const folder = temporaryFolder()

describe.skipIf(noPosix).concurrent(`logrotate${noPosix ? ` (${noPosix})` : ''}`, () => {
  it.each(POLICIES)('renames, and has the path opened again by a call: %j', async (policy) => {
    const home = join(folder, `call-${JSON.stringify(policy).replace(/\W/g, '')}`)
    const path = join(home, 'app.log')
    const puppet = await Puppet.on('ignore', { to: 'file', path, policy })
    await puppet.start({ everyMs: 1, count: 5, pad: WIDE })
    for (let i = 0; i < 10; i++) {
      await sleep(10)
      renameSync(path, `${path}.${i}`)
      await puppet.tell('reopen')
    }
    await puppet.tell('stop')
    const { logged } = await puppet.ask()
    await puppet.end()
    expect(numbersOf(rotated(home)).sort((a, b) => a - b)).toEqual(numbers(logged))
  })

  it('renames, and has it opened again by SIGHUP, which ends nobody', async () => {
    const home = join(folder, 'signal')
    const path = join(home, 'app.log')
    const puppet = await Puppet.on('ignore', { to: 'file', path, reopenOn: 'SIGHUP' })
    await puppet.start({ everyMs: 1, count: 5, pad: WIDE })
    for (let i = 0; i < 10; i++) {
      await sleep(10)
      renameSync(path, `${path}.${i}`)
      puppet.child.kill('SIGHUP')
      while (!existsSync(path)) await sleep(1)
    }
    await puppet.tell('stop')
    const { logged } = await puppet.ask()
    await puppet.tell('close')
    expect(numbersOf(rotated(home)).sort((a, b) => a - b)).toEqual(numbers(logged))
    // A closed file listens no longer: the signal has its own meaning again.
    puppet.child.kill('SIGHUP')
    await expect(puppet.ended).resolves.toEqual({ code: null, signal: 'SIGHUP' })
  })

  it('keeps the old file when the path cannot be opened again', async () => {
    const home = join(folder, 'refused')
    const path = join(home, 'app.log')
    const puppet = await Puppet.on('ignore', { to: 'file', path })
    await puppet.log({ count: 5 })
    renameSync(path, `${path}.0`)
    mkdirSync(path)
    await puppet.tell('reopen')
    await puppet.log({ count: 5 })
    await puppet.end()
    expect(puppet.complaints).toEqual([
      expect.stringMatching(/app\.log: cannot be opened again .*EISDIR.*; the old file goes on/),
    ])
    expect(numbersOf(recordsOf(readFileSync(`${path}.0`, 'utf8')))).toEqual(numbers(10))
  })

  /** Each file has to hold whole lines. */
  function rotated(home: string): Record<string, unknown>[] {
    return readdirSync(home).flatMap((name) => recordsOf(readFileSync(join(home, name), 'utf8')))
  }
})

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}

function numbersOf(records: readonly Record<string, unknown>[]): number[] {
  return records.filter(({ message }) => message === 'line').map(({ n }) => n as number)
}
