import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { context, createLogger, memory } from '../index.js'

/** What the specification says of a field: its type, whether it must be there, at which place, and whether not nested. */
interface Rule {
  readonly type: 'datetime' | 'string' | 'integer' | 'object'
  readonly required?: true
  readonly index?: number
  /** `top_level_field`. */
  readonly top?: true
}

/**
 * Every field of https://github.com/elastic/ecs-logging/blob/438fc2c/spec/spec.json (version 1.0, the newest in November
 * 2026), in its order.
 */
const RULES: Readonly<Record<string, Rule>> = {
  '@timestamp': { type: 'datetime', required: true, index: 0 },
  'log.level': { type: 'string', required: true, index: 1, top: true },
  message: { type: 'string', index: 2 },
  'ecs.version': { type: 'string', required: true, top: true },
  labels: { type: 'object' },
  'trace.id': { type: 'string' },
  'transaction.id': { type: 'string' },
  'service.name': { type: 'string' },
  'service.node.name': { type: 'string' },
  'service.version': { type: 'string' },
  'event.dataset': { type: 'string' },
  'service.environment': { type: 'string' },
  'process.thread.name': { type: 'string' },
  'log.logger': { type: 'string' },
  'log.origin.file.line': { type: 'integer' },
  'log.origin.file.name': { type: 'string' },
  'log.origin.function': { type: 'string' },
  'error.type': { type: 'string' },
  'error.message': { type: 'string' },
  'error.stack_trace': { type: 'string' },
}

/** Field sets that Elasticsearch maps as objects (https://www.elastic.co/docs/reference/ecs/ecs-field-reference). */
const OBJECTS = ['client', 'error', 'event', 'http', 'log', 'service', 'trace', 'url', 'user', 'user_agent']

const IS_OF: Readonly<Record<Rule['type'], (value: unknown) => boolean>> = {
  datetime: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value),
  string: (value) => typeof value === 'string',
  integer: Number.isInteger,
  object: isObject,
}

/** What a line breaks of the rules. */
function violations(line: string): string[] {
  const record = JSON.parse(line) as Record<string, unknown>
  const keys = Object.keys(record).filter((key) => !/^\d+$/.test(key))
  const found = Object.entries(RULES).flatMap(([name, { type, required, index, top }]) => {
    const value = record[name] ?? (top === true ? undefined : nested(record, name))
    if (value === undefined) return required === true ? [`${name} is missing`] : []
    if (!IS_OF[type](value)) return [`${name} is no ${type}`]
    return index !== undefined && keys[index] !== name ? [`${name} is not field ${index}`] : []
  })
  const scalars = OBJECTS.filter((name) => name in record && !isObject(record[name]))
  return [...found, ...scalars.map((name) => `${name} is no object`)]
}

function nested(record: unknown, name: string): unknown {
  return name.split('.').reduce((at, key) => (isObject(at) ? at[key] : undefined), record as unknown)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function written(call: (log: ReturnType<typeof createLogger>) => void): string {
  const destination = memory()
  call(createLogger({ service: 'api', name: 'db', format: 'ecs', destination, sequence: true, env: {} }))
  return destination.lines[0] ?? ''
}

describe('the rules of ecs-logging', () => {
  it('are broken by a line of the default format, or the check would check nothing', () => {
    const destination = memory()
    createLogger({ service: 'api', destination, env: {} }).info('hello', { url: '/x' })
    expect(violations(destination.lines[0] ?? '')).toEqual([
      '@timestamp is missing',
      'log.level is missing',
      'message is not field 2',
      'ecs.version is missing',
      'service is no object',
      'url is no object',
    ])
  })

  it('hold for every level, an audit line and an error', () => {
    for (const level of ['info', 'warn', 'error', 'fatal', 'audit'] as const) {
      expect(violations(written((log) => log[level]('said', new Error('boom'))))).toEqual([])
    }
  })

  it('hold for each golden line', () => {
    const golden = readFileSync(join(import.meta.dirname, '../../../../test/events/golden/ecs.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
    expect(golden.length).toBeGreaterThan(4)
    for (const line of golden) expect(violations(line)).toEqual([])
  })

  it('hold for any fields, bindings and context', () => {
    const names = fc.constantFrom(...OBJECTS, ...Object.keys(RULES), 'timestamp', 'level', 'error_type', 'a')
    const fields = fc.dictionary(names, fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.object()))
    fc.assert(
      fc.property(fields, fields, fields, fc.string(), (own, bindings, around, message) => {
        const line = written((log) => context.run(around, () => log.child(bindings).info(message, own)))
        // What a caller himself says under a name of ECS's is his to say well.
        expect(violations(line).filter((found) => !/ is no (?:string|integer)$/.test(found))).toEqual([])
      }),
    )
  })
})

it('writes an object under error as text, secrets hidden', () => {
  const line = written((log) => log.error('failed', { error: { reason: 'no', password: 'canary' } }))
  expect(JSON.parse(line)).toMatchObject({ 'error.message': '{"reason":"no","password":"***REDACTED***"}' })
})

it("keeps a text where ECS has an object, under the name's own", () => {
  expect(JSON.parse(written((log) => log.info('got', { url: '/x', user: 7, http: { version: '1.1' } })))).toMatchObject(
    {
      field_url: '/x',
      field_user: 7,
      http: { version: '1.1' },
    },
  )
})

it("has the container's name where Kubernetes' fields have it, and an object there as text", () => {
  const destination = memory()
  const log = createLogger({ service: 'api', env: { CONTAINER_NAME: 'app' }, format: 'ecs', destination })
  log.info('started')
  log.info('stopped', { container: { id: 'c1' } })
  const names = destination.records.map((record) => record['kubernetes.container.name'])
  expect(names).toEqual(['app', '{"id":"c1"}'])
  expect(destination.lines.join()).not.toContain('field_container')
})
