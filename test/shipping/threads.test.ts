import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ended, type Startable, start, temporaryFolder } from '../child.js'
import { LokiServer } from './loki-server.js'

const folder = temporaryFolder()
const path = join(import.meta.dirname, 'both-ways.mjs')
const preloaded = join(folder, 'preloaded.cjs')
writeFileSync(
  preloaded,
  `const { isMainThread } = require('node:worker_threads')
   require('node:fs').appendFileSync(process.env.LOADED, isMainThread ? 'main ' : 'worker ')`,
)

it.each<[string, Partial<Startable>]>([
  ['NODE_OPTIONS names', { env: { NODE_OPTIONS: `--require ${preloaded}` } }],
  ['a flag names', { nodeArgs: ['--require', preloaded] }],
])('loads nothing into its threads that %s for the process', async (name, given) => {
  await using server = await LokiServer.start()
  const loaded = join(folder, `${name}.txt`)
  const program = { ...given, path, args: [server.url], env: { ...given.env, LOADED: loaded } }
  expect(await ended(start(program, 'inherit'))).toEqual({ code: 0, signal: null })
  expect(server.records().map(({ message }) => message)).toEqual(['by the thread that encodes', 'by the last push'])
  expect(readFileSync(loaded, 'utf8')).toBe('main ')
})
