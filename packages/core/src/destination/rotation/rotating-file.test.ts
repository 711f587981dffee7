import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LEVELS } from '../../levels/level.js'
import type { FileDestination } from '../appended-file.js'
import { type FileOptions, file } from '../file.js'
import type { RotateOptions } from './options.js'

const DAY_MS = 86_400_000

let folder: string
let path: string
const opened: FileDestination[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'throughline-'))
  path = join(folder, 'app.log')
})

afterEach(async () => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  await Promise.all(opened.splice(0).map((log) => log.close()))
  rmSync(folder, { recursive: true })
})

function open(rotate: RotateOptions, options: FileOptions = {}): FileDestination {
  const log = file(path, { policy: 'line', ...options, rotate })
  opened.push(log)
  return log
}

const line = (n: number, pad = ''): string => `{"n":${n},"pad":"${pad}"}\n`

/** The set as `app.log*` names it, in the order of names, the newest file last. */
function names(): string[] {
  const found = readdirSync(folder).filter((name) => name.startsWith('app.log'))
  return [...found.filter((name) => name !== 'app.log').sort(), ...found.filter((name) => name === 'app.log')]
}

function contentOf(name: string): string {
  const bytes = readFileSync(join(folder, name))
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
}

function numbers(): number[] {
  return names()
    .flatMap((name) => contentOf(name).split('\n').slice(0, -1))
    .map((text) => JSON.parse(text).n as number)
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

function write(log: FileDestination, from: number, to: number, pad = ''): void {
  for (let n = from; n < to; n++) log.write(line(n, pad), LEVELS.info)
}

describe('rotation by size', () => {
  it.each(['line', 'turn', { bytes: 4_000, ms: 5 }] as const)(
    'keeps every file within it, and every line whole: %j',
    async (policy) => {
      const log = open({ size: 1_000 }, { policy })
      for (let n = 0; n < 300; n++) {
        log.write(line(n, 'ü'.repeat(n % 50)), LEVELS.info)
        if (n % 20 === 0) await new Promise(setImmediate)
      }
      await log.close()
      expect(numbers()).toEqual(upTo(300))
      expect(names().length).toBeGreaterThan(15)
      for (const name of names()) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(1_000)
      // None is cut long before it is full.
      for (const name of names().slice(0, -1)) expect(statSync(join(folder, name)).size).toBeGreaterThan(800)
    },
  )

  it('gives a line that is larger a file of its own', () => {
    const log = open({ size: 100 })
    write(log, 0, 1)
    write(log, 1, 2, 'x'.repeat(500))
    write(log, 2, 3)
    expect(names()).toHaveLength(3)
    expect(numbers()).toEqual(upTo(3))
  })

  it('names files by when they were begun, and has the newest under the path', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-12-01T10:15:23.120Z') })
    const log = open({ size: 40 })
    write(log, 0, 2)
    vi.setSystemTime(Date.parse('2026-12-01T10:15:24.000Z'))
    write(log, 2, 5)
    const [first, second] = names()
    expect(first).toMatch(/^app\.log\.2026-12-01T10-15-23\.120Z\.[0-9a-f]{6}$/)
    expect(second).toMatch(/^app\.log\.2026-12-01T10-15-24\.000Z\.[0-9a-f]{6}$/)
    expect(contentOf('app.log')).toBe(line(4))
  })
})

