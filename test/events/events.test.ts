import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { defineEvent } from '@throughline/event'
import { createLogger, memory } from 'throughline'
import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const program = join(import.meta.dirname, 'emit.mjs')

function lines(flags: readonly string[]): readonly string[] {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, program], { encoding: 'utf8' })
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/"timestamp":"[^"]+"/, '"timestamp":"…"'))
}

describe('events, where code must not be generated', () => {
  const flag = '--disallow-code-generation-from-strings'

  it('are written without it, to the byte', () => {
    const [first = '', second = ''] = lines([flag])
    expect(JSON.parse(first)).toMatchObject({
      event: 'order_placed',
      order_id: 'o-1',
      email: '****.org',
      password: '***REDACTED***',
      customer: { id: 'c-1', api_key: '***REDACTED***' },
      lines: [{ sku: 's-1', qty: 2 }],
      method: { kind: 'card', brand: 'v' },
    })
    expect(JSON.parse(second)).toMatchObject({ event_mismatch: ['order_id', 'lines'] })
    expect(first + second).not.toContain('canary')
    expect([first, second]).toEqual(lines([]))
  })

  it('is the case, or this would show nothing', () => {
    const { status, stderr } = spawnSync(process.execPath, [flag, '-e', "new Function('return 1')"], {
      encoding: 'utf8',
    })
    expect(status).not.toBe(0)
    expect(stderr).toContain('Code generation from strings disallowed')
  })
})

describe('the schema compiler', () => {
  const loaded = "console.log(Object.keys(require.cache).filter((path) => path.includes('fast-json-stringify')).length)"
  const esm = `import { createRequire } from 'node:module'; const require = createRequire('${import.meta.url}');`

  function modules(type: 'module' | 'commonjs', text: string): number {
    const output = execFileSync(process.execPath, [`--input-type=${type}`, '-e', text], {
      encoding: 'utf8',
      cwd: import.meta.dirname,
    })
    return Number(output)
  }

  it('is not loaded by throughline alone', () => {
    expect(modules('module', `${esm} await import('throughline'); ${loaded}`)).toBe(0)
    expect(modules('commonjs', `require('throughline'); ${loaded}`)).toBe(0)
  })

  it('is loaded by @throughline/event', () => {
    expect(modules('module', `${esm} await import('@throughline/event'); ${loaded}`)).toBeGreaterThan(0)
    expect(modules('commonjs', `require('@throughline/event'); ${loaded}`)).toBeGreaterThan(0)
  })
})

it('an event of the one module system is taken by a logger of the other', () => {
  const text = `
    const { defineEvent } = require('@throughline/event')
    const event = defineEvent('a', { type: 'object', properties: { it: { type: 'string' } } })
    import('throughline').then(({ createLogger }) => createLogger({ service: 's' }).emit(event, { it: 'x', other: 'canary' }))`
  const output = execFileSync(process.execPath, ['--input-type=commonjs', '-e', text], {
    encoding: 'utf8',
    cwd: import.meta.dirname,
    env: { LOG_FORMAT: 'json' },
  })
  expect(JSON.parse(output)).toMatchObject({ event: 'a', it: 'x' })
  expect(output).not.toContain('canary')
})

it('takes schemas of zod and TypeBox with the types that a program sees', () => {
  const destination = memory()
  const log = createLogger({ service: 's', destination, env: {} })
  const signedUp = defineEvent('signed_up', z.toJSONSchema(z.object({ plan: z.enum(['free', 'paid']) })))
  const loggedOut = defineEvent('logged_out', Type.Object({ session: Type.String({ 'x-log': 'redact' }) }))
  log.emit(signedUp, { plan: 'free' })
  log.emit(loggedOut, { session: 'canary' })
  // @ts-expect-error: no such plan
  log.emit(signedUp, { plan: 'none' })
  expect(destination.records).toMatchObject([{ plan: 'free' }, { session: '***REDACTED***' }, { plan: 'none' }])
})

describe('LOG_FORMAT in a real process', () => {
  const text =
    "import { createLogger } from 'throughline'; createLogger({ service: 's', format: 'ecs' }).info('said', { a: 1 })"
  const run = (env: NodeJS.ProcessEnv) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', text], {
      encoding: 'utf8',
      cwd: import.meta.dirname,
      env,
    })

  it('wins over the option', () => {
    expect(JSON.parse(run({ LOG_FORMAT: 'gcp' }))).toMatchObject({ severity: 'INFO', message: 'said' })
    expect(JSON.parse(run({}))).toMatchObject({ 'log.level': 'INFO' })
  })

  it('renders for people whatever the format of the option', () => {
    expect(run({ LOG_FORMAT: 'pretty' })).toMatch(/^\d\d:\d\d:\d\d\.\d{3}Z INFO {2}said .*a=1/)
  })

  it('says once what it does not know, and writes as the option says', () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', text], {
      encoding: 'utf8',
      cwd: import.meta.dirname,
      env: { LOG_FORMAT: 'xml' },
    })
    expect(stderr).toBe(
      "throughline: LOG_FORMAT: not one of pretty, json, ecs, otel, gcp, datadog, splunk, cloudwatch, pino; the option's is used\n",
    )
    expect(JSON.parse(stdout)).toMatchObject({ 'log.level': 'INFO' })
  })
})
