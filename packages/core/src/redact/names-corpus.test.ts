import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createLogger, memory } from '../index.js'

/** What a field's type can be where its name does not say: a secret of letters and digits. */
const SECRET = 'cAnArY7f3a91'

/**
 * Field names of public packages, which generate them from their API's schema or declare them by hand:
 * `package: name name=value …`. The value stands where the kind of value decides.
 */
function corpus(file: string): readonly { readonly name: string; readonly value: unknown }[] {
  const text = readFileSync(join(import.meta.dirname, 'fixtures', file), 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .flatMap((line) => line.slice(line.indexOf(': ') + 2).split(' '))
    .map((entry) => {
      const [name = '', value] = entry.split('=')
      return { name, value: value === undefined ? undefined : parsed(value) }
    })
}

function parsed(text: string): unknown {
  return text === 'true' ? true : /^\d+$/.test(text) ? Number(text) : text
}

const destination = memory()
const log = createLogger({ env: {}, service: 's', destination })

function isHidden(name: string, value: unknown): boolean {
  destination.clear()
  log.info('m', { data: { [name]: value } })
  return JSON.stringify(destination.records[0]?.data) !== JSON.stringify({ [name]: value })
}

const secret = corpus('secret-names.txt')
const harmless = corpus('harmless-names.txt')

describe('the names of public packages', () => {
  it('are three hundred of each kind, and none of both', () => {
    const names = new Set(secret.map(({ name }) => name))
    expect(names.size).toBeGreaterThanOrEqual(300)
    expect(new Set(harmless.map(({ name }) => name)).size).toBeGreaterThanOrEqual(300)
    expect(harmless.filter(({ name }) => names.has(name))).toEqual([])
  })

  it('are secret where they name a secret', () => {
    expect(secret.filter(({ name }) => !isHidden(name, SECRET)).map(({ name }) => name)).toEqual([])
  })

  it('stay readable where they name a fact about one, or another thing', () => {
    const hidden = harmless.filter(({ name, value }) => isHidden(name, value ?? SECRET))
    expect(hidden.map(({ name }) => name)).toEqual([])
  })
})
