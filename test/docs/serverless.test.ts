import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { blocks } from './markdown.js'

const [snippet] = blocks('docs/how-to/serverless.md')

/** What a handler has written when its process stops at once as it resolves, as a platform freezes it. */
async function frozen(handler: string): Promise<string> {
  const file = join(import.meta.dirname, `.serverless-${Math.random()}.mts`)
  const call = "await handler({ key: 'cat.png' }, { awsRequestId: 'req-1' })\nprocess.kill(process.pid, 'SIGKILL')\n"
  writeFileSync(file, `${handler}\n${call}`)
  try {
    const env = { PATH: process.env.PATH }
    const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    return await text(child.stdout)
  } finally {
    rmSync(file)
  }
}

it('has a handler that writes every line before it resolves, and loses them without `flush`', async () => {
  const handler = snippet?.text ?? ''
  expect(await frozen(handler)).toContain('"message":"Resizing"')
  expect(await frozen(handler.replace('await log.flush()', ''))).not.toContain('Resizing')
})
