import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { ended, start, temporaryFolder } from '../child.js'
import { LokiServer } from './loki-server.js'

const folder = temporaryFolder()
const MIB = 1024 * 1024

describe('with the store gone, at full production', () => {
  it.each([
    ['in memory', []],
    ['in a spool', [join(folder, 'spool')]],
  ])('what waits %s is bounded, and what is dropped is of the lowest level and counted', async (_, spool) => {
    const server = await LokiServer.start()
    await server.close()
    const path = join(import.meta.dirname, 'bounds.mjs')
    const child = start({ path, args: [server.url, ...spool], nodeArgs: ['--expose-gc'] }, [
      'ignore',
      'pipe',
      'inherit',
    ])
    const [output] = await Promise.all([text(child.stdout as NodeJS.ReadableStream), ended(child)])
    const { lines, growth, droppedByLevel } = JSON.parse(output)
    // 100 MiB of lines were logged; 4 may wait in memory, and two requests of 1 MiB be under way in some copies.
    expect(growth).toBeLessThan(20)
    expect(Object.keys(droppedByLevel)).toEqual(['INFO'])
    expect(droppedByLevel.INFO).toBeGreaterThan(lines / 2)
    for (const dir of spool) {
      const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((file) => join(dir, file))
      expect(files.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(9 * MIB)
    }
  })
})
