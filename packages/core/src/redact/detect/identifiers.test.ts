import { randomBytes, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../../../test-support/runs.js'
import { FORMAT_NAMES } from '../../format/formats.js'
import { context, createLogger, memory } from '../../index.js'

const destination = memory()
const log = createLogger({ env: {}, service: 's', destination, redact: { detect: 'all' } })

/** Hexadecimal digits, most of them decimal: among these a card's or an account's number comes up often enough to be found. */
const digit = fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...'0123456789') }, fc.constantFrom(...'abcdef'))
const hex = (length: number) => fc.array(digit, { minLength: length, maxLength: length }).map((list) => list.join(''))
const joined = (...parts: readonly fc.Arbitrary<string>[]) => fc.tuple(...parts).map((list) => list.join('-'))

const uuid = joined(hex(8), hex(4), hex(4), hex(4), hex(12))
const version4 = joined(
  hex(8),
  hex(4),
  hex(3).map((rest) => `4${rest}`),
  hex(3).map((rest) => `8${rest}`),
  hex(12),
)
/** With a country that has IBANs at the start of a group. */
const accountUuid = fc
  .tuple(uuid, fc.constantFrom('ad', 'ae', 'ba', 'be', 'de', 'ee'), fc.constantFrom(0, 9, 14, 19))
  .map(([one, country, at]) => one.slice(0, at) + country + one.slice(at + 2))
const traceId = hex(32)
const traceparent = joined(fc.constant('00'), hex(32), hex(16), fc.constant('01'))
// https://github.com/ulid/spec: Crockford's base 32, and no first character above 7.
const ulid = fc
  .tuple(
    fc.constantFrom(...'01234567'),
    fc.array(fc.constantFrom(...'0123456789', ...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'), { minLength: 25, maxLength: 25 }),
  )
  .map(([first, rest]) => first + rest.join(''))
const id = fc.oneof(uuid, version4, accountUuid, traceId, traceparent, ulid)

function isUntouched(text: string): boolean {
  destination.clear()
  log.info(text, { text, order_id: text, list: [text] })
  const [{ message, text: field, order_id, list } = {}] = destination.records
  return [message, field, order_id, (list as unknown[])[0]].every((shown) => shown === text)
}

describe('no detector ever touches', () => {
  it('a UUID, a ULID, a trace id or a traceparent, wherever it stands in a text', () => {
    const around = fc.constantFrom(
      ['', ''],
      ['order ', ' not found'],
      ['/orders/', '/items'],
      ['req_', '.json'],
      ['(', ')'],
    )
    fc.assert(
      fc.property(id, around, fc.boolean(), (one, [before, after], isUpper) => {
        expect(isUntouched(`${before}${isUpper ? one.toUpperCase() : one}${after}`)).toBe(true)
      }),
      { numRuns: runs(20_000) },
    )
  })

  it('random ones', () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? randomUUID() : randomBytes(16).toString('hex')))
    expect(ids.filter((one) => !isUntouched(`request ${one} failed`))).toEqual([])
  })

  it('a span id of a trace, in any format, though it has the digits of a card', () => {
    for (const format of FORMAT_NAMES) {
      const lines = memory()
      const own = createLogger({ env: {}, service: 's', destination: lines, redact: { detect: 'all' }, format })
      // As it stands, and in decimal, each is a card number to the last digit.
      const spanIds = ['4111111111111111', BigInt('4111111111111111110').toString(16).padStart(16, '0')]
      for (const span_id of spanIds) {
        context.run({ trace_id: 'a'.repeat(32), span_id }, () => own.info('in the context'))
        own.info('of the call', { span_id, parent_span_id: span_id })
      }
      expect(lines.lines.join('')).not.toContain('REDACTED')
    }
  })

  it('a phone number with its plus', () => {
    const phone = fc
      .tuple(fc.constantFrom('49', '44', '36', '55', '62'), hex(11))
      .map(([country, rest]) => country + rest)
    fc.assert(
      fc.property(phone, fc.integer({ min: 10, max: 14 }), (digits, length) => {
        const number = `+${digits.replaceAll(/\D/g, '7').slice(0, length)}`
        expect(isUntouched(`called ${number} twice`)).toBe(true)
      }),
      { numRuns: runs(5_000) },
    )
  })
})

it('a path or a key that names an id of the trace still hides it', () => {
  for (const redact of [{ keys: ['span_id'] }, { paths: ['span_id'] }]) {
    const lines = memory()
    createLogger({ env: {}, service: 's', destination: lines, redact }).info('said', { span_id: '4111111111111111' })
    expect(lines.records[0]).toMatchObject({ span_id: '***REDACTED***' })
  }
})

describe('thirteen digits in a row', () => {
  const of = (text: string) => {
    destination.clear()
    log.info(text, { data: { text } })
    return destination.records[0]
  }

  it.each(['EAN 4006381333931', 'call 4915123456786 back', 'sku=4128415550347', '{"id":"4128415550347"}'])(
    'stay: %s',
    (text) => {
      expect(of(text)).toMatchObject({ message: text, data: { text } })
    },
  )

  it.each(['card 4128415550347', '{"cardNumber":"4128415550347"}', 'PAN: 4128415550347', '4128-4155-5034-7'])(
    'are a card by the word before them, or in groups: %s',
    (text) => {
      expect(JSON.stringify(of(text))).not.toContain('415550')
    },
  )

  it('and large floats are no cards as numbers', () => {
    destination.clear()
    const numbers = [4128415550347, 4111111111111111.5, 4.111111111111111e18, 6221260000000000000, 1e21 / 7]
    log.info('m', { numbers, card: 4111111111111111 })
    expect(destination.records[0]).toMatchObject({
      numbers: JSON.parse(JSON.stringify(numbers)),
      card: '***REDACTED***',
    })
  })
})
