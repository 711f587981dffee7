import { spawnSync } from 'node:child_process'
import { chmodSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { loki } from '@throughline/loki'
import { createLogger } from 'throughline'
import { describe, expect, it } from 'vitest'
import { noPosix, temporaryFolder } from '../child.js'
import { mountSmall } from '../small-disk.js'
import { LokiServer } from './loki-server.js'

const disk = temporaryFolder()
const noMount = noPosix ?? mountSmall(disk, 256)

describe.skipIf(noMount)(`a spool on a full disk${noMount ? ` (${noMount})` : ''}`, () => {
  it.each(['always', 'interval', 'never'] as const)(
    'drops the lowest level first, counts it, and has shipped every other line in the end (fsync: %s)',
    async (fsync) => {
      const server = await LokiServer.start()
      await server.close()
      const dir = join(disk, fsync)
      const spool = { dir, fsync, maxBytes: 16 * 1024 * 1024 }
      const destination = loki({ url: server.url, spool, retry: { baseMs: 10, maxMs: 50 }, closeTimeoutMs: 30_000 })
      const log = createLogger({ service: 'disk', env: {}, destination })
      const pad = 'x'.repeat(1_000)
      for (let n = 0; n < 50; n++) log.error('kept', { n, pad })
      for (let n = 50; n < 1_000; n++) log.info('dropped, most of them', { n, pad })
      for (let n = 1_000; n < 1_050; n++) log.error('kept', { n, pad })
      log.flushSync()
      const { droppedByLevel } = log.stats()
      expect(Object.keys(droppedByLevel)).toEqual(['INFO'])
      await server.open()
      await using _ = server
      await log.close()
      const stored = server.records().flatMap(({ n, level }) => (typeof n === 'number' ? [{ n, level }] : []))
      expect(stored.filter(({ level }) => level === 'ERROR')).toHaveLength(100)
      expect(stored).toHaveLength(1_050 - (log.stats().droppedByLevel.INFO ?? 0))
      expect(readdirSync(dir).filter((file) => file.endsWith('.segment'))).toEqual([])
    },
  )
})

describe.skipIf(noPosix)('a spool in a folder that this user may not write', () => {
  it.each([
    ['the spool', (dir: string) => ({ spool: { dir } }), 'loki({ spool: { dir } }): '],
    ['the dead letters', (dir: string) => ({ deadLetters: join(dir, 'dead.jsonl') }), 'loki({ deadLetters }): '],
  ])('is refused when the transport is made: %s', (_, options, words) => {
    const dir = temporaryFolder()
    chmodSync(dir, 0o555)
    // Root may write anywhere.
    const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
    const program = `import { loki } from '@throughline/loki'
      try {
        loki(${JSON.stringify({ url: 'http://127.0.0.1:9', ...options(dir) })})
      } catch (error) {
        console.log(error.message)
      }`
    const args = ['--input-type=module', '--eval', program]
    const { stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      ...user,
    })
    expect(stderr).toBe('')
    expect(stdout).toContain(words)
    expect(stdout).toContain('cannot be written (EACCES)')
  })
})
