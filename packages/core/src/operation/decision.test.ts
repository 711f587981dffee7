import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../../test-support/runs.js'
import { byRequestId, byTraceId, type Decision } from './decision.js'

const MILLION = 1_000_000
/** As random as an id, and the same in every run: three sigma are exceeded once in 370 runs by true randomness. */
function digits(i: number): string {
  return createHash('md5').update(`${i}`).digest('hex')
}

function uuid(i: number): string {
  return digits(i).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-a$4-$5')
}

const kinds: readonly [string, (i: number) => string, (rate: number) => Decision][] = [
  ['random request ids', uuid, byRequestId],
  ['numbered request ids', (i) => `req-${i}`, byRequestId],
  ['random trace ids', digits, byTraceId],
]

describe.each(kinds)('the decision on a million %s', (_kind, make, decide) => {
  const ids = Array.from({ length: MILLION }, (_, i) => make(i))

  it.each([0.001, 0.01, 0.1, 0.5])('keeps a share within three sigma of %d', (rate) => {
    const kept = ids.filter(decide(rate)).length
    const sigma = Math.sqrt(MILLION * rate * (1 - rate))
    expect(Math.abs(kept - MILLION * rate)).toBeLessThan(3 * sigma)
  })

  it('keeps with a higher rate whatever a lower one keeps', () => {
    const [low, middle, high] = [byRate(decide, ids, 0.01), byRate(decide, ids, 0.02), byRate(decide, ids, 0.5)]
    expect([...low].every((id) => middle.has(id))).toBe(true)
    expect([...middle].every((id) => high.has(id))).toBe(true)
  })
})

function byRate(decide: (rate: number) => Decision, ids: readonly string[], rate: number): Set<string> {
  return new Set(ids.filter(decide(rate)))
}

describe('the decision by trace id', () => {
  it('is that of the OpenTelemetry threshold on the last 56 bits, for any id and rate', () => {
    const traceIds = fc.stringMatching(/^[0-9a-f]{32}$/)
    fc.assert(
      fc.property(traceIds, fc.double({ min: 0, max: 1, noNaN: true }), (id, rate) => {
        const threshold = BigInt(Math.round((1 - rate) * 2 ** 56))
        const randomness = BigInt(`0x${id.slice(-14)}`)
        expect(byTraceId(rate)(id)).toBe(rate > 0 && randomness >= threshold)
      }),
      { numRuns: runs(5000) },
    )
  })

  it('decides the examples of the specification', () => {
    // OTEP 235: a threshold of `8` (rate 1/2) keeps a randomness of 8…, and rejects 7….
    expect(byTraceId(0.5)('00000000000000000080000000000000')).toBe(true)
    expect(byTraceId(0.5)('0000000000000000007fffffffffffff')).toBe(false)
    expect(byTraceId(0.25)('000000000000000000c0000000000000')).toBe(true)
    expect(byTraceId(0.25)('000000000000000000bfffffffffffff')).toBe(false)
  })
})

it('keeps everything at 1 and nothing at 0', () => {
  for (const decide of [byRequestId, byTraceId]) {
    expect(decide(1)('00000000000000000000000000000000')).toBe(true)
    expect(decide(0)('ffffffffffffffffffffffffffffffff')).toBe(false)
  }
})
