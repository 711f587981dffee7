import { describe, expect, test } from 'vitest'
import { capture } from '../../test-support/capture.js'
import { ENORMOUS, HOSTILE } from '../../test-support/hostile.js'
import { isUnchanged, snapshotOf } from '../../test-support/snapshot.js'
import { parseStrictly } from '../../test-support/strict-json.js'
import { context } from '../context/context.js'

const { log, lines } = capture({ level: 'trace' })

/** What a context's fields may be; elsewhere, anything is logged. */
function isBag(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && !ArrayBuffer.isView(value) && !isList(value)
}

function isList(value: unknown): boolean {
  try {
    return Array.isArray(value)
  } catch {
    return false
  }
}

/** The one line that a call writes, parsed. */
function lineOf(call: () => void): Record<string, unknown> {
  const before = lines.length
  call()
  expect(lines.length).toBe(before + 1)
  const line = lines.at(-1) ?? ''
  expect(Buffer.byteLength(line)).toBeLessThanOrEqual(16_384)
  expect(line.indexOf('\n')).toBe(line.length - 1)
  return parseStrictly(line) as Record<string, unknown>
}

describe.for(Object.entries({ ...HOSTILE, ...ENORMOUS }))('%s', ([, make]) => {
  test('as a value: what stands beside it survives', () => {
    expect(lineOf(() => log.info('said', { before: 1, it: make(), after: [make(), 2], last: 'text' }))).toMatchObject({
      message: 'said',
      before: 1,
      last: 'text',
    })
    expect(lineOf(() => log.info('said', { error: make(), last: 1 }))).toMatchObject({ last: 1 })
  })

  test('as fields, as a message, between other arguments, and put into a message', () => {
    const given = make() as object
    expect(lineOf(() => log.info('said', given))).toMatchObject({ level: 'INFO', service: 'test' })
    expect(lineOf(() => log.error(given, 'said'))).toMatchObject({ level: 'ERROR', service: 'test' })
    expect(lineOf(() => log.warn(given))).toMatchObject({ level: 'WARN', service: 'test' })
    expect(lineOf(() => log.info('said', given, { a: 1 } as never))).toMatchObject({ message: 'said' })
    expect(lineOf(() => log.info('said %s and %j', given, given))).toMatchObject({ service: 'test' })
  })

  test('as bindings and as context', () => {
    const given = make() as Record<string, unknown>
    expect(lineOf(() => log.child(given).info('said'))).toMatchObject({ message: 'said' })
    expect(lineOf(() => log.child({ it: given, a: 1 }).info('said'))).toMatchObject({ message: 'said', a: 1 })
    expect(lineOf(() => context.run({ it: given, a: 1 }, () => log.info('said')))).toMatchObject({
      message: 'said',
      a: 1,
    })
    if (isBag(given))
      expect(lineOf(() => context.run(given, () => log.info('said')))).toMatchObject({ message: 'said' })
  })

  test('in an operation that holds its lines: all of them are written in their order when it fails', () => {
    const { log: own, records } = capture({ sampling: { success: 0 } })
    const failing = () =>
      own.operation('job', () => {
        own.info('as fields', make() as object)
        own.info('as a value', { it: make(), after: 1 })
        own.child({ it: make() }).info('bound')
        throw new RangeError('failed')
      })
    expect(failing).toThrow(RangeError)
    const said = ['Operation started', 'as fields', 'as a value', 'bound', 'Operation failed']
    expect(records().map(({ message }) => message)).toEqual(said)
    expect(records()[2]).toMatchObject({ after: 1 })
    expect(own.stats()).toMatchObject({ emitted: 5, failed: 0 })
  })

  test('is left as it was', () => {
    const given = make()
    const before = snapshotOf([given])
    log.info('said', { given })
    log.error(given as object, 'said')
    log.child({ given }).info('said %j', given)
    expect(isUnchanged(before)).toBe(true)
  })
})

test('nothing of all this counts as a failure of the logger', () => {
  expect(log.stats()).toMatchObject({ failed: 0, dropped: 0 })
})
