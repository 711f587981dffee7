import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const core = join(import.meta.dirname, '../../packages/core/dist/index.js')

function errorsOf(redact: object, env: Record<string, string>): string {
  const program = `import { createLogger } from ${JSON.stringify(core)}
    const make = () => createLogger({ redact: ${JSON.stringify(redact)} })
    make(); make().info('m', { user: { email: 'a' } })`
  const { stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  expect(status).toBe(0)
  return stderr
}

it.each<[redact: object, env: Record<string, string>, source: string]>([
  [{ keys: ['iban', 'user.email'] }, {}, 'redact.keys'],
  [{ keys: ['rows[*].iban'] }, {}, 'redact.keys'],
  [{}, { LOG_REDACT_KEYS: 'iban, user.email' }, 'LOG_REDACT_KEYS'],
])('a key that looks like a path is warned of once: %j %j', (redact, env, source) => {
  const errors = errorsOf(redact, env)
  expect(errors.match(/matches a key of that whole name only/g)).toHaveLength(1)
  expect(errors).toContain(source)
  expect(errors).toContain('redact.paths')
})

it('names are not', () => {
  expect(errorsOf({ keys: ['iban', 'X-Shoe-Size'] }, { LOG_REDACT_KEYS: 'staff_no' })).toBe('')
})
