import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { defineConfig } from 'vitest/config'

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

export default defineConfig({
  test: {
    reporters: ['default', ['json', { outputFile: 'test-results.json' }]],
    projects: [
      {
        resolve: { alias: sources() },
        test: { name: 'unit', include: ['packages/*/src/**/*.test.ts'], testTimeout: 10_000 },
      },
      {
        // What crosses packages uses them as published: the built `dist`, found through node_modules.
        // Real processes, installs and sockets on a busy machine take their time.
        test: {
          name: 'workspace',
          include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
})
