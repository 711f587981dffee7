import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { nodeBinaries, noNodeBinaries, supportedLines } from './node-binaries.js'

it('runs the tests themselves on Node 24, whatever Node the machine has', () => {
  expect(process.version).toMatch(/^v24\./)
})

describe.skipIf(noNodeBinaries)(`the Node binaries${noNodeBinaries ? ` (${noNodeBinaries})` : ''}`, () => {
  it('are one of every supported line', () => {
    expect(nodeBinaries.map(({ version }) => Number.parseInt(version, 10))).toEqual(supportedLines)
  })

  it.each(nodeBinaries)('run as the version they say: $version', ({ version, path }) => {
    expect(execFileSync(path, ['--version'], { encoding: 'utf8' })).toBe(`v${version}\n`)
  })
})
