import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { noPosix, Runner, recordsOf, temporaryFolder } from '../child.js'

const path = join(import.meta.dirname, 'after-close.mjs')

describe.skipIf(noPosix).concurrent(`a logger that was closed${noPosix ? ` (${noPosix})` : ''}`, () => {
  const runner = new Runner(temporaryFolder())

  it.each([
    ['stdout', 'pipe'],
    ['file', 'file'],
    ['stream', 'file'],
  ] as const)('warns once, and writes audit lines and the crash to standard error: %s', async (to, outlet) => {
    const { code, output, stderr } = await runner.run({ path, args: [to], outlet })
    expect(code).toBe(1)
    expect(recordsOf(output).map(({ message }) => message)).toEqual(['before'])
    const warnings = stderr.split('\n').filter((line) => line.startsWith('throughline: '))
    expect(warnings).toEqual([expect.stringContaining('a line was logged after close()')])
    const records = stderr.split('\n').filter((line) => line.startsWith('{'))
    expect(records.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ message: 'account deleted', log_type: 'audit' }),
      expect.objectContaining({ message: 'Process crashed', level: 'FATAL', error: 'the crash' }),
    ])
  })
})
