import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const run = promisify(execFile)

it('answers every question of the demo with yes', async () => {
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'demo.mjs')])
  expect(stdout).toContain('yes  no password in any line')
  expect(stdout).not.toContain('NO ')
})
