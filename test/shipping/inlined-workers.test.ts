import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { inlinedPath, inlinedWorker } from '../../inline-worker.js'

const packages = join(import.meta.dirname, '../../packages')
const threads = readdirSync(packages).flatMap((name) =>
  readdirSync(join(packages, name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.thread.ts'))
    .map((file) => join(name, 'src', file)),
)

it('finds the threads', () => expect(threads.length).toBeGreaterThan(1))

it.each(threads)('the committed text of %s is the one of its source', async (thread) => {
  const entry = join(packages, thread)
  expect(readFileSync(inlinedPath(entry), 'utf8')).toBe(await inlinedWorker(entry))
})
