import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { encodeRecords } from './record.js'
import { Segment } from './segment.js'

const dir = mkdtempSync(join(tmpdir(), 'throughline-segment-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe('a sync', () => {
  it('is over only when one that began after its lines is through, however many wait for one', async () => {
    const segment = Segment.create(join(dir, '0.segment'), 30, 0, false)
    const through: number[] = []
    const syncs = [1, 2, 3, 4].map(async (n) => {
      segment.append(encodeRecords([{ line: `${n}\n`, level: 30, ms: 0, ns: n }]), 1)
      await segment.sync()
      through.push(n)
    })
    // The second begins when the first is through, and has the lines of those that came after it.
    await syncs[3]
    expect(through).toEqual([1, 2, 3, 4])
    await segment.seal(true)
  })

  it('has nothing to do for a segment that is sealed, which it was brought to the disk for', async () => {
    const segment = Segment.create(join(dir, '1.segment'), 30, 0, true)
    segment.append(encodeRecords([{ line: 'x\n', level: 30, ms: 0, ns: 0 }]), 1)
    expect(await Promise.all([segment.sync(), segment.seal(true), segment.sync()])).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(segment.readSync().entries.lines).toEqual(['x\n'])
  })
})
