import type { SamplingOptions } from 'throughline'
import { beforeAll, describe, expect, it } from 'vitest'
import { FAILURES, REQUESTS, type Written, written } from './cost-workload.js'
import { readPage } from './markdown.js'

const PAGE = 'docs/explanation/cost.md'
const RATES: ReadonlyMap<string, SamplingOptions | undefined> = new Map([
  ['none', undefined],
  ['`{ success: 0.1 }`', { success: 0.1 }],
  ['`{ success: 0.01 }`', { success: 0.01 }],
  ['`{ success: 0 }`', { success: 0 }],
])
const MONTHLY = 100_000_000
const PRICES = [0.5, 2.5]
const MINUTES = 43_200

/** The numbers of the page's table that has this column. */
function tableWith(column: string): ReadonlyMap<string, readonly number[]> {
  const rows = readPage(PAGE).split('\n')
  const head = rows.findIndex((row) => row.startsWith('|') && row.includes(`| ${column} |`))
  const table = rows.slice(head + 2, head + 2 + RATES.size).map((row) => row.split('|').map((cell) => cell.trim()))
  return new Map(table.map(([, name = '', ...cells]) => [name, cells.map(numberOf)]))
}

function numberOf(cell: string): number {
  return Number.parseFloat(cell.replaceAll(',', ''))
}

/** As near as the page's rounding is, which has two digits at least. */
/** The sketch of a summary is the longer the more the durations of a run differ. */
const SKETCH = 0.3

function isAbout(shown: number | undefined, now: number, tolerance = 0.03): void {
  expect(Math.abs((shown ?? 0) - now) / now, `${shown} is shown, ${now} is measured`).toBeLessThan(tolerance)
}

describe(PAGE, () => {
  const measured = new Map<string, Written>()
  beforeAll(async () => {
    for (const [name, sampling] of RATES) measured.set(name, await written(sampling))
  })
  const of = (name: string) => measured.get(name) as Written

  it.each([...RATES.keys()])('has what is measured: %s', (name) => {
    const [lines, bytes, perRequest, share, failures, counted] = tableWith('bytes a request').get(name) ?? []
    const now = of(name)
    expect({ lines, failures }).toEqual({ lines: now.lines, failures: now.failures })
    expect(now.failures).toBe(FAILURES)
    if (name !== 'none') expect({ counted }).toEqual({ counted: REQUESTS })
    expect(now.counted).toBe(name === 'none' ? 0 : REQUESTS)
    isAbout(bytes, now.bytes)
    isAbout(perRequest, now.bytes / REQUESTS)
    isAbout(share, (now.bytes / of('none').bytes) * 100)
  })

  it.each([...RATES.keys()])('has what that costs: %s', (name) => {
    const [gigabytes, ...costs] = tableWith('GB a month').get(name) ?? []
    const now = (of(name).bytes / REQUESTS) * (MONTHLY / 1e9)
    isAbout(gigabytes, now)
    for (const [i, price] of PRICES.entries()) isAbout(costs[i], now * price)
  })

  it('has what the summaries cost', () => {
    const text = readPage(PAGE).replace(/\s+/g, ' ')
    const { summaryBytes } = of('`{ success: 0.01 }`')
    const [, bytes, megabytes] = /takes about ([\d,]+) bytes a minute, or (\d+) MB in a month/.exec(text) ?? []
    isAbout(numberOf(bytes ?? ''), summaryBytes, SKETCH)
    isAbout(Number(megabytes), (summaryBytes * MINUTES) / 1e6, SKETCH)
    const [, millions] = /cost as much as (\d+) million requests at 1,445 bytes/.exec(text) ?? []
    isAbout(Number(millions) * 1e6, (summaryBytes * MINUTES * 100 * 20) / (of('none').bytes / REQUESTS), SKETCH)
  })
})
