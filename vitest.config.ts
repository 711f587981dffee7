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

/**
 * Deadlines are for what hangs: real processes, installs and sockets, and ten thousand inputs of a property, take many times
 * as long on a busy machine. What is polled for has a second by default, which a busy event loop needs for itself.
 */
const patient = { testTimeout: 240_000, hookTimeout: 240_000, expect: { poll: { timeout: 60_000 } } }

export default defineConfig({
  test: {
    reporters: ['default', ['json', { outputFile: 'test-results.json' }]],
    projects: [
      {
        resolve: { alias: sources() },
        test: { name: 'unit', include: ['packages/*/{src,test-support}/**/*.test.ts'], ...patient },
      },
      {
        // What crosses packages uses them as published: the built `dist`, found through node_modules.
        test: { name: 'workspace', include: ['test/**/*.test.ts', 'examples/**/*.test.ts'], ...patient },
      },
    ],
  },
})