describe('rotation by time', () => {
  it('begins a new file with the first line of a day, in UTC or in a time zone', () => {
    for (const [timeZone, midnight] of [
      ['UTC', '2026-12-02T00:00:00.000Z'],
      ['Europe/Berlin', '2026-12-01T23:00:00.000Z'],
    ] as const) {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(midnight) - 2 })
      const log = open({ every: 'day', timeZone })
      write(log, 0, 1)
      vi.setSystemTime(Date.parse(midnight) - 1)
      write(log, 1, 2)
      vi.setSystemTime(Date.parse(midnight))
      write(log, 2, 3)
      expect(names()).toHaveLength(2)
      expect(contentOf('app.log')).toBe(line(2))
      for (const name of names()) rmSync(join(folder, name))
    }
  })

  it('begins an empty file anew where a day has passed without a line', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-12-01T10:00:00.000Z') })
    const log = open({ every: 'day' })
    vi.setSystemTime(Date.parse('2026-12-03T10:00:00.000Z'))
    write(log, 0, 2)
    expect(names()).toEqual(['app.log'])
    vi.setSystemTime(Date.parse('2026-12-04T00:00:00.000Z'))
    write(log, 2, 3)
    expect(names()[0]).toMatch(/^app\.log\.2026-12-03T10-00-00\.000Z\./)
    expect(numbers()).toEqual(upTo(3))
  })

  it('does not wake up for an empty file but when it is due', () => {
    vi.useFakeTimers()
    open({ every: 'hour' })
    const spy = vi.spyOn(globalThis, 'setTimeout')
    vi.advanceTimersByTime(3 * 3_600_000)
    // Once a minute, and at each hour.
    expect(spy.mock.calls.length).toBeLessThan(200)
    spy.mockRestore()
  })

  it('rotates a file that nothing is written to any more, but no empty one', async () => {
    const log = open({ every: 50 })
    write(log, 0, 1)
    await expect.poll(() => names().length).toBe(2)
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(names()).toHaveLength(2)
    expect(contentOf('app.log')).toBe('')
  })

  it('rotates at start what was last written in a day before', async () => {
    const first = open({ every: 'day' })
    write(first, 0, 1)
    await first.close()
    const yesterday = (Date.now() - DAY_MS) / 1000
    utimesSync(path, yesterday, yesterday)
    const second = open({ every: 'day' })
    write(second, 1, 2)
    expect(names()).toHaveLength(2)
    expect(contentOf('app.log')).toBe(line(1))
  })
})

describe('a file that was there before', () => {
  it('is continued after a process that closed it, with the size that it has', async () => {
    for (let n = 0; n < 6; n++) {
      const log = open({ size: 60 })
      write(log, n, n + 1)
      await log.close()
    }
    expect(numbers()).toEqual(upTo(6))
    expect(names()).toHaveLength(2)
  })

  it('is renamed where no rotation has left it: another program may be writing to it', () => {
    writeFileSync(path, line(0))
    const log = open({ size: 1_000 })
    write(log, 1, 2)
    expect(names()).toHaveLength(2)
    expect(numbers()).toEqual(upTo(2))
  })

  it('begins a line of its own after one that was torn', async () => {
    await open({ size: 1_000 }).close()
    writeFileSync(path, '{"torn":')
    const log = open({ size: 1_000 })
    write(log, 0, 1)
    expect(contentOf('app.log')).toBe(`{"torn":\n${line(0)}`)
  })

  it('is refused where it is no file', () => {
    rmSync(path, { force: true })
    symlinkSync('/dev/null', path)
    expect(() => open({ size: 1_000 })).toThrow(/is no regular file, and cannot be rotated/)
  })
})

describe('several writers on one path', () => {
  it('have a file each, and lose nothing when either rotates', async () => {
    const logs = [open({ size: 300, compress: 'gzip' }), open({ size: 300, compress: 'gzip' }), open({ size: 300 })]
    let n = 0
    for (let round = 0; round < 60; round++) {
      for (const log of logs) write(log, n, ++n)
      await new Promise(setImmediate)
    }
    await Promise.all(logs.map((log) => log.close()))
    expect(numbers().sort((a, b) => a - b)).toEqual(upTo(n))
  })
})

