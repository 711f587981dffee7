import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Runner, recordsOf, temporaryFolder } from '../child.js'
import { nodeBinaries, noNodeBinaries } from '../node-binaries.js'

describe.skipIf(noNodeBinaries)(`each supported Node${noNodeBinaries ? ` (${noNodeBinaries})` : ''}`, () => {
  const runner = new Runner(temporaryFolder())
  const path = join(import.meta.dirname, 'ending.mjs')

  for (const { version, path: node } of nodeBinaries) {
    it.concurrent.each([
      ['exit', 5],
      ['SIGTERM', 'SIGTERM'],
      ['uncaughtException', 1],
      ['unhandledRejection', 1],
    ])(`${version} loses nothing, and ends as it would have: %s`, async (ending, expected) => {
      for (const outlet of ['pipe', 'socket'] as const) {
        const { code, signal, output } = await runner.run({ node, path, args: [ending, 'turn'], outlet })
        expect(code ?? signal).toBe(expected)
        const records = recordsOf(output)
        expect(records.filter(({ message }) => message === 'line')).toHaveLength(10_000)
        expect(records.filter(({ level }) => level === 'FATAL')).toHaveLength(expected === 1 ? 1 : 0)
      }
    })
  }
})
