import { describe, expect, it } from 'vitest'
import { backoffMs } from './backoff.js'
import { nanoseconds } from './entry.js'
import { retryAfterMs } from './retry-after.js'
import { Timestamps } from './timestamps.js'

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  it.each([
    ['3', 3_000],
    [' 0 ', 0],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['99999999', 3_600_000],
    ['soon', undefined],
    ['-1', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is %s ms', (header, ms) => expect(retryAfterMs(header, now)).toBe(ms))
})

describe('the wait between attempts', () => {
  const options = { baseMs: 100, maxMs: 1_000 }
  it('doubles what it is chosen below, up to a bound', () => {
    expect([1, 2, 3, 4, 5, 60].map((n) => backoffMs(n, options, undefined, () => 1))).toEqual([
      100, 200, 400, 800, 1_000, 1_000,
    ])
    expect(backoffMs(9, options, undefined, () => 0)).toBe(0)
  })
  it('is at least what the server asks for', () => {
    expect(backoffMs(1, options, 5_000, () => 0)).toBe(5_000)
    expect(backoffMs(9, options, 5_000, () => 1)).toBe(5_100)
  })
})

describe('times', () => {
  const line = (ms: number, text = 'x') => `{"timestamp":"${new Date(ms).toISOString()}","message":"${text}"}\n`
  const stamps = (timestamps: Timestamps, lines: readonly string[]) =>
    lines.map((one) => {
      timestamps.stamp(one)
      return BigInt(nanoseconds(timestamps.ms, timestamps.ns))
    })

  it.each([0, 0.5, 0.999_999_9])('keep the order of a millisecond and are its own (beginning at %d)', (random) => {
    const now = Date.now()
    const lines = Array.from({ length: 300_000 }, (_, i) => line(now + Math.floor(i / 100_000)))
    const found = stamps(new Timestamps(random), lines)
    expect(found.every((time, i) => i === 0 || time > (found[i - 1] as bigint))).toBe(true)
    expect(found[0]?.toString().slice(0, 13)).toBe(String(now))
    expect(found.at(-1)?.toString().slice(0, 13)).toBe(String(now + 2))
  })

  it('are those of the line, whatever its format, and the present where it names none', () => {
    const ms = 1_700_000_000_123
    const iso = new Date(ms).toISOString()
    const lines = [`{"@timestamp":"${iso}","a":1}\n`, `{"time":${ms},"a":1}\n`, `{"timestamp":"${iso}"}\n`, 'no JSON\n']
    const found = stamps(new Timestamps(), lines).map((time) => time / 1_000_000n)
    expect(found.slice(0, 3)).toEqual([BigInt(ms), BigInt(ms), BigInt(ms)])
    expect(Number(found[3])).toBeGreaterThan(Date.now() - 60_000)
  })
})
