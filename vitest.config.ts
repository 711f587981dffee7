import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { configDefaults, defineConfig } from 'vitest/config'

const packages = join(import.meta.dirname, 'packages')

type Manifest = { readonly name: string; readonly exports: Readonly<Record<string, unknown>> }

/**
 * Every name that a workspace package exports, beside the source it is built from: unit tests run on sources, without
 * a build. The convention is tsup's too: `.` is `src/index.ts`, `./event` is `src/event.ts`.
 */
function sources(): { find: RegExp; replacement: string }[] {
  return readdirSync(packages).flatMap((folder) => {
    const manifest = JSON.parse(readFileSync(join(packages, folder, 'package.json'), 'utf8')) as Manifest
    return Object.keys(manifest.exports)
      .filter((key) => key !== './package.json')
      .map((key) => ({
        find: new RegExp(`^${key === '.' ? manifest.name : posix.join(manifest.name, key)}$`),
        replacement: join(packages, folder, 'src', key === '.' ? 'index.ts' : `${key}.ts`),
      }))
  })
}

/**
 * Deadlines are for what hangs: real processes, installs and sockets, and ten thousand inputs of a property, take many times
 * as long on a busy machine. What is polled for has a second by default, which a busy event loop needs for itself.
 */
const patient = { testTimeout: 240_000, hookTimeout: 240_000, expect: { poll: { timeout: 60_000 } } }

/** What takes minutes: `pnpm test:slow` runs it, each night, before a release and in `.ci/run`. */
const slow = [
  // Services under load while the store flaps.
  'test/soak/*.test.ts',
  // Processes killed at many places.
  'test/rotation/kill.test.ts',
  'test/shipping/killed.test.ts',
  // webpack, esbuild and Next build whole applications.
  'test/shipping/bundled.test.ts',
  'test/shipping/next.test.ts',
  // The packages of Datadog, New Relic and Sentry, each in processes of its own.
  'test/outgoing/tracers.test.ts',
]

const unit = ['packages/*/{src,test-support}/**/*.test.ts']

/** Unit tests whose number of inputs `FULL_PROPERTIES` raises: those that import `runs`. */
const properties = readdirSync(packages).flatMap((name) =>
  ['src', 'test-support']
    .map((part) => join(packages, name, part))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)))
    .filter((path) => path.endsWith('.test.ts') && readFileSync(path, 'utf8').includes("/runs.js'")),
)

export default defineConfig({
  test: {
    // `pnpm test:slow` names a file of its own.
    outputFile: { json: 'test-results.json' },
    reporters: ['default', 'json'],
    projects: [
      {
        resolve: { alias: sources() },
        test: { name: 'unit', include: unit, ...patient },
      },
      {
        // What crosses packages uses them as published: the built `dist`, found through node_modules.
        test: {
          name: 'integration',
          include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...slow],
          ...patient,
        },
      },
      { test: { name: 'slow', include: slow, ...patient } },
      {
        resolve: { alias: sources() },
        test: { name: 'properties', include: properties, env: { FULL_PROPERTIES: '1' }, ...patient },
      },
    ],
  },
})
