import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { build } from 'esbuild'
import { afterAll, expect, it } from 'vitest'
import { ended } from '../child.js'
import { LokiServer } from './loki-server.js'

// Outside the workspace, so that nothing is found that the bundle does not hold.
const folder = mkdtempSync(join(tmpdir(), 'throughline-bundled-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// undici is CommonJS, and its `require` of Node's own modules has to lead somewhere in an ES module: the line that
// esbuild's users know for it (docs/how-to/ship-to-loki.md).
const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" }

it.each([
  ['esm', 'mjs', false, banner],
  ['esm', 'mjs', true, banner],
  ['cjs', 'cjs', true, {}],
] as const)(
  'ships from a bundle of its own, threads and all (%s, .%s, minified: %s)',
  async (format, extension, minify, js) => {
    await using server = await LokiServer.start()
    const outfile = join(folder, `${format}-${minify}.${extension}`)
    const contents = `import { createLogger } from 'throughline'
    import { loki } from '@throughline/loki'
    const log = createLogger({ service: 'bundled', env: {}, destination: loki({ url: process.argv[2] }) })
    log.info('by the thread that encodes')
    log.flush().then(() => {
      log.info('by the last push')
      process.exit(0)
    })`
    const stdin = { contents, resolveDir: import.meta.dirname }
    const options = { bundle: true, platform: 'node', target: 'node20', logLevel: 'error', banner: js } as const
    await build({ stdin, outfile, format, minify, ...options })
    const child = spawn(process.execPath, [outfile, server.url], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
    const [stderr, ending] = await Promise.all([text(child.stderr as NodeJS.ReadableStream), ended(child)])
    expect({ stderr, ...ending }).toEqual({ stderr: '', code: 0, signal: null })
    expect(server.records().map(({ message }) => message)).toEqual(['by the thread that encodes', 'by the last push'])
  },
)
