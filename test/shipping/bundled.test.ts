import { spawn } from 'node:child_process'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { build as buildWithEsbuild } from 'esbuild'
import { build as buildWithTsup } from 'tsup'
import { expect, it } from 'vitest'
import webpack from 'webpack'
import { ended, temporaryFolder } from '../child.js'
import { LokiServer } from './loki-server.js'
import { projectFolder } from './project.js'

const project = projectFolder()
const program = join(project, 'both-ways.mjs')
copyFileSync(join(import.meta.dirname, 'both-ways.mjs'), program)
// Elsewhere, so that nothing is found that the bundle does not hold.
const folder = temporaryFolder()

type Format = 'esm' | 'cjs'

// undici is CommonJS, and its `require` of Node's own modules has to lead somewhere in an ES module: the line that users
// of esbuild and tsup know for it (docs/how-to/ship-to-loki.md).
const bannerFor = (format: Format) =>
  format === 'cjs'
    ? {}
    : { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" }

async function esbuild(name: string, format: Format, minify: boolean): Promise<void> {
  await buildWithEsbuild({
    entryPoints: [program],
    outfile: join(folder, name),
    bundle: true,
    format,
    minify,
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
    banner: bannerFor(format),
  })
}

async function tsup(name: string, format: Format, minify: boolean): Promise<void> {
  const [entry = '', extension] = name.split('.')
  await buildWithTsup({
    config: false,
    silent: true,
    entry: { [entry]: program },
    outDir: folder,
    outExtension: () => ({ js: `.${extension}` }),
    format,
    minify,
    platform: 'node',
    target: 'node20',
    // It leaves the dependencies of a package out of its bundle, unless it is told not to.
    noExternal: [/./],
    banner: bannerFor(format),
  })
}

async function webpacked(name: string, format: Format, minify: boolean): Promise<void> {
  const esm = { experiments: { outputModule: true }, output: { module: true, chunkFormat: 'module' } } as const
  const { output, ...shape } = format === 'esm' ? esm : { output: {} }
  const compiler = webpack({
    target: 'node20',
    mode: minify ? 'production' : 'development',
    entry: program,
    ...shape,
    output: { path: folder, filename: name, ...output },
  })
  const stats = await new Promise<webpack.Stats | undefined>((resolve, reject) => {
    compiler.run((error, result) => (error ? reject(error) : resolve(result)))
  })
  expect(stats?.toJson({ all: false, errors: true, warnings: true })).toMatchObject({ errors: [], warnings: [] })
}

it.each([
  ['esbuild', 'esm', false, esbuild],
  ['esbuild', 'esm', true, esbuild],
  ['esbuild', 'cjs', true, esbuild],
  ['tsup', 'esm', true, tsup],
  ['tsup', 'cjs', false, tsup],
  ['webpack', 'esm', true, webpacked],
  ['webpack', 'cjs', false, webpacked],
] as const)(
  'ships from a bundle of its own, threads and all (%s, %s, minified: %s)',
  // A bundle that is made small takes its time on a busy machine.
  { timeout: 240_000 },
  async (bundler, format, minify, bundle) => {
    await using server = await LokiServer.start()
    const name = `${bundler}-${minify}.${format === 'esm' ? 'mjs' : 'cjs'}`
    await bundle(name, format, minify)
    const args = [join(folder, name), server.url]
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
    const [stderr, ending] = await Promise.all([text(child.stderr), ended(child)])
    // A thread that cannot start is told of there; the main thread would do its work.
    expect({ stderr, ...ending }).toEqual({ stderr: '', code: 0, signal: null })
    expect(server.records().map(({ message }) => message)).toEqual(['by the thread that encodes', 'by the last push'])
  },
)
