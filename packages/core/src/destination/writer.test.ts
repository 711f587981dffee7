import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { LEVELS } from '../levels/level.js'
import { DropCounter } from './drop-counter.js'
import { DescriptorWriter } from './writer.js'

const PAGE = 4096
const noPipes = process.platform === 'linux' ? undefined : 'the room in a pipe is counted in pages, as Linux does'

/** A pipe that does not block, and what fills it but for so many pages. */
class Pipe {
  readonly writeEnd: number
  private readonly readEnd: number
  private readonly folder = mkdtempSync(join(tmpdir(), 'throughline-'))

  constructor() {
    const path = join(this.folder, 'pipe')
    execFileSync('mkfifo', [path])
    this.readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    this.writeEnd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
    onTestFinished(() => {
      for (const fd of [this.readEnd, this.writeEnd]) {
        try {
          closeSync(fd)
        } catch {
          // Closed by the test.
        }
      }
      rmSync(this.folder, { recursive: true })
    })
  }

  fillBut(pages: number): void {
    const page = Buffer.alloc(PAGE, '.')
    try {
      for (;;) writeSync(this.writeEnd, page)
    } catch {
      // Full.
    }
    for (let i = 0; i < pages; i++) readSync(this.readEnd, page)
  }

  /** All that is in it, without the filling. */
  read(): string {
    const chunks: Buffer[] = []
    const chunk = Buffer.alloc(1 << 20)
    try {
      for (;;) {
        const length = readSync(this.readEnd, chunk)
        if (length === 0) break
        chunks.push(Buffer.from(chunk.subarray(0, length)))
      }
    } catch {
      // Empty.
    }
    return Buffer.concat(chunks).toString().replace(/^\.+/, '')
  }

  closeReader(): void {
    closeSync(this.readEnd)
  }
}

/** As a destination does: writes at once from so many units on. */
function take(writer: DescriptorWriter, line: string, level: number, drops: DropCounter, limit: number): void {
  if (writer.error !== undefined) {
    writer.writeNow({ line, level, drops }, 0)
    return
  }
  writer.queue.append({ line, level, drops })
  if (writer.queue.units >= limit) writer.write(0)
}

const line = (n: number, pad = ''): string => `{"n":${n},"pad":"${pad}"}\n`

