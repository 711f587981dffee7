import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ended, noPosix, start, temporaryFolder } from '../child.js'
import { nodeBinaries, noNodeBinaries } from '../node-binaries.js'
import { mountSmall } from '../small-disk.js'
import { filesOf, recordsIn } from './rotated.js'

const program = join(import.meta.dirname, 'rotating.mjs')
const LINES = 2_000

function numbersIn(path: string): number[] {
  return filesOf(path).flatMap((name) => recordsIn(path, name).map(({ n }) => n as number))
}

describe.skipIf(noPosix)(`rotation without a free descriptor${noPosix ? ` (${noPosix})` : ''}`, () => {
  it('goes on in the old file, and loses no line', () => {
    const path = join(temporaryFolder(), 'app.log')
    const args = [program, path, JSON.stringify({ size: 10_000 }), 'who', '/dev/null', String(LINES)]
    // The program opens all descriptors that it may have, but for one in 50 lines.
    const command = 'ulimit -n 64; exec "$0" --import "$1" "$2" "$3" "$4" "$5" "$6" "$7" 2>&1'
    const hoard = join(import.meta.dirname, 'hoard.mjs')
    const output = execFileSync('sh', ['-c', command, process.execPath, hoard, ...args], { encoding: 'utf8' })
    expect(output).toMatch(
      /app\.log: cannot be rotated \(.*EMFILE.*; the old file goes on, and rotation is tried again/,
    )
    expect(numbersIn(path)).toEqual(Array.from({ length: LINES }, (_, n) => n))
  })
})

const disk = temporaryFolder()
const noMount = noPosix ?? mountSmall(disk, 512)

describe.skipIf(noMount)(`rotation on a full disk${noMount ? ` (${noMount})` : ''}`, () => {
  it('loses no line once there is room, compressed or not', async () => {
    for (const compress of [false, 'gzip'] as const) {
      const path = join(disk, 'app.log')
      const ballast = join(disk, 'ballast')
      writeFileSync(ballast, Buffer.alloc(400 * 1024))
      const args = [path, JSON.stringify({ size: 20_000, compress, keep: { files: 100 } }), 'who', '/dev/null', '1500']
      const child = start({ path: program, args }, ['ignore', 'ignore', 'pipe'])
      const errors: string[] = []
      child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()))
      while (!errors.join('').includes('ENOSPC')) await sleep(10)
      rmSync(ballast)
      await expect(ended(child)).resolves.toEqual({ code: 0, signal: null })
      expect(numbersIn(path).sort((a, b) => a - b)).toEqual(Array.from({ length: 1_500 }, (_, n) => n))
      for (const name of filesOf(path)) rmSync(join(disk, name))
    }
  })
})

describe.skipIf(noNodeBinaries)(`zstd${noNodeBinaries ? ` (${noNodeBinaries})` : ''}`, () => {
  it.each(nodeBinaries)('is used by Node $version, or refused by name', async ({ version, path: node }) => {
    const path = join(temporaryFolder(), 'app.log')
    const args = [path, JSON.stringify({ size: 10_000, compress: 'zstd' }), 'who', '/dev/null', '500']
    const child = start({ node, path: program, args }, ['ignore', 'ignore', 'pipe'])
    let errors = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk
    })
    const { code } = await ended(child)
    if (Number.parseInt(version, 10) < 22) {
      expect(code).toBe(1)
      expect(errors).toContain(`accepted: 'gzip' or false; zstd needs Node 22.15, this is v${version}`)
    } else {
      expect([code, errors]).toEqual([0, ''])
      const files = filesOf(path)
      expect(files.filter((name) => name.endsWith('.zst'))).toHaveLength(files.length - 1)
    }
  })
})
