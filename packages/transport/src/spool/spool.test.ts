import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DropCounter } from 'throughline/destination'
import { thisOwner } from 'throughline/internal'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LEASE_MS, LOCK } from './folder.js'
import type { FsyncPolicy } from './options.js'
import { Spool } from './spool.js'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'throughline-spool-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const MIB = 1024 * 1024

function open(options: { readonly maxBytes?: number; readonly identity?: string; readonly fsync?: FsyncPolicy } = {}) {
  const drops = new DropCounter()
  const { maxBytes = 16 * MIB, identity = 'store', fsync = 'always' } = options
  const batch = { bytes: MIB, lines: 10_000, ms: 1_000 }
  const spool = new Spool({
    name: 'test',
    identity,
    drops,
    options: { dir, maxBytes, fsync },
    batch,
    onAdopted() {},
  })
  let ns = 0
  return {
    spool,
    drops,
    write: (line: string, level = 30) =>
      spool.add({ line: `${line}\n`, level, drops, ms: 1_700_000_000_000, ns: ns++ }),
    /** Everything in it, as whoever ships it gets it. */
    all: () => spool.unsettled().flatMap((batch) => [...batch.loadSync().lines]),
  }
}

const filesIn = (folder: string, ending: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => join(folder, file))
const segments = () => filesIn(dir, '.segment')
const locks = () => filesIn(dir, LOCK)

/** Leaves lines as a process that is gone does: its lock names one that never was. */
async function leave(lines: readonly string[], level = 30): Promise<string> {
  const { spool, write } = open()
  for (const line of lines) write(line, level)
  await spool.save()
  const [path = ''] = segments()
  // As after a SIGKILL: nothing is tidied up but the timers.
  spool.close()
  return path
}

describe('a spool', () => {
  it('gives back what was written, in order, with the times that it came with', async () => {
    const { spool, write } = open()
    write('ä 🎉 one')
    write('two')
    const entries = await spool.next(true)?.load()
    expect(entries).toEqual({
      lines: ['ä 🎉 one\n', 'two\n'],
      levels: Uint8Array.of(30, 30),
      ms: Float64Array.of(1_700_000_000_000, 1_700_000_000_000),
      ns: Uint32Array.of(0, 1),
    })
    spool.close()
  })

  it('has a warning on disk when its call returns, and the lines before it', () => {
    const { spool, write } = open()
    write('an info')
    expect(segments()).toEqual([])
    write('a warning', 40)
    expect(
      segments()
        .map((path) => readFileSync(path, 'utf8'))
        .join(),
    ).toMatch(/an info[\s\S]*a warning/)
    spool.close()
  })

  it('removes a segment when its lines are settled, and its folder when nothing is left', () => {
    const { spool, write } = open()
    write('one')
    spool.next(true)?.settle()
    expect(segments()).toEqual([])
    expect(spool.isEmpty).toBe(true)
    spool.close()
    expect(readdirSync(join(dir, readdirSync(dir)[0] as string))).toEqual([])
  })

  it('takes over what a process that is gone has left, and nothing of one that lives', async () => {
    await leave(['from the dead'])
    const living = open()
    living.write('from the living', 40)
    const next = open()
    // The first to come took it; the second finds it taken.
    expect(living.all().sort()).toEqual(['from the dead\n', 'from the living\n'])
    expect(next.all()).toEqual([])
    living.spool.close()
    next.spool.close()
  })

  it('never ships to one store what was meant for another', async () => {
    await leave(['for the store'])
    const other = open({ identity: 'another store' })
    expect(other.all()).toEqual([])
    other.spool.close()
  })

  it.each([1, 10, 19, 20, 25])(
    'cuts and counts a last record that lacks %i bytes, and loses nothing before it',
    async (lacks) => {
      const path = await leave(['one', 'two', 'three'])
      truncateSync(path, statSync(path).size - lacks)
      const { spool, drops, all } = open()
      expect(all()).toEqual(['one\n', 'two\n'])
      expect(drops.byLevel).toEqual({ INFO: 1 })
      // Cut once, counted once.
      expect(all()).toEqual(['one\n', 'two\n'])
      expect(drops.byLevel).toEqual({ INFO: 1 })
      spool.close()
    },
  )

  it('does not read a record whose bytes have changed', async () => {
    const path = await leave(['one', 'two'])
    const bytes = readFileSync(path)
    bytes[bytes.length - 2] = (bytes[bytes.length - 2] as number) ^ 1
    writeFileSync(path, bytes)
    const { spool, drops, all } = open()
    expect(all()).toEqual(['one\n'])
    expect(drops.byLevel).toEqual({ INFO: 1 })
    spool.close()
  })

  it('refuses what a newer version wrote, and leaves it as it is', async () => {
    const path = await leave(['from the future'])
    const bytes = readFileSync(path)
    bytes[7] = 2
    writeFileSync(path, bytes)
    expect(() => open()).toThrow(/^test\(\{ spool: \{ dir \} \}\): .*newer version/)
    expect(readFileSync(path).equals(bytes)).toBe(true)
  })

  it('drops the lowest level first when it is full, and counts it', () => {
    const { spool, drops, write, all } = open({ maxBytes: MIB, fsync: 'never' })
    for (let i = 0; i < 10; i++) write(`error ${i} ${'x'.repeat(10_000)}`, 50)
    for (let i = 0; i < 300; i++) write(`debug ${i} ${'x'.repeat(10_000)}`, 20)
    spool.saveSync()
    const lines = all()
    const dropped = drops.byLevel
    expect(lines.filter((line) => line.startsWith('error'))).toHaveLength(10)
    expect(Object.keys(dropped)).toEqual(['DEBUG'])
    expect(lines.length + (dropped.DEBUG ?? 0)).toBe(310)
    const bytes = segments().reduce((sum, path) => sum + statSync(path).size, 0)
    expect(bytes).toBeLessThanOrEqual(MIB)
    spool.close()
  })

  it('drops a line that could never fit, and nothing for its sake', () => {
    const { spool, drops, write, all } = open({ maxBytes: MIB, fsync: 'never' })
    write('an info')
    spool.saveSync()
    write('x'.repeat(2 * MIB), 50)
    expect(drops.byLevel).toEqual({ ERROR: 1 })
    expect(all()).toEqual(['an info\n'])
    spool.close()
  })

  it('does not drop an error for the sake of an info', () => {
    const { spool, drops, write } = open({ maxBytes: MIB, fsync: 'never' })
    for (let i = 0; i < 150; i++) write(`error ${'x'.repeat(10_000)}`, 50)
    const { ERROR } = drops.byLevel
    for (let i = 0; i < 150; i++) write(`info ${'x'.repeat(10_000)}`)
    spool.saveSync()
    expect(drops.byLevel.ERROR).toBe(ERROR)
    expect(drops.byLevel.INFO).toBeGreaterThan(100)
    spool.close()
  })
})

