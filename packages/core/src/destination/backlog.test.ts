import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Backlog, type Line } from './backlog.js'
import { Tally } from './tally.js'

const LEVELS = [10, 20, 30, 40, 50, 60, 70]

/** The contract in the plainest words: a list, searched through at every step. */
class PlainBacklog {
  lines: Line[] = []
  readonly dropped: Line[] = []

  constructor(private readonly maxUnits: number) {}

  get units(): number {
    return this.lines.reduce((sum, { line }) => sum + line.length, 0)
  }

  add(line: Line): void {
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

describe('Backlog', () => {
  it('keeps the order, the bound and the count, and drops the lowest level first, for any lines', () => {
    const tallies = [new Tally(), new Tally()] as const
    const step = fc.oneof(
      {
        weight: 50,
        arbitrary: fc.record({
          level: fc.constantFrom(...LEVELS),
          size: fc.integer({ min: 1, max: 120 }),
          tally: fc.nat(1),
        }),
      },
      { weight: 20, arbitrary: fc.constant('shift' as const) },
      { weight: 1, arbitrary: fc.constant('dropAll' as const) },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 1000 }), (steps, maxUnits) => {
        const before = tallies.map(({ byLevel }) => byLevel)
        const backlog = new Backlog(maxUnits)
        const plain = new PlainBacklog(maxUnits)
        for (const [i, what] of steps.entries()) {
          if (what === 'shift') {
            expect(backlog.first).toEqual(
              plain.lines[0] === undefined ? undefined : expect.objectContaining(plain.lines[0]),
            )
            backlog.shift()
            plain.lines.shift()
          } else if (what === 'dropAll') {
            backlog.dropAll()
            while (plain.lines.length > 0) plain.dropLowest()
          } else {
            const line = { line: `${i}`.padEnd(what.size, '.'), level: what.level, tally: tallies[what.tally] as Tally }
            backlog.add(line)
            plain.add(line)
          }
          expect(backlog.units).toBe(plain.units)
          expect(backlog.size).toBe(plain.lines.length)
          expect(backlog.units).toBeLessThanOrEqual(maxUnits)
        }
        for (const [i, tally] of tallies.entries()) {
          const counted = new Map(Object.entries(before[i] ?? {}))
          for (const line of plain.dropped.filter((line) => line.tally === tally)) {
            const label = LABELS[line.level] as string
            counted.set(label, (counted.get(label) ?? 0) + 1)
          }
          expect(tally.byLevel).toEqual(Object.fromEntries(counted))
        }
        const rest: string[] = []
        for (let next = backlog.first; next !== undefined; next = backlog.first) {
          rest.push(next.line)
          backlog.shift()
        }
        expect(rest).toEqual(plain.lines.map(({ line }) => line))
      }),
      { numRuns: 1000 },
    )
  })

  it('keeps thousands of lines in order while they come and go', () => {
    const backlog = new Backlog(Number.POSITIVE_INFINITY)
    const tally = new Tally()
    const taken: string[] = []
    for (let n = 0; n < 20_000; n++) {
      backlog.add({ line: `${n}`, level: LEVELS[n % 3] as number, tally })
      if (n % 3 === 0) continue
      taken.push(backlog.first?.line as string)
      backlog.shift()
    }
    for (; backlog.first !== undefined; backlog.shift()) taken.push(backlog.first.line)
    expect(taken).toEqual(Array.from({ length: 20_000 }, (_, n) => `${n}`))
  })

  it('is not emptied by a line that would not fit by itself', () => {
    const backlog = new Backlog(10)
    const tally = new Tally()
    backlog.add({ line: '12345', level: 30, tally })
    backlog.add({ line: '12345678901', level: 60, tally })
    expect(backlog.size).toBe(1)
    expect(tally.byLevel).toEqual({ FATAL: 1 })
  })

  it('makes one report for each logger that lacks lines, and each only once', () => {
    const backlog = new Backlog(4)
    const [one, two, silent] = [new Tally(), new Tally(), new Tally()]
    one.makeLine = (message, fields) => JSON.stringify({ logger: 'one', message, ...fields })
    two.makeLine = (message, fields) => JSON.stringify({ logger: 'two', message, ...fields })
    for (const [tally, level] of [
      [one, 30],
      [two, 20],
      [two, 40],
      [one, 30],
      [silent, 10],
      [two, 70],
    ] as const) {
      backlog.add({ line: '1234', level, tally })
    }
    const reports = backlog.reports().map(({ line }) => JSON.parse(line))
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
    expect(backlog.reports()).toEqual([])
    backlog.drop({ level: 30, tally: one })
    expect(backlog.reports().map(({ line }) => JSON.parse(line))).toEqual([
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
