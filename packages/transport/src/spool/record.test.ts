import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeSegment, encodeRecords, HEADER_BYTES, headerOf, readHeader } from './record.js'

interface Written {
  readonly line: string
  readonly ms: number
  readonly ns: number
}

const written: fc.Arbitrary<Written> = fc.record({
  // Half a surrogate pair is no text, and UTF-8 has no bytes for it.
  line: fc.string({ unit: 'binary', maxLength: 40 }).map((text) => `${Buffer.from(text)}\n`),
  ms: fc.integer({ min: 0, max: 2 ** 45 }),
  ns: fc.nat(999_999),
})
const segment = fc.array(written, { minLength: 1, maxLength: 8 }).map((list) => {
  const ends = list.map((_, i) => HEADER_BYTES + Buffer.from(encodeRecords(list.slice(0, i + 1))).length)
  return { list, ends, bytes: Buffer.concat([headerOf(30), encodeRecords(list)]) }
})

/** What a segment gives, in the shape that it was written in. */
function read(bytes: Buffer): { readonly found: readonly Written[]; readonly end: number } {
  const { entries, end } = decodeSegment(bytes)
  const { lines, ms, ns } = entries
  return { found: lines.map((line, i) => ({ line, ms: ms[i] as number, ns: ns[i] as number })), end }
}

it('gives back what was written', () => {
  fc.assert(
    fc.property(segment, ({ list, bytes }) => {
      expect(read(bytes)).toEqual({ found: list, end: bytes.length })
    }),
  )
})

it('gives every record before the place that it was cut at, and where the last of them ends', () => {
  fc.assert(
    fc.property(segment, fc.nat(), ({ list, ends, bytes }, at) => {
      const cut = HEADER_BYTES + (at % (bytes.length - HEADER_BYTES))
      const whole = ends.filter((end) => end <= cut)
      expect(read(bytes.subarray(0, cut))).toEqual({
        found: list.slice(0, whole.length),
        end: whole.at(-1) ?? HEADER_BYTES,
      })
    }),
    { numRuns: 1_000 },
  )
})

it('gives every record before a bit that has changed, and none that was not written', () => {
  fc.assert(
    fc.property(segment, fc.nat(), fc.nat(7), ({ list, ends, bytes }, at, bit) => {
      const place = HEADER_BYTES + (at % (bytes.length - HEADER_BYTES))
      const changed = Buffer.from(bytes)
      changed[place] = (changed[place] as number) ^ (1 << bit)
      const before = ends.filter((end) => end <= place)
      const { found, end } = read(changed)
      expect(found).toEqual(list.slice(0, before.length))
      expect(end).toBe(before.at(-1) ?? HEADER_BYTES)
    }),
    { numRuns: 2_000 },
  )
})

it('gives every record before a part that was overwritten, and none that was not written', () => {
  const garbage = fc.uint8Array({ minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(segment, fc.nat(), garbage, ({ list, ends, bytes }, at, over) => {
      const place = HEADER_BYTES + (at % (bytes.length - HEADER_BYTES))
      const changed = Buffer.from(bytes)
      changed.set(over.subarray(0, bytes.length - place), place)
      fc.pre(!changed.equals(bytes))
      const { found } = read(changed)
      expect(found).toEqual(list.slice(0, found.length))
      expect(found.length).toBeGreaterThanOrEqual(ends.filter((end) => end <= place).length)
    }),
    { numRuns: 2_000 },
  )
})

it('reads any bytes to an end, without a throw, and never past theirs', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    // With a header and lengths that might be some.
    fc.array(fc.constantFrom(0, 0, 0, 1, 20, 255), { maxLength: 200 }).map((list) => [...headerOf(40), ...list]),
  )
  fc.assert(
    fc.property(bytes, (list) => {
      const { found, end } = read(Buffer.from(list))
      // A checksum of four bytes is met by chance once in four thousand million times, which this does not try.
      expect(found).toEqual([])
      expect(end).toBe(Math.min(HEADER_BYTES, list.length))
      expect(['ours', 'newer', 'none']).toContain(readHeader(Buffer.from(list)).kind)
    }),
    { numRuns: 5_000 },
  )
})
