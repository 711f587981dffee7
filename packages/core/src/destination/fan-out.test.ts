import { describe, expect, it } from 'vitest'
import type { Destination } from '../destination.js'
import { AUDIT, LEVELS } from '../levels/level.js'
import { fanOut } from './fan-out.js'
import { memory } from './memory.js'

const broken: Destination = {
  write() {
    throw new Error('write')
  },
  flush() {
    throw new Error('flush')
  },
  flushSync() {
    throw new Error('flushSync')
  },
  close: () => Promise.reject(new Error('close')),
}

describe('fanOut', () => {
  it('gives each its lines, from its own level on', () => {
    const [all, warnings, none] = [memory(), memory(), memory()]
    const destination = fanOut([all, { destination: warnings, level: 'warn' }, { destination: none, level: 'silent' }])
    for (const [name, level] of Object.entries(LEVELS)) destination.write(`${name}\n`, level)
    expect(all.lines).toEqual(Object.keys(LEVELS))
    expect(warnings.lines).toEqual(['warn', 'error', 'fatal'])
    expect(none.lines).toEqual([])
  })

  it('gives audit lines to a branch for them alone, and to every other', () => {
    const [audit, errors, none] = [memory(), memory(), memory()]
    const destination = fanOut([
      { destination: audit, level: 'audit' },
      { destination: errors, level: 'error' },
      { destination: none, level: 'silent' },
    ])
    destination.write('fatal\n', LEVELS.fatal)
    destination.write('audit\n', AUDIT)
    expect([audit.lines, errors.lines, none.lines]).toEqual([['audit'], ['fatal', 'audit'], []])
  })

  it('keeps the others going when one throws at everything, and counts its lines', async () => {
    const [before, after] = [memory(), memory()]
    const closed: string[] = []
    const closing: Destination = {
      ...after,
      async close() {
        closed.push('after')
      },
    }
    const destination = fanOut([before, broken, closing])
    destination.write('one\n', LEVELS.info)
    destination.write('two\n', LEVELS.error)
    destination.flushSync()
    await destination.flush()
    await destination.close()
    expect([before.lines, after.lines, closed]).toEqual([['one', 'two'], ['one', 'two'], ['after']])
    expect(destination.dropped?.()).toEqual({ INFO: 1, ERROR: 1 })
  })

  it('does not wait for one that never finishes, and gives its options to each', async () => {
    const kept = memory()
    const options: unknown[] = []
    const endless: Destination = { ...kept, flush: () => new Promise(() => {}), close: () => new Promise(() => {}) }
    const prompt: Destination = {
      ...kept,
      async flush(given) {
        options.push(given)
      },
      flushSync: (given) => options.push(given),
      async close(given) {
        options.push(given)
      },
    }
    const destination = fanOut([endless, prompt])
    await destination.flush({ timeoutMs: 20 })
    destination.flushSync({ timeoutMs: 20 })
    await destination.close({ timeoutMs: 20 })
    expect(options).toEqual([{ timeoutMs: 20 }, { timeoutMs: 20 }, { timeoutMs: 20 }])
  })

  it('limits lines to the least that one of them can write whole', () => {
    const limits: number[] = []
    const limiting = (maxLineBytes: number): Destination => ({
      ...memory(),
      limitLines: (limit) => limit(maxLineBytes),
    })
    fanOut([memory(), limiting(4_096), limiting(8_192), limiting(512)]).limitLines?.((bytes) => limits.push(bytes))
    expect(limits).toEqual([4_096, 512])
  })

  it('adds up what each dropped', () => {
    const small = () => memory({ maxLines: 1 })
    const destination = fanOut([small(), small()])
    for (let i = 0; i < 3; i++) destination.write('line\n', LEVELS.info)
    expect(destination.dropped?.()).toEqual({ INFO: 4 })
  })

  it('gives all of them what one says of itself, since the line has a number', () => {
    const [one, two, errors] = [memory(), memory(), memory()]
    let report: () => string = () => ''
    const reporting: Destination = {
      ...one,
      reportWith(makeLine) {
        report = () => makeLine('Log lines dropped', { dropped: 1 })
      },
    }
    const destination = fanOut([reporting, two, { destination: errors, level: 'error' }])
    destination.reportWith?.((message, fields) => `${JSON.stringify({ message, ...fields })}\n`)
    const line = report()
    expect(line).toBe('{"message":"Log lines dropped","dropped":1}\n')
    expect(two.records).toEqual([{ message: 'Log lines dropped', dropped: 1 }])
    expect([one.lines, errors.lines]).toEqual([[], []])
  })

  it.each([
    [
      'no list',
      () => fanOut(memory() as never),
      /fanOut\(destinations\): got object; accepted: an array of at least one/,
    ],
    ['an empty list', () => fanOut([]), /at least one destination/],
    [
      'what is no destination',
      () => fanOut([memory(), {} as never]),
      /entry 1: got object; accepted: a destination, or/,
    ],
    [
      'a level of another type',
      () => fanOut([{ destination: memory(), level: 30 as never }]),
      /level of entry 0: got 30; accepted: trace.*, audit$/,
    ],
    [
      'a level that is none',
      () => fanOut([{ destination: memory(), level: 'loud' as never }]),
      /level of entry 0: got string; accepted: trace/,
    ],
  ])('throws on %s', (_, act, message) => {
    expect(act).toThrow(message)
  })
})
