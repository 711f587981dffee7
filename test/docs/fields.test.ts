import { createLogger, type LoggerOptions, memory } from 'throughline'
import { describe, expect, it } from 'vitest'
import { readPage } from './markdown.js'

/** The fields that docs/reference/fields.md names for a line that the logger writes about itself. */
function listed(message: string): readonly string[] {
  const row = readPage('docs/reference/fields.md')
    .split('\n')
    .find((line) => line.startsWith(`| \`${message}\``))
  const named = [...(row?.split('|')[3] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name ?? '')
  // `duration_ms_sum` `_min` `_max`: the first of a family stands whole.
  const family = named.find((name) => name.endsWith('_sum'))?.replace(/_sum$/, '')
  return named.map((name) => (name.startsWith('_') ? `${family}${name}` : name))
}

/** The fields of the last such line of an operation, but for those of every line. */
async function written(message: string, options: LoggerOptions): Promise<readonly string[]> {
  const destination = memory()
  const log = createLogger({ service: 'shop', env: {}, destination, ...options })
  log.operation('send invoice', () => {})
  await log.close()
  const line = destination.records.findLast((record) => record.message === message) ?? {}
  const ofEvery = ['timestamp', 'level', 'service', 'message', 'boot_id', 'seq', 'log_type']
  return Object.keys(line).filter((name) => !ofEvery.includes(name))
}

describe('docs/reference/fields.md', () => {
  it.each([
    ['Log stats', { sequence: true }],
    ['Operation summary', { sampling: { success: 1 } }],
  ] as const)('has the fields of "%s"', async (message, options) => {
    const own = message === 'Operation summary' ? listed('Request summary').filter((name) => !isOfRequests(name)) : []
    expect(new Set(await written(message, options))).toEqual(new Set([...listed(message), ...own]))
  })
})

function isOfRequests(name: string): boolean {
  return ['method', 'route', 'status_class'].includes(name)
}
