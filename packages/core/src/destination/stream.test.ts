import { PassThrough, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { LEVELS } from '../levels/level.js'
import { stream } from './stream.js'

/** A stream that is done with a line when it is told to. */
class Slow extends Writable {
  readonly got: string[] = []
  private done: ((error?: Error) => void) | undefined

  constructor(highWaterMark = 20) {
    super({ highWaterMark, decodeStrings: false })
  }

  override _write(chunk: string, _encoding: string, done: (error?: Error) => void): void {
    this.got.push(chunk)
    this.done = done
  }

  /** Is done with one line, or with all. */
  async next(count = 1, error?: Error): Promise<void> {
    for (let i = 0; i < count; i++) {
      this.done?.(error)
      await new Promise(setImmediate)
    }
  }
}

const line = (n: number): string => `{"n":${n}}\n`
const lines = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => line(from + i))

describe('stream(writable)', () => {
  it('hands on no more than the stream asks for, and the rest in order as it does', async () => {
    const slow = new Slow()
    const destination = stream(slow)
    for (const text of lines(0, 100)) destination.write(text, LEVELS.info)
    expect(slow.writableLength).toBeLessThan(40)
    const flushed = destination.flush()
    await slow.next(100)
    await flushed
    expect(slow.got).toEqual(lines(0, 100))
    expect(destination.dropped?.()).toEqual({})
  })

  it('keeps to its bound, drops the lowest level first, counts it, and says so when it flows', async () => {
    const slow = new Slow()
    const destination = stream(slow, { maxQueuedBytes: 80 })
    const told: unknown[] = []
    destination.reportWith?.((message, fields) => {
      told.push({ message, ...fields })
      return 'report\n'
    })
    for (let n = 0; n < 50; n++) destination.write(line(n), n % 10 === 9 ? LEVELS.warn : LEVELS.info)
    const { INFO = 0, ...others } = destination.dropped?.() ?? {}
    expect(INFO).toBeGreaterThan(30)
    expect(others).toEqual({})
    await slow.next(20)
    await destination.flush()
    expect(told).toEqual([
      { message: 'Log lines dropped', dropped: INFO, dropped_by_level: { INFO }, dropped_total: INFO },
    ])
    expect(slow.got).toHaveLength(50 - INFO + 1)
    expect(slow.got.at(-1)).toBe('report\n')
    for (const n of [9, 19, 29, 39, 49]) expect(slow.got).toContain(line(n))
  })

  it('honours a stream that is full from the start', async () => {
    const slow = new Slow()
    slow.write('x'.repeat(30))
    const destination = stream(slow)
    destination.write(line(0), LEVELS.info)
    expect(slow.writableLength).toBe(30)
    await slow.next(2)
    expect(slow.got).toEqual(['x'.repeat(30), line(0)])
  })

  it('counts what the stream took and never sent, with what waited behind it', async () => {
    const slow = new Slow()
    const destination = stream(slow)
    for (const text of lines(0, 10)) destination.write(text, LEVELS.info)
    destination.write(line(10), LEVELS.error)
    await slow.next()
    const flushed = destination.flush()
    slow.destroy(new Error('the connection is gone'))
    await flushed
    destination.write(line(11), LEVELS.debug)
    // The line that was under way arrived after all: of it the stream says so.
    await slow.next()
    expect(slow.got).toEqual(lines(0, 2))
    expect(destination.dropped?.()).toEqual({ INFO: 8, ERROR: 1, DEBUG: 1 })
  })

  it('counts what comes after somebody ended the stream', () => {
    const through = new PassThrough()
    const destination = stream(through)
    through.end()
    destination.write(line(0), LEVELS.info)
    expect(destination.dropped?.()).toEqual({ INFO: 1 })
  })

  it('does not throw where the stream does', () => {
    const broken = new Writable()
    broken.write = () => {
      throw new TypeError('a stream that throws')
    }
    const destination = stream(broken)
    expect(() => destination.write(line(0), LEVELS.info)).not.toThrow()
    expect(destination.dropped?.()).toEqual({ INFO: 1 })
  })

  it('closes after everything is sent, and takes no more', async () => {
    const slow = new Slow()
    const destination = stream(slow)
    for (const text of lines(0, 5)) destination.write(text, LEVELS.info)
    const closed = destination.close()
    destination.write(line(5), LEVELS.info)
    await slow.next(10)
    await closed
    await destination.close()
    expect(slow.got).toEqual(lines(0, 5))
    expect(slow.writableFinished).toBe(true)
    expect(destination.dropped?.()).toEqual({ INFO: 1 })
  })

  it('gives up when the time is over, and counts each line that the stream is not done with', async () => {
    const slow = new Slow()
    const destination = stream(slow)
    for (let n = 0; n < 10; n++) destination.write(line(n), n === 9 ? LEVELS.warn : LEVELS.info)
    await slow.next(3)
    await destination.flush({ timeoutMs: 20 })
    expect(destination.dropped?.()).toEqual({})
    await destination.close({ timeoutMs: 20 })
    expect(slow.destroyed).toBe(true)
    expect(destination.dropped?.()).toEqual({ INFO: 6, WARN: 1 })
    await slow.next()
    expect(destination.dropped?.()).toEqual({ INFO: 6, WARN: 1 })
  })

  it('does not wait for ever for the end of a stream that has taken everything', async () => {
    const endless = new Writable({ write: (_chunk, _encoding, done) => done(), final: () => {} })
    const destination = stream(endless)
    destination.write(line(0), LEVELS.info)
    await destination.close({ timeoutMs: 20 })
    expect(destination.dropped?.()).toEqual({})
  })

  it('flushes at once what is idle, and what is gone', async () => {
    const through = new PassThrough()
    const destination = stream(through)
    await destination.flush()
    through.destroy()
    await sleep(1)
    await destination.flush()
    await destination.close()
  })

  it.each([
    ['what is no stream', () => stream({} as never), /stream\(writable\): got object; accepted: a writable stream/],
    ['nothing', () => stream(undefined as never), /got undefined/],
    ['a bound that is none', () => stream(new PassThrough(), { maxQueuedBytes: 0 }), /maxQueuedBytes \}\): got 0/],
  ])('throws on %s', (_, act, message) => {
    expect(act).toThrow(message)
  })
})
