import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../../../core/test-support/runs.js'
import { parseRecord } from '../record/record.js'
import { type Block, BlockAssembler } from './assembler.js'
import { type Line, LineReader } from './lines.js'
import { STANDARD_INPUT } from './source.js'

/** Content in pieces of these sizes, as a pipe may deliver it. */
function read(content: Buffer, sizes: readonly number[]): { readonly lines: Line[]; readonly blocks: Buffer[] } {
  const assembler = new BlockAssembler()
  const reader = new LineReader(STANDARD_INPUT)
  const lines: Line[] = []
  const blocks: Buffer[] = []
  const take = (block: Block | undefined) => {
    if (block === undefined) return
    blocks.push(Buffer.from(block.bytes))
    lines.push(...reader.lines(block))
  }
  let next = 0
  for (let at = 0; at < content.length; ) {
    const size = Math.max(1, sizes[next++ % sizes.length] ?? 1)
    const count = content.copy(assembler.room, 0, at, at + size)
    at += count
    take(assembler.take(count))
  }
  take(assembler.end())
  lines.push(...reader.rest())
  return { lines, blocks }
}

/** What the reader does, in the simplest way. */
function cut(content: Buffer): string[] {
  const lines = content.toString('latin1').split('\n')
  const read = lines.map((line) => Buffer.from(line.replace(/\r$/, ''), 'latin1').toString())
  return read.map((line, i) => (i === 0 ? line.replace(/^\ufeff/, '') : line)).filter((line) => line !== '')
}

const texts = (content: string | Buffer) => read(Buffer.from(content), [7]).lines.map(({ text }) => text)

describe('the line reader', () => {
  it('cuts at LF and CRLF, leaves out empty lines, and counts them', () => {
    const { lines } = read(Buffer.from('{"a":1}\r\n\n\r\n{"a":2}\nend'), [3])
    expect(lines.map(({ text, number, isTorn }) => ({ text, number, isTorn }))).toEqual([
      { text: '{"a":1}', number: 1, isTorn: false },
      { text: '{"a":2}', number: 4, isTorn: false },
      { text: 'end', number: 5, isTorn: true },
    ])
  })

  it('takes off a byte-order mark at the start only', () => {
    expect(texts('\ufeff{"a":1}\n\ufeffx\n')).toEqual(['{"a":1}', '\ufeffx'])
  })

  it('keeps what is around invalid UTF-8 and NUL', () => {
    const bytes = Buffer.concat([Buffer.from('a'), Buffer.from([0xff, 0xc3, 0x00]), Buffer.from('b\n')])
    expect(texts(bytes)).toEqual(['a\ufffd\ufffd\u0000b'])
  })

  it('counts bytes, not characters', () => {
    expect(read(Buffer.from('ä€\nx\n'), [2]).lines.map(({ bytes }) => bytes)).toEqual([6, 2])
  })

  it('counts the bytes that are there where they are no UTF-8', () => {
    const bytes = Buffer.from([0x80, 10, 0xc2, 0x80, 10])
    for (const size of [1, 5]) expect(read(bytes, [size]).lines.map((line) => line.bytes)).toEqual([2, 3])
  })

  it('keeps a line of 20 MB whole', () => {
    const long = 'x'.repeat(20_000_000)
    const { lines } = read(Buffer.from(`${long}\nshort\n`), [1_000_000])
    expect(lines.map(({ text }) => text.length)).toEqual([20_000_000, 5])
  })

  it('cuts a line that is longer than memory should hold, and goes on with the next', () => {
    const content = Buffer.alloc(40 * 1024 * 1024, 'x')
    content.write('\nnext\n', content.length - 6)
    const { lines } = read(content, [4_000_000])
    expect(lines.map(({ text }) => text)).toEqual(['x'.repeat(4096), 'next'])
  })

  it('passes over the NULs of a file that was cut under its writer, in no memory', () => {
    const content = Buffer.alloc(60 * 1024 * 1024)
    content.write('{"n":1}\n', 0)
    content.write('{"n":2}\n{"n":3}\n', content.length - 16)
    const before = process.memoryUsage().arrayBuffers
    const { lines } = read(content, [1_000_000])
    expect(lines.map(({ text, number }) => [text, number])).toEqual([
      ['{"n":1}', 1],
      ['{"n":2}', 2],
      ['{"n":3}', 3],
    ])
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024)
  })

  it('gives the same lines, however many NULs stand before each and however the bytes arrive', () => {
    const nuls = fc.array(fc.nat(50), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(nuls, fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }), (counts, sizes) => {
        const content = counts.map((count, i) => `${'\0'.repeat(count)}{"n":${i}}\n`).join('')
        const { lines } = read(Buffer.from(content), sizes)
        expect(lines.map(({ object }) => object?.n)).toEqual(counts.map((_, i) => i))
      }),
    )
  })

  it('gives the same lines and all bytes, however any bytes arrive', () => {
    const byte = fc.oneof(fc.integer({ min: 1, max: 255 }), fc.constantFrom(10, 13, 0x7b, 0x22, 0x5b))
    const content = fc.array(byte, { maxLength: 400 }).map((bytes) => Buffer.from(bytes))
    fc.assert(
      fc.property(content, fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }), (bytes, sizes) => {
        const pieces = read(bytes, sizes)
        expect(Buffer.concat(pieces.blocks).equals(bytes)).toBe(true)
        const whole = read(bytes, [bytes.length])
        expect(pieces.lines).toEqual(whole.lines)
        // Only a closing brace can end an object, in front of which a prefix is removed.
        if (!bytes.includes(0x7d)) expect(whole.lines.map(({ text }) => text)).toEqual(cut(bytes))
        for (const { text } of whole.lines) parseRecord(text)
      }),
      { numRuns: runs(1000) },
    )
  })
})
