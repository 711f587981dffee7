import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { nodeBinaries, noNodeBinaries } from '../node-binaries.js'

describe.skipIf(noNodeBinaries !== undefined)('requests', () => {
  it.each(nodeBinaries)('keep their context and end as they should on Node $version', async ({ path }) => {
    const program = join(import.meta.dirname, 'programs/requests.mjs')
    const { stdout } = await promisify(execFile)(path, [program], { env: { ...process.env, NODE_OPTIONS: '' } })
    expect(JSON.parse(stdout)).toEqual({
      pipelined: [
        '1 Request completed ',
        '2 Request aborted client',
        '3 Request aborted client',
        '4 Request aborted client',
      ],
      express4: 40,
      express5: 40,
      fastify: 40,
    })
  })
})
