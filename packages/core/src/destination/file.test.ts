import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { LEVELS } from '../levels/level.js'
import { type FileOptions, file } from './file.js'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'throughline-'))
  path = join(folder, 'logs', 'app.log')
  onTestFinished(() => rmSync(folder, { recursive: true }))
})
const read = (): string => readFileSync(path, 'utf8')
const open = (options?: FileOptions) => {
  const destination = file(path, options)
  onTestFinished(() => destination.close())
  return destination
}

describe('the write policy of a file', () => {
  it('line: each line is in the file before its call returns', () => {
    const log = open({ policy: 'line' })
    log.write('one\n', LEVELS.debug)
    expect(read()).toBe('one\n')
    log.write('two\n', LEVELS.info)
    expect(read()).toBe('one\ntwo\n')
  })

  it('turn: at the end of the turn', async () => {
    const log = open()
    log.write('one\n', LEVELS.info)
    await Promise.resolve()
    log.write('two\n', LEVELS.info)
    expect(read()).toBe('')
    await turn()
    expect(read()).toBe('one\ntwo\n')
    log.write('three\n', LEVELS.info)
    await turn()
    expect(read()).toBe('one\ntwo\nthree\n')
  })

  it('turn: at 16 KiB', () => {
    const log = open()
    const line = `${'x'.repeat(1023)}\n`
    for (let i = 0; i < 15; i++) log.write(line, LEVELS.info)
    expect(read()).toBe('')
    log.write(line, LEVELS.info)
    expect(read()).toBe(line.repeat(16))
  })

  it('bytes and ms: at so many, or after so long', async () => {
    const log = open({ policy: { bytes: 30, ms: 20 } })
    log.write('123456789\n', LEVELS.info)
    await turn()
    log.write('123456789\n', LEVELS.info)
    await turn()
    expect(read()).toBe('')
    log.write('123456789\n', LEVELS.info)
    expect(read()).toBe('123456789\n'.repeat(3))
    log.write('later\n', LEVELS.info)
    while (!read().endsWith('later\n')) await sleep(5)
  })

  it.each(['warn', 'error', 'fatal'] as const)('any: a line at %s at once, with what waits before it', (level) => {
    for (const policy of ['turn', { bytes: 1000, ms: 1000 }] as const) {
      rmSync(path, { force: true })
      const log = open({ policy })
      log.write('before\n', LEVELS.debug)
      log.write('now\n', LEVELS[level])
      expect(read()).toBe('before\nnow\n')
    }
  })

  it('any: by flushSync, flush and close', async () => {
    const log = open({ policy: { bytes: 1000, ms: 100_000 } })
    log.write('one\n', LEVELS.info)
    log.flushSync()
    expect(read()).toBe('one\n')
    log.write('two\n', LEVELS.info)
    await log.flush()
    expect(read()).toBe('one\ntwo\n')
    log.write('three\n', LEVELS.info)
    await log.close()
    expect(read()).toBe('one\ntwo\nthree\n')
  })
})