describe.skipIf(noPipes)(`DescriptorWriter${noPipes ? ` (${noPipes})` : ''}`, () => {
  it('takes a write of as many bytes as the text has units for what it is: a part', async () => {
    const pipe = new Pipe()
    pipe.fillBut(1)
    const writer = new DescriptorWriter(pipe.writeEnd, 'pipe')
    const text = line(1, 'é'.repeat(100).padEnd(PAGE - line(1).length, 'e'))
    expect([text.length, Buffer.byteLength(text) > PAGE]).toEqual([PAGE, true])
    take(writer, text, LEVELS.info, new DropCounter(), 0)
    const first = pipe.read()
    expect(first).not.toBe(text)
    const flushed = writer.flush(10_000)
    await flushed
    expect(first + pipe.read()).toBe(text)
  })

  it('counts each line that a gone reader does not get by its own level', () => {
    const pipe = new Pipe()
    const writer = new DescriptorWriter(pipe.writeEnd, 'pipe-without-reader')
    const [one, two] = [new DropCounter(), new DropCounter()]
    pipe.closeReader()
    take(writer, line(1), LEVELS.debug, one, 1000)
    take(writer, line(2), LEVELS.info, two, 1000)
    take(writer, line(3), LEVELS.info, one, 1000)
    take(writer, line(4), LEVELS.error, one, 0)
    take(writer, line(5), LEVELS.info, two, 1000)
    expect(one.byLevel).toEqual({ DEBUG: 1, INFO: 1, ERROR: 1 })
    expect(two.byLevel).toEqual({ INFO: 2 })
  })

  it('counts only what was not written whole when the reader goes in the middle of a line', () => {
    const pipe = new Pipe()
    pipe.fillBut(1)
    const writer = new DescriptorWriter(pipe.writeEnd, 'pipe-cut')
    const drops = new DropCounter()
    for (let n = 0; n < 10; n++) take(writer, line(n, 'x'.repeat(1000)), LEVELS.info, drops, 1e6)
    writer.write(0)
    take(writer, line(10), LEVELS.debug, drops, 1e6)
    pipe.closeReader()
    writer.flushSync(5_000)
    // Four of a thousand bytes and some fit in a page, and a part of the fifth.
    expect(drops.byLevel).toEqual({ INFO: 6, DEBUG: 1 })
  })

  it('hands what was refused to the next descriptor', () => {
    const pipe = new Pipe()
    pipe.fillBut(0)
    const writer = new DescriptorWriter(pipe.writeEnd, 'pipe')
    take(writer, line(1), LEVELS.info, new DropCounter(), 0)
    take(writer, line(2), LEVELS.info, new DropCounter(), 0)
    const next = new Pipe()
    writer.replace(next.writeEnd)
    expect(next.read()).toBe(line(1) + line(2))
  })

  it('hands a line that was cut to the next descriptor whole, and no line twice', () => {
    const pipe = new Pipe()
    pipe.fillBut(1)
    const writer = new DescriptorWriter(pipe.writeEnd, 'pipe')
    const lines = Array.from({ length: 10 }, (_, n) => line(n, 'é'.repeat(500)))
    for (const text of lines) take(writer, text, LEVELS.info, new DropCounter(), 1e6)
    writer.write(0)
    const old = pipe.read()
    const next = new Pipe()
    writer.replace(next.writeEnd, '\n')
    expect(old.split('\n')).toHaveLength(5)
    expect(next.read()).toBe(`\n${lines.slice(4).join('')}`)
  })

  it('keeps writes to a shared pipe within what is taken whole or not at all', () => {
    const pipe = new Pipe()
    const writer = new DescriptorWriter(pipe.writeEnd, 'pipe')
    writer.share()
    const lines = Array.from({ length: 40 }, (_, n) => line(n, '日本'.repeat(n * 5)))
    lines.push(line(40, 'x'.repeat(2 * PAGE)), line(41))
    for (let pages = 0; pages < 3; pages++) {
      pipe.fillBut(pages)
      for (const text of lines) take(writer, text, LEVELS.info, new DropCounter(), 1e6)
      writer.write(0)
      // However little room there was: nothing, or whole lines.
      const first = pipe.read()
      expect(first === '' || first.endsWith('\n')).toBe(true)
      let rest = ''
      for (let i = 0; i < 10; i++) {
        writer.begin('')
        rest += pipe.read()
      }
      expect(first + rest).toBe(lines.join(''))
    }
  })

  it('limits lines to what is atomic once others write to the pipe', () => {
    const writer = new DescriptorWriter(new Pipe().writeEnd, 'pipe')
    const limits: [string, number][] = []
    writer.limitLines((bytes) => limits.push(['before', bytes]))
    expect(limits).toEqual([])
    writer.share()
    writer.limitLines((bytes) => limits.push(['after', bytes]))
    expect(limits).toEqual([
      ['before', PAGE],
      ['after', PAGE],
    ])
  })

  it('resolves a flush when the lines before it are written, not when every later one is', async () => {
    const pipe = new Pipe()
    pipe.fillBut(0)
    const writer = new DescriptorWriter(pipe.writeEnd, 'pipe')
    take(writer, line(1), LEVELS.info, new DropCounter(), 0)
    const flushed = writer.flush(10_000)
    let later = 0
    const flood = () => take(writer, line(2, 'x'.repeat(PAGE * 8)), LEVELS.info, new DropCounter(), 1e6)
    const timer = setInterval(() => {
      flood()
      flood()
      later++
      pipe.read()
    }, 1)
    await flushed
    clearInterval(timer)
    expect(later).toBeGreaterThan(0)
    pipe.closeReader()
  })

  it('goes on after a fault, in order', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'throughline-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'log')
    // Reading only: every write is refused.
    const writer = new DescriptorWriter(openSync('/dev/full', 'a'), 'a full device')
    const drops = new DropCounter()
    for (let n = 0; n < 50; n++) take(writer, line(n), n % 10 === 9 ? LEVELS.warn : LEVELS.info, drops, 100)
    writer.replace(openSync(path, 'a'))
    take(writer, line(50), LEVELS.info, drops, 100)
    await writer.flush(10_000)
    expect(readFileSync(path, 'utf8')).toBe(Array.from({ length: 51 }, (_, n) => line(n)).join(''))
    expect(drops.byLevel).toEqual({})
    writer.release()
  })
})
