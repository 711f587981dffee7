import { defineEvent } from '@throughline/event'
import { context, createLogger, fanOut, type LoggerOptions, memory, setLevel } from 'throughline'
import { describe, expect, it } from 'vitest'

/** As `JSON.parse` makes it of what somebody sent: keys of its own with these names. */
const evil = () =>
  JSON.parse(
    '{"__proto__":{"polluted":1,"level":"trace"},"constructor":{"prototype":{"polluted":1}},"prototype":{"polluted":1}}',
  ) as Record<string, unknown>
const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']
const PATHS = ['__proto__.polluted', 'constructor.prototype.polluted', 'a["__proto__"].b', '*.__proto__']
const byName = (value: unknown) => JSON.parse(`{${NAMES.map((name) => `"${name}":${JSON.stringify(value)}`).join()}}`)

/** Values for each option, and for each that stands within it. Whether they are refused or taken is not the question. */
const OPTIONS: Readonly<Record<string, readonly unknown[]>> = {
  service: NAMES,
  name: NAMES,
  level: ['__proto__=debug', 'constructor.prototype=trace', '[__proto__=1]=trace', '[constructor=x]=debug,info'],
  fields: [evil(), byName('x'), { a: evil() }],
  serializers: [evil(), Object.fromEntries(NAMES.map((name) => [name, evil])), Object.create(evil())],
  errors: [evil(), { properties: evil() }, { properties: NAMES }],
  mixin: [evil, () => byName('x'), () => ({ a: evil() })],
  redact: [
    evil(),
    { allow: ['__proto__', 'constructor.prototype', 'a["__proto__"]'], explain: true },
    { keys: NAMES },
    { paths: PATHS },
    { detect: NAMES },
    { censor: { text: 'x', ...evil() } },
    { censor: () => evil() },
    { censor: evil() },
    { defaults: evil() },
    { hashKey: '__proto__', censor: 'hash' },
  ],
  sampling: [
    evil(),
    { success: 0, keep: evil() },
    { success: 0, rules: [evil(), { rate: 0, ...evil() }] },
    { success: 0, rules: [{ name: '__proto__', path: '/constructor/*', rate: 0 }] },
    { by: '__proto__' },
    { hold: 'constructor' },
    { keep: { status: evil() } },
    { maxHeldBytes: evil() },
    { maxPerSecond: evil() },
    { summaryInterval: evil() },
  ],
  destination: [evil(), Object.assign(memory(), evil()), fanOut([memory()])],
  format: [
    ...NAMES,
    evil(),
    { names: evil() },
    { names: byName('x') },
    { names: { a: '__proto__', b: 'constructor' } },
    { names: {}, levels: byName('x') },
    { names: {}, timestamp: '__proto__' },
    { names: {}, constants: evil() },
    { names: {}, values: { __proto__: null, constructor: () => 'x' } },
  ],
  sequence: [evil()],
  maxLineBytes: [evil()],
  env: [
    evil(),
    byName('x'),
    { LOG_LEVEL: '__proto__=debug,[__proto__=1]=trace', LOG_REDACT_KEYS: NAMES.join(), LOG_FORMAT: '__proto__' },
    { LOG_FORMAT: 'constructor', SERVICE_NAME: '__proto__', POD_NAME: '__proto__', LOG_SAMPLE_SUCCESS: '__proto__' },
  ],
}

/** What the options of something are called, as the refusal of an unknown one lists them. */
function accepted(make: () => unknown): string[] {
  try {
    make()
  } catch (error) {
    return String(error).split('accepted: ')[1]?.split(', ') ?? []
  }
  return []
}

const prototypes = [Object, Array, Function, String, Number, Error, Map, Set, Date].map((kind) => kind.prototype)
const shapes = () => prototypes.map((prototype) => JSON.stringify(Reflect.ownKeys(prototype).map(String)))

const event = defineEvent('__proto__', {
  type: 'object',
  properties: {
    a: { type: 'object', properties: { polluted: { type: 'number' } } },
    toString: { type: 'string' },
    hasOwnProperty: { type: 'string' },
  },
})

/** Everything that a logger does with values, in their every place. */
function use(options: LoggerOptions): void {
  const log = createLogger({ env: {}, service: 's', destination: memory(), ...options })
  const values = [
    evil(),
    byName('x'),
    { a: evil() },
    [evil()],
    new Map([['__proto__', evil()]]),
    new Error('x', { cause: evil() }),
  ]
  for (const value of values) {
    log.info('said', value as never)
    log.error('failed', { error: value, a: value })
    log.info('%j %o %s', value, value, value)
    log.child(value as never, { name: '__proto__' }).warn('said', value as never)
    context.run(value as never, () => {
      context.set(value as never)
      log.info('said')
      log.operation('__proto__', value as never, () => log.info('held', value as never))
    })
    log.emit(event, value as never)
    log.info('m'.repeat(20_000), value as never)
  }
  log.stats()
  log.flushSync()
}

describe('prototype pollution', () => {
  const before = shapes()
  const isClean = () => JSON.stringify(shapes()) === JSON.stringify(before) && !('polluted' in {})

  it('is looked for in every option that there is', () => {
    expect(Object.keys(OPTIONS).sort()).toEqual(accepted(() => createLogger({ no: 1 } as LoggerOptions)).sort())
    const within = (option: string) => (OPTIONS[option] ?? []).flatMap((value) => Object.keys(value as object))
    for (const option of ['redact', 'sampling', 'format']) {
      const all = accepted(() => createLogger({ env: {}, [option]: { names: {}, no: 1 } } as LoggerOptions))
      expect(all.length).toBeGreaterThan(4)
      expect(all.filter((name) => !within(option).includes(name))).toEqual([])
    }
  })

  it.each(Object.entries(OPTIONS))('comes through no %s', (option, values) => {
    let used = 0
    for (const value of values) {
      try {
        use({ [option]: value })
        used++
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError)
        expect(String(error)).toMatch(/accepted|missing|weak|unknown|is not a path/)
      }
      expect([value, isClean()]).toEqual([value, true])
    }
    // These two take no object and no text at all.
    expect(used > 0).toBe(option !== 'sequence' && option !== 'maxLineBytes')
  })

  it('comes through no options that somebody parsed, and no directives at run time', () => {
    expect(() => createLogger(evil() as LoggerOptions)).toThrow(TypeError)
    setLevel('__proto__=debug,constructor=trace,[__proto__=1]=trace').undo()
    expect(isClean()).toBe(true)
  })

  it('comes through no schema of an event', () => {
    const properties = JSON.parse('{"__proto__":{"type":"string"}}') as Record<string, object>
    expect(() => defineEvent('e', { type: 'object', properties })).toThrow('accepted: another name')
    expect(isClean()).toBe(true)
  })

  it('leaves such keys on the line as what they are: keys', () => {
    const destination = memory()
    createLogger({ env: {}, service: 's', destination }).info('said', { a: evil() })
    const a = destination.lines[0]?.match(/"a":(\{.*\})\}\n?$/)?.[1]
    expect(a).toBe(JSON.stringify(evil()))
  })
})