describe('compression', () => {
  it('replaces rotated files, and keeps their mode and times', async () => {
    const log = open({ size: 200, compress: 'gzip' }, { mode: 0o600 })
    write(log, 0, 40)
    await log.close()
    expect(numbers()).toEqual(upTo(40))
    const compressed = names().filter((name) => name.endsWith('.gz'))
    expect(compressed).toHaveLength(names().length - 1)
    for (const name of compressed) {
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
      expect(Date.now() - statSync(join(folder, name)).mtimeMs).toBeLessThan(10_000)
    }
    // Besides the log there is what says that nobody writes to it.
    expect(readdirSync(folder).filter((name) => !name.startsWith('app.log'))).toHaveLength(1)
  })

  it('is finished by the next process where one was killed: with the copy begun, or complete', async () => {
    const log = open({ size: 200 })
    write(log, 0, 40)
    await log.close()
    const [first, second] = names() as [string, string]
    // As a killed process leaves them.
    const free = (name: string) => {
      const { ino } = statSync(join(folder, name), { bigint: true })
      writeFileSync(join(folder, `.app.log.${ino}`), '{"begun":1}')
      return ino
    }
    writeFileSync(join(folder, `.app.log.${free(first)}.tmp`), 'half of it')
    free(second)
    writeFileSync(join(folder, `${second}.gz`), gzipSync(readFileSync(join(folder, second))))
    const next = open({ size: 200, compress: 'gzip' })
    await next.close()
    expect(names().filter((name) => name.startsWith(first) || name.startsWith(second))).toEqual([
      `${first}.gz`,
      `${second}.gz`,
    ])
    expect(numbers()).toEqual(upTo(40))
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('is refused by name where Node does not have it', () => {
    vi.stubGlobal('process', { ...process, versions: { ...process.versions, zstd: undefined }, version: 'v20.19.0' })
    expect(() => file(path, { rotate: { size: 1, compress: 'zstd' } })).toThrow(
      /file\(path, \{ rotate: \{ compress \} \}\): got string; accepted: 'gzip' or false; zstd needs Node 22\.15, this is v20\.19\.0/,
    )
  })

  it.skipIf(process.versions.zstd === undefined)('takes zstd', async () => {
    const log = open({ size: 200, compress: 'zstd' })
    write(log, 0, 40)
    await log.close()
    const [first] = names() as [string]
    expect(first).toMatch(/\.zst$/)
    const { zstdDecompressSync } = (await import('node:zlib')) as unknown as {
      zstdDecompressSync(bytes: Buffer): Buffer
    }
    expect(zstdDecompressSync(readFileSync(join(folder, first))).toString()).toMatch(/^\{"n":0,/)
  })
})

describe('retention', () => {
  /** Rotated files, the oldest first, each a day older than the next. */
  async function rotated(count: number): Promise<string[]> {
    const log = open({ size: 1 })
    write(log, 0, count + 1)
    await log.close()
    const found = names().slice(0, -1)
    for (const [i, name] of found.entries()) {
      const written = (Date.now() - (found.length - i) * DAY_MS) / 1000
      utimesSync(join(folder, name), written, written)
    }
    return found
  }

  const tidied = async (keep: RotateOptions['keep']) => {
    await open({ size: 1_000, keep } as RotateOptions).close()
    return names().slice(0, -1)
  }

  it('keeps so many files, the newest', async () => {
    const found = await rotated(6)
    expect(await tidied({ files: 2 })).toEqual(found.slice(-2))
    expect(await tidied({ files: 0 })).toEqual([])
  })

  it('keeps so many days', async () => {
    const found = await rotated(6)
    expect(await tidied({ days: 3.5 })).toEqual(found.slice(-3))
  })

  it('keeps so many bytes', async () => {
    const found = await rotated(6)
    expect(await tidied({ bytes: line(1).length * 4 + 1 })).toEqual(found.slice(-4))
  })

  it('removes nothing but rotated files of this log, and none that is written to', async () => {
    await rotated(3)
    const others = ['app.log.1', 'app.log.old', 'app.log.2026-12-01', 'other.log.2026-12-01T10-15-23.120Z.a1b2c3']
    for (const name of others) writeFileSync(join(folder, name), 'theirs')
    const writing = open({ size: 1_000 })
    write(writing, 0, 1)
    // Renames the file of the other, which goes on.
    const log = open({ size: 1_000, keep: { files: 0 } })
    await log.close()
    write(writing, 1, 2)
    const left = readdirSync(folder).filter((name) => !name.startsWith('.') && name !== 'app.log')
    expect(left).toHaveLength(others.length + 1)
    expect(left).toEqual(expect.arrayContaining(others))
    const renamed = left.find((name) => !others.includes(name)) as string
    expect(contentOf(renamed)).toBe(line(4 - 1) + line(0) + line(1))
  })
})

describe('trouble', () => {
  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'goes on in the old file where none can be made, and tries again',
    async () => {
      const log = open({ size: 100 })
      write(log, 0, 3)
      chmodSync(folder, 0o500)
      write(log, 3, 12)
      chmodSync(folder, 0o700)
      await new Promise((resolve) => setTimeout(resolve, 1_100))
      write(log, 12, 13)
      expect(numbers()).toEqual(upTo(13))
      expect(names()).toHaveLength(2)
    },
  )

  it('goes on in the old file where the path is taken, and rotates once it is free', async () => {
    const log = open({ size: 100 })
    write(log, 0, 3)
    renameSync(path, join(folder, 'elsewhere.log'))
    symlinkSync('/dev/null', path)
    write(log, 3, 8)
    rmSync(path)
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    write(log, 8, 9)
    expect(contentOf('elsewhere.log')).toBe(
      upTo(8)
        .map((n) => line(n))
        .join(''),
    )
    expect(contentOf('app.log')).toBe(line(8))
  })

  it('closes a file before it is renamed on Windows', async () => {
    vi.stubGlobal('process', Object.create(process, { platform: { value: 'win32' } }))
    const log = open({ size: 100 })
    write(log, 0, 12)
    vi.unstubAllGlobals()
    await log.close()
    expect(numbers()).toEqual(upTo(12))
    expect(names().length).toBeGreaterThan(2)
  })

  it('rotates when it is opened again', () => {
    const log = open({ size: 1_000 })
    write(log, 0, 1)
    log.reopen()
    write(log, 1, 2)
    expect(names()).toHaveLength(2)
    expect(numbers()).toEqual(upTo(2))
  })
})

describe('options', () => {
  it.each([
    [
      'nothing to rotate by',
      { keep: { files: 1 } },
      /\{ rotate: \{ size \} \}\): got undefined; accepted: a number from 1/,
    ],
    ['a size that is none', { size: '10m' }, /\{ rotate: \{ size \} \}\): got string; accepted: a number from 1/],
    ['an every that is none', { every: 'week' }, /\{ rotate: \{ every \} \}\): got string; accepted: 'day', 'hour'/],
    ['a keep that is none', { size: 1, keep: { days: 0 } }, /\{ rotate: \{ keep: \{ days \} \} \}\): got 0; accepted/],
    ['a compression that is none', { size: 1, compress: 'brotli' }, /\{ rotate: \{ compress \} \}\): got string/],
    ['a time zone that is none', { every: 'day', timeZone: 'Mars/Olympus' }, /timeZone \} \}\): got string; accepted/],
    ['an unknown option', { every: 'day', maxFiles: 3 }, /file: unknown option "maxFiles" in rotate; accepted: size/],
  ])('refuses %s', (_, rotate, message) => {
    expect(() => file(path, { rotate: rotate as RotateOptions })).toThrow(message)
    expect(existsSync(path)).toBe(false)
  })

  it('refuses reopenOn beside rotate', () => {
    expect(() => file(path, { reopenOn: 'SIGHUP', rotate: { size: 1 } })).toThrow(
      /reopenOn \}\): got string; accepted: no/,
    )
  })
})
