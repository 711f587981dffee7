import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLogger, memory } from 'throughline'
import { describe, expect, it } from 'vitest'
import { shop } from './shop.js'
import { throughline } from './throughline.js'

const reference = readFileSync(join(import.meta.dirname, '../../docs/reference/cli.md'), 'utf8')

/** The names in code quotes of a command's section. */
function documented(command: string): ReadonlySet<string> {
  const start = reference.indexOf(`\n## throughline ${command}\n`)
  const section = reference.slice(start, reference.indexOf('\n## ', start + 5))
  return new Set([...section.matchAll(/`([\w]+)(?:\[\])?`/g)].map(([, name]) => name ?? ''))
}

function namesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => [name, ...namesIn(inner)])
}

/** Lines that make every part of an answer appear. */
async function input(): Promise<string> {
  const destination = memory()
  const log = createLogger({ service: 'api', sequence: true, destination, env: {} })
  log.info('Operation completed', { operation: 'pay', duration_ms: 3 })
  log.info('lost')
  log.error('failed', { password: 'hunter2' })
  await log.close()
  const [first = '', , ...others] = destination.lines.map((line) => line.trimEnd())
  return `${[first, first, ...others].join('\n')}\n${Object.values(shop).join('')}plain\n{"timestamp":"torn\n{"a.b":1,"a_b":2}\n`
}

describe('docs/reference/cli.md', () => {
  it.each(['stats', 'verify', 'doctor'])('names every field of %s --json', async (command) => {
    const { stdout } = await throughline([command, '--json'], { input: await input() })
    const names = new Set(namesIn(JSON.parse(stdout)))
    expect(names.size).toBeGreaterThan(5)
    expect([...names].filter((name) => !documented(command).has(name))).toEqual([])
  })
})
