import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { Batch } from './batch.js'
import { Tally } from './tally.js'

const tally = new Tally()
const lines = ['{"n":1}\n', '{"wide":"日本語"}\n', '{"n":3}\n'].map((line) => ({ line, level: 30, tally }))

it('knows which of its lines are not whole, wherever it was cut', () => {
  const ends = [8, 8 + 21, 8 + 21 + 8]
  for (let taken = 0; taken <= 37; taken++) {
    const whole = ends.filter((end) => end <= taken).length
    expect(new Batch(lines, taken).left).toEqual(lines.slice(whole))
  }
})

it('does not count what comes before the first line as one', () => {
  expect(new Batch(lines, 1, '\n').left).toEqual(lines)
  expect(new Batch(lines, 9, '\n').left).toEqual(lines.slice(1))
  expect(new Batch([], 1, '\n').left).toEqual([])
})

it('writes what is left of it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'log')
  const fd = openSync(path, 'a')
  expect(new Batch(lines, 20).writeTo(fd)).toBe(true)
  closeSync(fd)
  expect(readFileSync(path)).toEqual(Buffer.from(lines.map(({ line }) => line).join('')).subarray(20))
})
