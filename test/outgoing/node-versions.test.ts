import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { nodeBinaries, noNodeBinaries } from '../node-binaries.js'

/** For each line of Node, the undici that its fetch is made of, and how many symbols hold its dispatcher. */
const LINES: Readonly<Record<string, { readonly undici: string; readonly slots: number }>> = {
  20: { undici: 'undici-6', slots: 1 },
  22: { undici: 'undici-6', slots: 1 },
  24: { undici: 'undici-7', slots: 2 },
  26: { undici: 'undici', slots: 2 },
}

const ALL = { arrived: 80, logged: 80, lines: 80, received: 80 }
const NONE = { arrived: 0, logged: 0, lines: 0, received: 80 }
const FAILURES = {
  cancelled: ['DEBUG true '],
  refused: ['WARN false '],
  status: ['WARN false 503'],
  cut: ['WARN false 200'],
  hangUp: ['WARN false '],
  late: ['WARN false '],
}

const runs = nodeBinaries.flatMap(({ version, path }) =>
  (['esm', 'cjs'] as const).map((format) => ({ version, path, format, ...LINES[version.split('.')[0] ?? ''] })),
)

describe.skipIf(noNodeBinaries !== undefined)('outgoing calls', () => {
  it.each(runs)(
    'carry their own ids on Node $version, loaded as $format',
    async ({ path, format, undici = '', slots }) => {
      const args = [join(import.meta.dirname, 'calls.mjs'), format, undici]
      const { stdout } = await promisify(execFile)(path, args, { env: { ...process.env, NODE_OPTIONS: '' } })
      expect(JSON.parse(stdout)).toEqual({
        replaced: Array(slots).fill(true),
        restored: Array(slots).fill(true),
        imported: [],
        fetch: ALL,
        fetchFailures: FAILURES,
        own: NONE,
        undone: NONE,
        twoConnections: ALL,
        http: ALL,
        required: ALL,
        httpFailures: FAILURES,
        destroyed: ['DEBUG true'],
        httpUndone: NONE,
        rejections: [],
      })
    },
  )
})
