import { readdirSync } from 'node:fs'
import { context, createLogger, file } from 'throughline'
import { describe, expect, it } from 'vitest'
import { folderWith, throughline } from '../cli/throughline.js'

const LINES = 2_000

describe('the command line', () => {
  it.each(['gzip', 'zstd', false] as const)('reads the files of a rotated log as one: %s', async (compress) => {
    // Older Nodes refuse it.
    if (compress === 'zstd' && process.versions.zstd === undefined) return
    const cwd = folderWith()
    const destination = file(`${cwd}/app.log`, { rotate: { size: 20_000, compress } })
    const log = createLogger({ service: 'rotated', sequence: true, env: {}, destination })
    await context.run({ request_id: 'req-123' }, async () => {
      for (let n = 0; n < LINES; n++) {
        log.info('line', { n, pad: 'x'.repeat(n % 90) })
        if (n % 50 === 0) await new Promise(setImmediate)
      }
    })
    await log.close()
    const names = readdirSync(cwd).filter((name) => name.startsWith('app.log'))
    expect(names.length).toBeGreaterThan(10)
    const [verify, stats, trace] = await Promise.all(
      [
        ['verify', 'app.log*', '--json'],
        ['stats', 'app.log*', '--json'],
        ['trace', 'req-123', 'app.log*', '--json'],
      ].map(async (args) => await throughline(args, { cwd })),
    )
    expect([verify?.status, stats?.status, trace?.status]).toEqual([0, 0, 0])
    expect(JSON.parse(verify?.stdout ?? '')).toMatchObject({ missing: 0, torn: 0, repeats: 0 })
    // With the one that has the counters.
    expect(JSON.parse(stats?.stdout ?? '')).toMatchObject({ lines: LINES + 1 })
    expect(trace?.stdout.match(/"message": *"line"/g)?.length).toBe(LINES)
  })
})