describe('a spool whose folder another process may have', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] }))
  afterEach(() => void vi.useRealTimers())

  /** Leaves lines under the lock of a process that cannot be seen from here: on another machine, in another container. */
  async function leaveElsewhere(lines: readonly string[]): Promise<string> {
    const lock = join(dirname(await leave(lines)), LOCK)
    writeFileSync(lock, JSON.stringify({ ...thisOwner(), boot: 'another' }))
    return lock
  }

  it('takes it over when its lock was not touched for as long as the lease', async () => {
    await leaveElsewhere(['from elsewhere'])
    const { spool, all } = open()
    vi.advanceTimersByTime(LEASE_MS)
    expect(all()).toEqual([])
    vi.advanceTimersByTime(LEASE_MS / 2)
    expect(all()).toEqual(['from elsewhere\n'])
    spool.close()
  })

  it('takes it over as late when its lock lost its text, as it may when the machine dies', async () => {
    writeFileSync(await leaveElsewhere(['from before']), '')
    const { spool, all } = open()
    vi.advanceTimersByTime(LEASE_MS)
    expect(all()).toEqual([])
    vi.advanceTimersByTime(LEASE_MS / 2)
    expect(all()).toEqual(['from before\n'])
    spool.close()
  })

  it.each([undefined, ''])('leaves it alone as long as its owner touches the lock (its text: %j)', async (text) => {
    const lock = await leaveElsewhere(['from elsewhere'])
    if (text !== undefined) writeFileSync(lock, text)
    const { spool, all } = open()
    for (let touches = 1; touches <= 10; touches++) {
      vi.advanceTimersByTime(LEASE_MS / 2)
      utimesSync(lock, touches, touches)
    }
    expect(all()).toEqual([])
    spool.close()
  })

  it('touches its own lock', () => {
    const { spool } = open()
    const lock = locks()[0] as string
    utimesSync(lock, 1, 1)
    vi.advanceTimersByTime(LEASE_MS / 2)
    expect(statSync(lock).mtimeMs).toBeGreaterThan(1_000)
    spool.close()
  })

  it('writes into a new one when it was stopped for so long that another has taken it', () => {
    const { spool, drops, write, all } = open()
    write('before', 40)
    // As one that took it over does, while this process does not run.
    const folder = dirname(locks()[0] as string)
    renameSync(folder, `${folder}-taken`)
    vi.advanceTimersByTime(LEASE_MS)
    write('after', 40)
    expect(all()).toEqual(['after\n'])
    expect(drops.byLevel).toEqual({})
    const [own, ...more] = readdirSync(dirname(folder)).filter((name) => !name.endsWith('-taken'))
    expect([own, more]).toEqual([expect.any(String), []])
    expect(filesIn(`${folder}-taken`, '.segment')).toHaveLength(1)
    spool.close()
  })
})
