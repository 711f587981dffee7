import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../../test-support/runs.js'
import { DropCounter } from './drop-counter.js'
import { Queue, type QueuedLine } from './queue.js'

const LEVELS = [10, 20, 30, 40, 50, 60, 70]

/** The contract in the plainest words: a list, searched through at every step. */
class PlainQueue {
  lines: QueuedLine[] = []
  readonly dropped: QueuedLine[] = []

  constructor(private readonly maxUnits: number) {}

  get units(): number {
    return this.lines.reduce((sum, { line }) => sum + line.length, 0)
  }

  add(line: QueuedLine): void {
    if (line.line.length > this.maxUnits) {
      this.dropped.push(line)
      return
    }
    this.lines.push(line)
    while (this.units > this.maxUnits) this.dropLowest()
  }

  dropLowest(): void {
    const lowest = Math.min(...this.lines.map(({ level }) => level))
    const index = this.lines.findIndex(({ level }) => level === lowest)
    this.dropped.push(...this.lines.splice(index, 1))
  }
}

describe('Queue', () => {
  it('keeps the order, the bound and the count, and drops the lowest level first, for any lines', () => {
    const counters = [new DropCounter(), new DropCounter()] as const
    const step = fc.oneof(
      {
        weight: 50,
        arbitrary: fc.record({
          level: fc.constantFrom(...LEVELS),
          size: fc.integer({ min: 1, max: 120 }),
          drops: fc.nat(1),
        }),
      },
      { weight: 20, arbitrary: fc.constant('shift' as const) },
      { weight: 1, arbitrary: fc.constant('dropAll' as const) },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 1000 }), (steps, maxUnits) => {
        const before = counters.map(({ byLevel }) => byLevel)
        const queue = new Queue(maxUnits)
        const plain = new PlainQueue(maxUnits)
        for (const [i, what] of steps.entries()) {
          if (what === 'shift') {
            expect(queue.first).toEqual(
              plain.lines[0] === undefined ? undefined : expect.objectContaining(plain.lines[0]),
            )
            queue.shift()
            plain.lines.shift()
          } else if (what === 'dropAll') {
            queue.dropAll()
            while (plain.lines.length > 0) plain.dropLowest()
          } else {
            const line = {
              line: `${i}`.padEnd(what.size, '.'),
              level: what.level,
              drops: counters[what.drops] as DropCounter,
            }
            queue.add(line)
            plain.add(line)
          }
          expect(queue.units).toBe(plain.units)
          expect(queue.size).toBe(plain.lines.length)
          expect(queue.units).toBeLessThanOrEqual(maxUnits)
        }
        for (const [i, drops] of counters.entries()) {
          const counted = new Map(Object.entries(before[i] ?? {}))
          for (const line of plain.dropped.filter((line) => line.drops === drops)) {
            const label = LABELS[line.level] as string
            counted.set(label, (counted.get(label) ?? 0) + 1)
          }
          expect(drops.byLevel).toEqual(Object.fromEntries(counted))
        }
        const rest: string[] = []
        for (let next = queue.first; next !== undefined; next = queue.first) {
          rest.push(next.line)
          queue.shift()
        }
        expect(rest).toEqual(plain.lines.map(({ line }) => line))
      }),
      { numRuns: runs(1000) },
    )
  })

  it('keeps thousands of lines in order while they come and go', () => {
    const queue = new Queue(Number.POSITIVE_INFINITY)
    const drops = new DropCounter()
    const taken: string[] = []
    for (let n = 0; n < 20_000; n++) {
      queue.add({ line: `${n}`, level: LEVELS[n % 3] as number, drops })
      if (n % 3 === 0) continue
      taken.push(queue.first?.line as string)
      queue.shift()
    }
    for (; queue.first !== undefined; queue.shift()) taken.push(queue.first.line)
    expect(taken).toEqual(Array.from({ length: 20_000 }, (_, n) => `${n}`))
  })

  it('is not emptied by a line that would not fit by itself', () => {
    const queue = new Queue(10)
    const drops = new DropCounter()
    queue.add({ line: '12345', level: 30, drops })
    queue.add({ line: '12345678901', level: 60, drops })
    expect(queue.size).toBe(1)
    expect(drops.byLevel).toEqual({ FATAL: 1 })
  })

  it('makes one report for each logger that lacks lines, and each only once', () => {
    const queue = new Queue(4)
    const [one, two, silent] = [new DropCounter(), new DropCounter(), new DropCounter()]
    one.makeLine = (message, fields) => JSON.stringify({ logger: 'one', message, ...fields })
    two.makeLine = (message, fields) => JSON.stringify({ logger: 'two', message, ...fields })
    for (const [drops, level] of [
      [one, 30],
      [two, 20],
      [two, 40],
      [one, 30],
      [silent, 10],
      [two, 70],
    ] as const) {
      queue.add({ line: '1234', level, drops })
    }
    const reports = queue.reports().map(({ line }) => JSON.parse(line))
    expect(reports).toEqual([
      {
        logger: 'two',
        message: 'Log lines dropped',
        dropped: 2,
        dropped_by_level: { DEBUG: 1, WARN: 1 },
        dropped_total: 2,
      },
      { logger: 'one', message: 'Log lines dropped', dropped: 2, dropped_by_level: { INFO: 2 }, dropped_total: 2 },
    ])
    expect(queue.reports()).toEqual([])
    queue.drop({ level: 30, drops: one })
    expect(queue.reports().map(({ line }) => JSON.parse(line))).toEqual([
      { logger: 'one', message: 'Log lines dropped', dropped: 1, dropped_by_level: { INFO: 1 }, dropped_total: 3 },
    ])
  })
})

const LABELS: Readonly<Record<number, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
  70: 'AUDIT',
}
