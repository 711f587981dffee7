import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../../../core/test-support/runs.js'
import { decodeSegment, encodeRecords, HEADER_BYTES, headerOf, readHeader } from './record.js'

interface Written {
  readonly line: string
  readonly level: number
  readonly ms: number
  readonly ns: number
}

const written: fc.Arbitrary<Written> = fc.record({
  // Half a surrogate pair is no text, and UTF-8 has no bytes for it.
  line: fc.string({ unit: 'binary', maxLength: 40 }).map((text) => `${Buffer.from(text)}\n`),
  level: fc.constant(30),
  ms: fc.integer({ min: 0, max: 2 ** 45 }),
  ns: fc.nat(999_999),
})
const segment = fc.array(written, { minLength: 1, maxLength: 8 }).map((list) => {
  const ends = list.map((_, i) => HEADER_BYTES + Buffer.from(encodeRecords(list.slice(0, i + 1))).length)
  return { list, ends, bytes: Buffer.concat([headerOf(30), encodeRecords(list)]) }
})

/** What a segment gives, in the shape that it was written in. */
function read(bytes: Buffer, count?: number) {
  const { entries, missing, isDamaged } = decodeSegment(bytes, count)
  const { lines, levels, ms, ns } = entries
  const found = lines.map((line, i) => ({
    ...{ line, level: levels[i] as number, ms: ms[i] as number, ns: ns[i] as number },
  }))
  return { found, missing, isDamaged }
}

it('gives back what was written', () => {
  fc.assert(
    fc.property(segment, ({ list, bytes }) => {
      expect(read(bytes)).toEqual({ found: list, missing: 0, isDamaged: false })
    }),
  )
})

it('gives every record before the place that it was cut at, and counts what the cut left of the next one', () => {
  fc.assert(
    fc.property(segment, fc.nat(), ({ list, ends, bytes }, at) => {
      const cut = HEADER_BYTES + (at % (bytes.length - HEADER_BYTES))
      const whole = ends.filter((end) => end <= cut)
      const isTorn = cut !== (whole.at(-1) ?? HEADER_BYTES)
      expect(read(bytes.subarray(0, cut))).toEqual({
        ...{ found: list.slice(0, whole.length), missing: isTorn ? 1 : 0, isDamaged: isTorn },
      })
      expect(read(bytes.subarray(0, cut), list.length).missing).toBe(list.length - whole.length)
    }),
    { numRuns: runs(1_000) },
  )
})

it('gives every record but the one in which a bit has changed, wherever that is', () => {
  fc.assert(
    fc.property(segment, fc.nat(), fc.nat(7), ({ list, ends, bytes }, at, bit) => {
      const place = at % bytes.length
      const changed = Buffer.from(bytes)
      changed[place] = (changed[place] as number) ^ (1 << bit)
      if (place < HEADER_BYTES) {
        expect(read(changed)).toMatchObject({ found: list, missing: 0 })
      } else {
        const lost = ends.findIndex((end) => end > place)
        expect(read(changed)).toEqual({ found: list.toSpliced(lost, 1), missing: 1, isDamaged: true })
      }
    }),
    { numRuns: runs(2_000) },
  )
})

it('gives every record outside a part that was overwritten, and counts the others', () => {
  const garbage = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 120 }),
    fc.nat(119).map((length) => new Uint8Array(length + 1)),
  )
  fc.assert(
    fc.property(segment, fc.nat(), garbage, ({ list, ends, bytes }, at, over) => {
      const place = HEADER_BYTES + (at % (bytes.length - HEADER_BYTES))
      const changed = Buffer.from(bytes)
      const part = over.subarray(0, bytes.length - place)
      changed.set(part, place)
      fc.pre(!changed.equals(bytes))
      const isOutside = (end: number, i: number) => end <= place || (ends[i - 1] ?? HEADER_BYTES) >= place + part.length
      const { found, missing, isDamaged } = read(changed, list.length)
      expect(isDamaged).toBe(true)
      expect(found).toEqual(expect.arrayContaining(list.filter((_, i) => isOutside(ends[i] as number, i))))
      expect(found.length + missing).toBe(list.length)
      for (const one of found) expect(list).toContainEqual(one)
    }),
    { numRuns: runs(2_000) },
  )
})

it('goes on after a block of a disk that was zeroed, and counts the records that were in it', () => {
  const list = Array.from({ length: 1_000 }, (_, n) => ({ line: `{"n":${n}}\n`, level: 30, ms: n, ns: n }))
  const bytes = Buffer.concat([headerOf(30), encodeRecords(list)])
  bytes.fill(0, 8_192, 12_288)
  const { found, missing } = read(bytes)
  expect(found.length + missing).toBe(1_000)
  expect(missing).toBeLessThan(130)
  expect(found.at(-1)).toEqual(list.at(-1))
})

describe('bytes that nobody wrote', () => {
  it('are read to an end, without a throw, and contain no record', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      // With a header and lengths that might be some.
      fc.array(fc.constantFrom(0, 0, 0, 1, 20, 255), { maxLength: 200 }).map((list) => [...headerOf(40), ...list]),
    )
    fc.assert(
      fc.property(bytes, (list) => {
        // A checksum of four bytes is met by chance once in four thousand million times, which this does not try.
        expect(read(Buffer.from(list)).found).toEqual([])
        expect(['ours', 'newer', 'torn', 'none']).toContain(readHeader(Buffer.from(list)).kind)
      }),
      { numRuns: runs(5_000) },
    )
  })

  it('take no more than a moment, however large they are', () => {
    const bytes = Buffer.alloc(64 * 1024 * 1024)
    headerOf(30).copy(bytes)
    // Each place has a length and a number that might be a record's.
    const traps = Buffer.alloc(1024 * 1024)
    for (let at = 0; at + 12 < traps.length; at += 12) traps.writeUInt32LE(1_000_000, at)
    traps.copy(bytes, 32 * 1024 * 1024)
    const start = process.cpuUsage()
    expect(read(bytes).found).toEqual([])
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(10)
  })
})
