import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'throughline-levels-'))
const children: ChildProcess[] = []
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

async function start(env: Record<string, string>): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'level-watch.mjs'), { env: { PATH: process.env.PATH, ...env } })
  children.push(child)
  await once(child, 'message')
  return child
}

async function lines(child: ChildProcess): Promise<readonly string[]> {
  child.send('log')
  const [answer] = (await once(child, 'message')) as [{ lines: readonly string[] }]
  return answer.lines
}

/** Asks until the answer is the expected one; the test's own timeout is the bound. */
async function until(child: ChildProcess, expected: readonly string[]): Promise<void> {
  while (JSON.stringify(await lines(child)) !== JSON.stringify(expected)) {
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

it('follows a file of directives, also when it is replaced or removed', async () => {
  const file = join(folder, 'levels')
  const child = await start({ LOG_LEVEL_FILE: file })
  expect(await lines(child)).toEqual([])
  writeFileSync(file, '# one module\ndb=debug\n')
  await until(child, ['debug line of db'])
  writeFileSync(`${file}.new`, 'debug')
  renameSync(`${file}.new`, file)
  await until(child, ['debug line', 'debug line of db'])
  rmSync(file)
  await until(child, [])
})

it.skipIf(process.platform === 'win32')('goes to debug at a signal, and back at the next', async () => {
  const child = await start({ LOG_LEVEL_SIGNAL: 'SIGUSR2' })
  expect(await lines(child)).toEqual([])
  child.kill('SIGUSR2')
  await until(child, ['debug line', 'debug line of db'])
  child.kill('SIGUSR2')
  await until(child, [])
})
