import { describe, expect, test } from 'vitest'
import { capture } from '../test-support/capture.js'
import { createLogger } from './create-logger.js'
import type { LoggerOptions } from './options.js'

const noop = () => {}
const whole = { write: noop, flush: async () => {}, flushSync: noop, close: async () => {} }

describe('an option that cannot be used is refused with its name, what was given and what is accepted', () => {
  test.for<[string, unknown, string, string]>([
    ['service', '', 'got an empty string', 'accepted: a name'],
    ['service', ' ', 'got an empty string', 'accepted: a name'],
    ['service', 5, 'got 5', 'accepted: a name'],
    ['service', null, 'got null', 'accepted: a name'],
    ['name', {}, 'got object', 'accepted: a name, such as "db"'],
    ['level', 'loud', '"loud"', 'accepted: trace, debug, info, warn, error, fatal, silent'],
    ['level', 'info,db=loud', 'position 6', 'accepted: trace'],
    ['level', 30, 'got number', 'accepted: trace'],
    ['fields', 'a=1', 'got string', 'accepted: an object'],
    ['fields', null, 'got null', 'accepted: an object'],
    ['fields', ['a'], 'got array', 'accepted: an object'],
    ['redact', 'password', 'got string', 'accepted: false, or an object'],
    ['redact', { key: ['a'] }, 'unknown option "key"', 'accepted: keys, paths'],
    ['redact', { keys: 'a' }, 'createLogger({ redact: { keys } }): got string', 'accepted: an array'],
    ['redact', { keys: [''] }, 'redact: { keys }', 'accepted: an array'],
    ['redact', { paths: ['a..b'] }, '"a..b" is not a path', 'accepted: names joined with dots'],
    ['redact', { censor: 'hash' }, 'redact.hashKey', 'accepted: at least 16 bytes'],
    ['redact', { censor: 'hash', hashKey: 'short' }, 'too weak', 'accepted: at least 16 bytes'],
    ['destination', null, 'got null', 'accepted: an object with write, flush, flushSync and close'],
    ['destination', { ...whole, flushSync: undefined }, 'flushSync is missing', 'accepted: an object with write'],
    ['sequence', 'yes', 'got string', 'accepted: true or false'],
    ['maxLineBytes', 1023, 'got 1023', 'accepted: a whole number from 1024 to 16777216'],
    ['maxLineBytes', 1500.5, 'got 1500.5', 'accepted: a whole number'],
    ['maxLineBytes', Number.NaN, 'got NaN', 'accepted: a whole number'],
    ['maxLineBytes', Infinity, 'got Infinity', 'accepted: a whole number'],
    ['maxLineBytes', '2048', 'got string', 'accepted: a whole number'],
    ['format', 'xml', 'xml', 'accepted: '],
    ['sampling', { success: 2 }, '2', 'accepted: '],
    ['sampling', 'all', 'got string', 'accepted: '],
    ['env', 'production', 'got string', 'accepted: an object of settings'],
  ])('%s: %o', ([option, value, given, accepted]) => {
    const create = () => createLogger({ env: {}, destination: whole, [option]: value } as LoggerOptions)
    expect(create).toThrow(TypeError)
    expect(create).toThrow(option)
    expect(create).toThrow(given)
    expect(create).toThrow(accepted)
  })

  test('one that is not known', () => {
    expect(() => createLogger({ servise: 'api' } as LoggerOptions)).toThrow(
      /^createLogger: unknown option "servise"; accepted: service, name, level/,
    )
  })

  test('options that are none', () => {
    for (const options of [null, 'api', 5, ['service']] as unknown as LoggerOptions[]) {
      expect(() => createLogger(options)).toThrow(/createLogger\(options\): got .*; accepted: an object/)
    }
  })

  test('a secret in it is not repeated', () => {
    const secret = 'hunter2hunter2'
    for (const option of ['fields', 'redact', 'sequence', 'maxLineBytes', 'env', 'destination']) {
      expect(() => createLogger({ env: {}, [option]: secret } as LoggerOptions)).not.toThrow(secret)
      expect(() => createLogger({ env: {}, [option]: secret } as LoggerOptions)).toThrow(TypeError)
    }
  })
})

describe('where a line says it is from', () => {
  test('the option, else the environment, else the nearest package', () => {
    const serviceOf = (options: LoggerOptions) => {
      const { log, last } = capture({ ...options })
      log.info('said')
      return last().service
    }
    const unset = { service: undefined } as unknown as LoggerOptions
    expect(serviceOf({ service: 'own', env: { SERVICE_NAME: 'a' } })).toBe('own')
    expect(serviceOf({ ...unset, env: { SERVICE_NAME: 'a', OTEL_SERVICE_NAME: 'b' } })).toBe('a')
    expect(serviceOf({ ...unset, env: { OTEL_SERVICE_NAME: 'b' } })).toBe('b')
    expect(serviceOf({ ...unset, env: { SERVICE_NAME: '' } })).toMatch(/./)
  })

  test('version, environment and the pod, as the environment sets them', () => {
    const { log, last } = capture({
      env: {
        ...{ SERVICE_VERSION: '1.2.3', NODE_ENV: 'production', POD_NAME: 'api-0', POD_NAMESPACE: 'shop' },
        ...{ NODE_NAME: 'node-7', CONTAINER_NAME: '' },
      },
    })
    log.info('said')
    expect(last()).toMatchObject({
      ...{ version: '1.2.3', environment: 'production', pod: 'api-0', namespace: 'shop', node: 'node-7' },
    })
    expect(last()).not.toHaveProperty('container')
  })

  test('fields of the option are on every line, and over what the environment says', () => {
    const { log, last } = capture({ fields: { region: 'eu', pod: 'own', level: 'x' }, env: { POD_NAME: 'api-0' } })
    log.child({ a: 1 }).info('said')
    expect(last()).toMatchObject({ region: 'eu', pod: 'own', field_level: 'x', a: 1 })
  })
})

test('lines are numbered on request, under an id of this logger’s life', () => {
  const { log, records } = capture({ sequence: true })
  for (let i = 0; i < 3; i++) log.info('said', { seq: 'mine', boot_id: 'mine' })
  const [first] = records()
  expect(records().map(({ seq }) => seq)).toEqual([1, 2, 3])
  expect(new Set(records().map(({ boot_id }) => boot_id)).size).toBe(1)
  expect(first).toMatchObject({
    boot_id: expect.stringMatching(/^[0-9a-f]{16}$/),
    field_seq: 'mine',
    field_boot_id: 'mine',
  })
})
