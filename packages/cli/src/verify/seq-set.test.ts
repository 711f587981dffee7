import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SeqSet } from './seq-set.js'

it('finds what a plain set finds missing, whatever the order', () => {
  const seqs = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 4090, max: 12_300 })))
  fc.assert(
    fc.property(seqs, (given) => {
      const set = new SeqSet()
      const plain = new Set<number>()
      for (const seq of given) {
        expect(set.add(seq)).toBe(!plain.has(seq))
        plain.add(seq)
      }
      const missing = [...set.missing(1, set.last)].flatMap(({ from, to }) =>
        Array.from({ length: to - from + 1 }, (_, i) => from + i),
      )
      const expected = Array.from({ length: set.last }, (_, i) => i + 1).filter((seq) => !plain.has(seq))
      expect(missing).toEqual(expected)
      expect(set.size).toBe(plain.size)
    }),
  )
})

it('keeps a million numbers without holes, and still knows the one that comes twice', () => {
  const set = new SeqSet()
  for (let seq = 1; seq <= 1_000_000; seq++) set.add(seq)
  expect([...set.missing(1, 1_000_000)]).toEqual([])
  expect(set.add(500_000)).toBe(false)
})

it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])('refuses %d', (seq) => {
  expect(new SeqSet().add(seq)).toBeUndefined()
})

it('shares its bound on holes with the sets of other processes', () => {
  const open = { count: 0 }
  const [one, other] = [new SeqSet(open), new SeqSet(open)]
  one.add(1)
  one.add(5_000)
  other.add(1)
  expect(open.count).toBe(3)
  for (let seq = 1; seq <= 4096; seq++) other.add(seq)
  expect(open.count).toBe(2)
  open.count = 200_000
  expect(other.add(10_000)).toBeUndefined()
  expect(one.add(2)).toBe(true)
})
