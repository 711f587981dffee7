import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anything, bags, valuesMade } from '../test-support/arbitrary.js'
import { type Capture, capture } from '../test-support/capture.js'
import { runs } from '../test-support/runs.js'
import { isUnchanged, snapshotOf } from '../test-support/snapshot.js'
import { parseStrictly } from '../test-support/strict-json.js'
import { context } from './context/context.js'
import type { Logger } from './logger/logger.js'
import type { RedactOptions } from './redact/options.js'

const METHODS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'audit'] as const

const REDACTIONS: readonly (RedactOptions | false)[] = [
  false,
  {},
  { paths: ['a.b', '*.value[*]', 'error.message', 'level'], keys: ['b'], detect: 'all' },
  { censor: 'remove', keys: ['a', 'error', 'request_id'] },
  { censor: (value) => value },
]
const REMOVING = 3

const OTHER_FORMATS = ['ecs', 'otel', 'gcp', 'datadog', 'splunk', 'cloudwatch', 'pino'] as const

const ids = fc.string({ unit: fc.constantFrom(...'abcXYZ019_-'), minLength: 1, maxLength: 128 })

const calls = fc.record({
  maxLineBytes: fc.constantFrom(1024, 1025, 1500, 2048, 5000, 16_384),
  redaction: fc.nat(REDACTIONS.length - 1),
  sequence: fc.boolean(),
  format: fc.oneof({ weight: 2, arbitrary: fc.constant('json' as const) }, fc.constantFrom(...OTHER_FORMATS)),
  children: fc.array(bags, { maxLength: 3 }),
  contexts: fc.array(bags, { maxLength: 2 }),
  id: fc.option(ids, { nil: undefined }),
  method: fc.constantFrom(...METHODS),
  args: fc.array(anything, { maxLength: 5 }),
})

type Call = typeof calls extends fc.Arbitrary<infer T> ? T : never

const roots = new Map<string, Capture>()

/** A logger of these options, made once, so that every call meets what the calls before it have left in its tables. */
function rootOf({ maxLineBytes, redaction, sequence, format }: Call): Capture {
  const key = `${maxLineBytes} ${redaction} ${sequence} ${format}`
  const redact = REDACTIONS[redaction] ?? {}
  const root = roots.get(key) ?? capture({ level: 'trace', name: 'any', maxLineBytes, redact, sequence, format })
  roots.set(key, root)
  return root
}

/** Makes the values and the call that were generated, and returns what came of it. */
function make(call: Call) {
  const bindings = call.children.map((child) => child.make())
  const layers = call.contexts.map((layer) => layer.make())
  const args = call.args.map((arg) => arg.make())
  const before = snapshotOf([bindings, layers, args])
  const { log, lines } = rootOf(call)
  const [written, stats] = [lines.length, log.stats()]
  const logger = bindings.reduce((parent: Logger, own) => parent.child(own), log)
  const around = call.id === undefined ? layers : [...layers, { request_id: call.id }]
  const run = () => (logger[call.method] as (...args: unknown[]) => void)(...args)
  around.reduceRight<() => void>((inner, layer) => () => context.run(layer, inner), run)()
  return { lines: lines.slice(written), before: stats, after: log.stats(), isUntouched: isUnchanged(before) }
}

const ONE_LINE = /^\{[^\n\u2028\u2029]*\}\n$/
const START = /^\{"timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z","level":"[A-Z]{4,5}",/

test('any arguments, bindings and context give exactly one valid line within its budget, and are left as they were', () => {
  fc.assert(
    fc.property(calls, (call) => {
      const { lines, before, after, isUntouched } = make(call)

      expect(lines.length).toBe(1)
      const line = lines[0] ?? ''
      expect(line).toMatch(ONE_LINE)
      expect(Buffer.from(line).toString()).toBe(line)
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(call.maxLineBytes)
      const record = parseStrictly(line) as Record<string, unknown>
      expect(after).toMatchObject({ emitted: before.emitted + 1, failed: before.failed })
      expect(isUntouched).toBe(true)
      if (call.format !== 'json') return
      expect(line).toMatch(START)
      expect(record).toMatchObject({ service: 'test', logger: 'any', message: expect.any(String) })
      if (call.id !== undefined && call.redaction !== REMOVING) expect(record.request_id).toBe(call.id)
      expect('truncated' in record).toBe(after.truncated > before.truncated)
      if ('truncated' in record) expect(record.truncated).toSatisfy(isListOfPaths)
    }),
    { numRuns: runs(2_500) },
  )
  // Each value within a value is counted.
  expect(valuesMade()).toBeGreaterThan(40 * runs(2_500))
}, 120_000)

function isListOfPaths(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((path) => typeof path === 'string')
}
