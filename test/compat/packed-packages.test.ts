import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeBinary, nodeBinaries, noNodeBinaries } from '../node-binaries.js'
import { Consumer, type Manifest, published, readManifest } from './consumer.js'
import { cjs, esm, uses } from './uses.js'

/** The largest tarball of each package, in KiB: room for growth, and a bundled dependency or a source map is noticed. */
const ceilings: Readonly<Record<string, number>> = {
  throughline: 320,
  '@throughline/cli': 160,
  // With the page, which is bundled.
  '@throughline/explorer': 256,
  '@throughline/logql': 128,
  '@throughline/transport': 64,
}
const usualCeiling = 48

const { resolve } = createRequire(import.meta.url)

let consumer: Consumer
beforeAll(() => {
  consumer = new Consumer()
})
afterAll(() => consumer?.remove())

/** Every file that a manifest points a user to. */
function entryPoints({ exports, bin }: Manifest): readonly string[] {
  const leaves = (value: unknown): string[] =>
    typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(leaves)
  return [exports, bin].flatMap(leaves).map((file) => file.replace(/^\.\//, ''))
}

describe.each(published)('the packed $name', ({ name }) => {
  it('holds its entry points, README, LICENSE and package.json, and nothing else', () => {
    const expected = new Set([
      ...entryPoints(readManifest(consumer.installed(name))),
      'LICENSE',
      'README.md',
      'package.json',
    ])
    // Code and types that entry points share, named by tsup.
    const isShared = (file: string) => /^dist\/[\w-]+-[\w-]{8}\.(c?js|d\.c?ts)$/.test(file)
    const isOwn = (file: string) => !isShared(file) && file !== 'CHANGELOG.md'
    const isPage = (file: string) => name === '@throughline/explorer' && file.startsWith('dist/page/')
    expect(consumer.files(name).filter((file) => isOwn(file) && !isPage(file))).toEqual([...expected].sort())
  })

  it('names no file that it does not hold, and no place on the machine that built it', () => {
    const folder = consumer.installed(name)
    const places = [join(import.meta.dirname, '../..'), homedir(), 'file:///', '/node_modules/.pnpm/', '.test.ts']
    const faults = consumer.files(name).flatMap((file) => {
      // The bundler names its own shim in a comment, by its relative place.
      const text = readFileSync(join(folder, file), 'utf8').replace(/^\/\/ \.\.\/.*\/tsup\/assets\/\w+\.js$/gm, '')
      const maps = [...text.matchAll(/^\/\/[#@] sourceMappingURL=(.*)$/gm)].filter(
        ([, map = '']) => !existsSync(join(folder, dirname(file), map)),
      )
      return [...maps.map(([line]) => line), ...places.filter((place) => text.includes(place))].map(
        (fault) => `${file}: ${fault}`,
      )
    })
    expect(faults).toEqual([])
  })

  const ceiling = ceilings[name] ?? usualCeiling
  it(`is at most ${ceiling} KiB`, () => {
    expect(consumer.tarballBytes[name]).toBeLessThanOrEqual(ceiling * 1024)
  })

  it('names no workspace and runs no script when installed', () => {
    const { dependencies = {}, scripts = {} } = readManifest(consumer.installed(name))
    expect(Object.values(dependencies).filter((range) => range.startsWith('workspace:'))).toEqual([])
    expect(Object.keys(scripts).filter((script) => /install|^prepare$/.test(script))).toEqual([])
  })

  it('is used by these tests', () => {
    expect(Object.keys(uses)).toContain(name)
  })
})

it('brings no dependency that runs a script when installed', () => {
  expect(consumer.installScripts()).toEqual([])
})

describe.skipIf(noNodeBinaries)(`a program${noNodeBinaries ? ` (${noNodeBinaries})` : ''}`, () => {
  const cases = nodeBinaries.flatMap((node) => Object.keys(uses).map((name) => ({ ...node, name })))

  function run(node: NodeBinary, file: string): readonly unknown[] {
    const program = spawnSync(node.path, [file], { cwd: consumer.folder, encoding: 'utf8', env: {} })
    expect(program).toMatchObject({ status: 0, stderr: '' })
    expect(program.stdout.endsWith('\n')).toBe(true)
    return program.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
  }

  it.each(cases)('uses $name as ESM and CJS on Node $version', ({ name, ...node }) => {
    const use = uses[name]
    if (!use) throw new Error(`no use of ${name}`)
    for (const [type, text] of [
      ['mjs', esm(use)],
      ['cjs', cjs(use)],
    ] as const) {
      const records = run(node, consumer.write(`${name.replace('/', '-')}.${type}`, text))
      expect(records, type).toHaveLength(use.records.length)
      expect(records, type).toMatchObject(use.records)
    }
  })
})

describe('a strict TypeScript program', { timeout: 600_000 }, () => {
  const options = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    // The packages' own declarations are what is under test.
    skipLibCheck: false,
    noEmit: true,
    target: 'ES2022',
    lib: ['ES2023'],
    types: ['node'],
    typeRoots: [dirname(dirname(resolve('@types/node/package.json')))],
  }

  it.each([
    { resolution: 'node16', module: 'node16', files: ['mts', 'cts'] },
    { resolution: 'bundler', module: 'preserve', files: ['ts'] },
  ])('compiles against every package under moduleResolution $resolution', ({ resolution, module, files }) => {
    const include = Object.entries(uses).flatMap(([name, use]) =>
      files.map((type) => consumer.write(`${name.replace('/', '-')}-${resolution}.${type}`, esm(use))),
    )
    const compilerOptions = { ...options, module, moduleResolution: resolution }
    const project = consumer.write(`tsconfig.${resolution}.json`, JSON.stringify({ compilerOptions, files: include }))
    const tsc = join(dirname(resolve('typescript/package.json')), 'bin/tsc')
    const compiled = spawnSync(process.execPath, [tsc, '-p', project], { encoding: 'utf8' })
    expect(compiled).toMatchObject({ stdout: '', status: 0 })
  })
})