describe('file(path)', () => {
  it('counts what comes after its end, and closes once', async () => {
    const log = file(path)
    log.write('one\n', LEVELS.info)
    const closed = log.close()
    log.write('two\n', LEVELS.warn)
    await closed
    await log.close()
    log.reopen()
    log.write('three\n', LEVELS.info)
    log.flushSync()
    expect(read()).toBe('one\n')
    expect(log.dropped?.()).toEqual({ WARN: 1, INFO: 1 })
  })

  it('is made with its folders, for its owner and group to read', () => {
    open()
    expect(statSync(path).mode & 0o777).toBe(0o640)
  })

  it('takes another mode, and no folders', () => {
    expect(() => file(path, { mkdir: false })).toThrow(/app\.log"\) cannot be opened for appending: ENOENT/)
    path = join(folder, 'private.log')
    open({ mode: 0o600, mkdir: false })
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('appends to what is there', () => {
    mkdirSync(join(folder, 'logs'))
    writeFileSync(path, 'old\n')
    const log = open({ policy: 'line' })
    log.write('new\n', LEVELS.info)
    expect(read()).toBe('old\nnew\n')
  })

  it('begins a line of its own after one that was torn', () => {
    mkdirSync(join(folder, 'logs'))
    writeFileSync(path, 'old\n{"torn":')
    const log = open({ policy: 'line' })
    log.write('new\n', LEVELS.info)
    expect(read()).toBe('old\n{"torn":\nnew\n')
    appendFileSync(path, '{"torn":')
    log.reopen()
    log.write('newer\n', LEVELS.info)
    expect(read()).toBe('old\n{"torn":\nnew\n{"torn":\nnewer\n')
  })

  it('takes no line for torn that another thread is writing', async () => {
    mkdirSync(join(folder, 'logs'))
    writeFileSync(path, 'first\n')
    const writer = new Worker(
      `const { openSync, writeSync } = require('node:fs')
      const fd = openSync(require('node:worker_threads').workerData, 'a')
      const lines = Buffer.from(('x'.repeat(149) + '\\n').repeat(400))
      for (;;) {
        writeSync(fd, lines)
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
      }`,
      { eval: true, workerData: path },
    )
    onTestFinished(async () => {
      await writer.terminate()
    })
    await once(writer, 'online')
    // Met in the middle of a write hundreds of times.
    for (let opened = 0; opened < 5_000; opened++) await file(path).close()
    await writer.terminate()
    expect(readFileSync(path, 'latin1').includes('\n\n')).toBe(false)
  }, 30_000)

  it('writes what has gathered to the old file when it is opened again', () => {
    const log = open()
    log.write('old\n', LEVELS.info)
    renameSync(path, `${path}.1`)
    log.reopen()
    log.write('new\n', LEVELS.info)
    log.flushSync()
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('old\n')
    expect(read()).toBe('new\n')
    expect(readdirSync(join(folder, 'logs'))).toHaveLength(2)
  })

  it.skipIf(!existsSync('/dev/full'))('closes in time on a full disk, and counts the lines', async () => {
    const log = file('/dev/full')
    for (let n = 0; n < 10; n++) log.write(`${n}\n`, n === 0 ? LEVELS.error : LEVELS.info)
    await log.flush({ timeoutMs: 50 })
    expect(log.dropped?.()).toEqual({})
    await log.close({ timeoutMs: 50 })
    expect(log.dropped?.()).toEqual({ INFO: 9, ERROR: 1 })
  })

  it('tries again to open a path that could not be opened, and writes there from then on', async () => {
    const log = open({ policy: 'line' })
    log.write('old\n', LEVELS.info)
    renameSync(path, `${path}.1`)
    mkdirSync(path)
    log.reopen()
    log.write('still old\n', LEVELS.info)
    rmdirSync(path)
    await expect.poll(() => existsSync(path)).toBe(true)
    log.write('new\n', LEVELS.info)
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('old\nstill old\n')
    expect(read()).toBe('new\n')
  })

  it.skipIf(process.platform === 'win32')('refuses a named pipe that nobody reads, instead of waiting for ever', () => {
    mkdirSync(join(folder, 'logs'))
    execFileSync('mkfifo', [path])
    expect(() => file(path)).toThrow(/ENXIO/)
  })

  it.skipIf(!existsSync('/proc/self/fd'))('lets go of its descriptors', async () => {
    const count = () => readdirSync('/proc/self/fd').length
    const before = count()
    for (let i = 0; i < 10; i++) {
      const log = file(path)
      log.write('line\n', LEVELS.info)
      log.reopen()
      await log.close()
    }
    expect(count()).toBe(before)
  })

  it.each([
    ['a path that is none', () => file(''), /file\(path\): got an empty string; accepted: a file's path/],
    ['a path of another type', () => file(1 as never), /file\(path\): got 1; accepted: a file's path/],
    [
      'a policy that is none',
      () => file(path, { policy: 'lines' as never }),
      /file\(path, \{ policy \}\): got string; accepted: 'line', 'turn'/,
    ],
    ['a policy without a time', () => file(path, { policy: { bytes: 1 } as never }), /got object; accepted/],
    [
      'a bound that is none',
      () => file(path, { maxQueuedBytes: -1 }),
      /file\(path, \{ maxQueuedBytes \}\): got -1; accepted: a number above 0/,
    ],
  ])('throws on %s', (_, act, message) => {
    expect(act).toThrow(message)
    expect(existsSync(path)).toBe(false)
  })
})
