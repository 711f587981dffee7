import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, expect, it } from 'vitest'

// Outside the workspace, so that nothing is found that the bundle does not hold.
const folder = mkdtempSync(join(tmpdir(), 'throughline-bundled-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it.each([
  ['esm', 'mjs', false],
  ['esm', 'mjs', true],
  ['cjs', 'cjs', true],
] as const)('runs from a bundle of its own (%s, .%s, minified: %s)', async (format, extension, minify) => {
  const outfile = join(folder, `${format}-${minify}.${extension}`)
  const stdin = {
    contents: `import { context, createLogger, stdout } from 'throughline'
      const log = createLogger({ service: 'bundled', env: {}, destination: stdout(), sequence: true })
      context.run({ request_id: 'req-1' }, () => log.info('from a bundle', { token: 'canary', error: new RangeError('x') }))
      process.exit(0)`,
    resolveDir: import.meta.dirname,
  }
  await build({ stdin, outfile, format, minify, bundle: true, platform: 'node', target: 'node20', logLevel: 'error' })
  const { stdout, status, stderr } = spawnSync(process.execPath, [outfile], { encoding: 'utf8', cwd: folder })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  const [record, stats] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(record).toMatchObject({ message: 'from a bundle', request_id: 'req-1', token: '***REDACTED***', seq: 1 })
  expect(record.error_type).toBe('RangeError')
  expect(stats).toMatchObject({ message: 'Log stats', seq: 2, emitted: 2 })
})
