import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { QuantileSketch } from '../quantile-sketch.js'
import { Summaries } from './summaries.js'

const ending = (durationMs: number, more = {}) => ({
  name: 'request',
  method: 'GET',
  path: '/users/7',
  route: '/users/:id',
  status: 200,
  failed: false,
  aborted: false,
  durationMs,
  ...more,
})

describe('Summaries', () => {
  it('have every quantile between the least and the most, in their order, whatever was measured', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 50 }),
        (durations) => {
          const summaries = new Summaries()
          for (const durationMs of durations) summaries.add(ending(durationMs), true, true)
          const fields = summaries.take()[0]?.fields as Record<string, number>
          const order = ['min', 'p50', 'p95', 'p99', 'max'].map((name) => fields[`duration_ms_${name}`] as number)
          expect(order).toEqual([...order].sort((a, b) => a - b))
          expect(fields.count).toBe(durations.length)
          const sketch = QuantileSketch.decode(String(fields.duration_ms_sketch))
          expect(sketch?.count).toBe(durations.length)
        },
      ),
    )
  })

  it('add up over processes by their sketches, which quantiles never do', () => {
    const [fast, slow] = [new Summaries(), new Summaries()]
    const durations = Array.from({ length: 1000 }, (_, i) => (i % 50 === 0 ? 1800 : 10 + (i % 12)))
    for (const [i, durationMs] of durations.entries()) (i < 900 ? fast : slow).add(ending(durationMs), true, true)
    const merged = new QuantileSketch()
    for (const { fields } of [...fast.take(), ...slow.take()])
      merged.merge(QuantileSketch.decode(String(fields.duration_ms_sketch)) as QuantileSketch)
    expect(merged.count).toBe(1000)
    const exact = durations.toSorted((a, b) => a - b)[949] ?? 0
    expect(Math.abs(merged.quantile(0.95) - exact)).toBeLessThanOrEqual(exact * 0.01)
  })

  it('tell methods, routes, outcomes and whatever is no status apart, each once', () => {
    const summaries = new Summaries()
    const kinds = [
      {},
      { method: 'BREW' },
      { method: undefined },
      { route: undefined },
      { status: 404 },
      { status: 99_999 },
    ]
    for (const more of [...kinds, { aborted: true }, ...kinds]) summaries.add(ending(1, more), true, false)
    const told = summaries
      .take()
      .map(({ fields }) => `${fields.method} ${fields.route} ${fields.status_class} ${fields.count}`)
    expect(told).toEqual([
      'GET /users/:id 2xx 2',
      'other /users/:id 2xx 2',
      'unknown /users/:id 2xx 2',
      'GET unmatched 2xx 2',
      'GET /users/:id 4xx 2',
      'GET /users/:id unknown 2',
      'GET /users/:id aborted 1',
    ])
    expect(summaries.take()).toEqual([])
  })

  it('count together what is beyond 500 series, and lose none', () => {
    const summaries = new Summaries()
    for (let i = 0; i < 700; i++) summaries.add(ending(1, { route: `/r${i}` }), true, false)
    const told = summaries.take().map(({ fields }) => fields)
    expect(told).toHaveLength(501)
    expect(told.at(-1)).toMatchObject({ route: 'other', count: 200 })
  })
})
