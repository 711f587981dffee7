import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { context, createLogger, type Logger, memory, type RedactOptions } from '../index.js'
import { DEFAULT_NAMES } from './default-names.js'

/** Text that stands nowhere else, and a number of the same use. */
const CANARY = 'cAnArY7f3a91'
const NUMBER_CANARY = 70_707_017_071

class Holder {
  constructor(readonly held: unknown) {}
}

class Private {
  readonly #value: unknown
  constructor(value: unknown) {
    this.#value = value
  }
  toJSON(): unknown {
    return this.#value
  }
}

/** A listed name as people write names: any case, any separator, something before it, a number behind it. */
const secretName = fc
  .record({
    words: fc.constantFrom(...DEFAULT_NAMES).map((name) => name.split('_')),
    style: fc.constantFrom('snake', 'kebab', 'camel', 'pascal', 'upper', 'dots', 'spaces', 'odd', 'header'),
    prefix: fc.constantFrom([], ['user'], ['x'], ['stripe', 'live']),
    number: fc.constantFrom('', '', '', '2'),
  })
  .map(({ words, style, prefix, number }) => written([...prefix, ...words], style) + number)

function written(words: readonly string[], style: string): string {
  const capital = (word: string) => (word[0] ?? '').toUpperCase() + word.slice(1)
  switch (style) {
    case 'kebab':
      return words.join('-')
    case 'camel':
      return words.map((word, i) => (i === 0 ? word : capital(word))).join('')
    case 'pascal':
      return words.map(capital).join('')
    case 'upper':
      return words.join('_').toUpperCase()
    case 'dots':
      return words.join('.')
    case 'spaces':
      return words.join(' ')
    case 'odd':
      return words.join('\u200b/')
    case 'header':
      return words.map(capital).join('-')
    default:
      return words.join('_')
  }
}

/** What stands under a secret name. */
const secretValue = fc.constantFrom<() => unknown>(
  () => CANARY,
  () => NUMBER_CANARY,
  () => BigInt(NUMBER_CANARY),
  () => new String(CANARY),
  () => [1, CANARY],
  () => ({ inner: { deep: CANARY } }),
  () => new Map([['a', CANARY]]),
  () => new Set([CANARY]),
  () => new Holder(CANARY),
  () => new Private(CANARY),
  () => new Error(CANARY),
  () => new URL(`https://h/${CANARY}`),
  () => Symbol(CANARY),
)

/** Ways for a name to name a value. */
const pairing = fc.constantFrom<(name: string, value: unknown) => unknown>(
  (name, value) => ({ before: 1, [name]: value, after: 2 }),
  (name, value) => Object.assign(Object.create(null), { [name]: value }),
  (name, value) => new Map<unknown, unknown>([[name, value]]),
  (name, value) => new Map<unknown, unknown>([[Symbol(name), value]]),
  (name, value) => new Map<unknown, unknown>([[new String(name), value]]),
  (name, value) => ['Host', 'h', name, value],
  (name, value) => [
    ['Host', 'h'],
    [name, value],
  ],
  (name, value) => ({ name, value }),
  (name, value) => ({ value, key: name }),
  (name, value) => ({ type: 'field', value, msg: 'invalid', path: name, location: 'body' }),
  (name, value) => ({ loc: ['body', name], input: value }),
  (name, value) => ({ op: 'replace', path: `/user/${name}`, value }),
  (name, value) => ({ field: name, old: value, new: value }),
  (name, value) => ({ setting_name: name, setting_value: value }),
  (name, value) => ({ propertyName: name, attemptedValue: value }),
  (name, value) => ({ query: { [name]: value } }),
  (name, value) => ({ url: { query: { [name]: value } } }),
  (name, value) =>
    new Map<string, unknown>([
      ['name', name],
      ['value', value],
    ]),
  (name, value) => new Private({ [name]: value }),
  (name, value) => Object.defineProperty({}, name, { get: () => value, enumerable: true }),
  (name, value) => new Proxy({ [name]: value }, {}),
  (name, value) => Object.assign(new Holder(1), { [name]: value }),
  (name, value) => Object.assign(new Error('own properties'), { [name]: value }),
  (name, value) => ({ toJSON: () => ({ [name]: value }) }),
)

const container = fc.constantFrom<(value: unknown) => unknown>(
  (value) => ({ data: value }),
  (value) => [1, value, 'x'],
  (value) => new Map([['data', value]]),
  (value) => new Map([[{ a: 1 }, value]]),
  (value) => new Set([value]),
  (value) => new Holder(value),
  (value) => new Private(value),
  (value) => ({ toJSON: () => value }),
  (value) => new Error('outer', { cause: value }),
  (value) => new AggregateError([value, new Error('other')], 'several'),
  (value) => Object.assign(new Error('with'), { request: value }),
  (value) => new Proxy({ data: value }, {}),
  (value) => Object.defineProperty({}, 'data', { get: () => value, enumerable: true }),
  (value) => ({ password_changed_at: 'today', value }),
  (value) => ({ error: value, err: value }),
)

const nested = (inner: fc.Arbitrary<unknown>) =>
  fc
    .tuple(inner, fc.array(container, { maxLength: 14 }))
    .map(([value, containers]) => containers.reduce((held, wrap) => wrap(held), value))

const planted = nested(fc.tuple(secretName, secretValue, pairing).map(([name, value, pair]) => pair(name, value())))

/** Logs a value in every way that a value can come to a line; returns the lines. */
function loggedEverywhere(value: unknown, redact?: RedactOptions): string {
  const destination = memory()
  const base = { env: {}, service: 's', destination, sequence: false, ...(redact === undefined ? {} : { redact }) }
  const log = createLogger({ ...base, level: 'trace', fields: { root: value } })
  const bag = (typeof value === 'object' && value !== null ? value : { value }) as Record<string, unknown>
  for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'audit'] as const) log[level]('m', { value })
  log.info('m', bag)
  log.info(bag, 'm')
  log.info(bag)
  log.info('m %j %s %o', value, value, value)
  log.info('m', 'more', value)
  log.error('m', new Error('failed', { cause: value }))
  log.error({ error: new Error('failed', { cause: value }), value })
  log.child({ bound: value }).info('child')
  log.child(bag).child({ b: 1 }).info('child')
  log.child({ s: 1 }, { serializers: { s: () => value } }).info('serialized', { s: 1 })
  context.run({ around: value }, () => {
    log.info('in context')
    context.set(bag)
    log.info('in context', { value })
  })
  held(createLogger({ ...base, sampling: { success: 0 } }), value, bag)
  log.flushSync()
  return destination.lines.join('\n')
}

function held(log: Logger, value: unknown, bag: Record<string, unknown>): void {
  try {
    log.operation('job', { value }, () => {
      log.info('held', { value })
      log.info('held %j', value)
      log.child(bag).info('held')
      context.set({ later: value })
      throw new Error('so that it is kept', { cause: value })
    })
  } catch {
    // The operation's own.
  }
}

function expectNone(output: string, ...texts: readonly string[]): void {
  for (const text of texts) {
    const at = output.toLowerCase().indexOf(text.toLowerCase())
    if (at !== -1) expect.fail(`found ${text} in: …${output.slice(Math.max(0, at - 200), at + 60)}…`)
  }
  // What is never there proves nothing: the lines themselves were written.
  expect(output.length).toBeGreaterThan(1000)
}

describe('a secret by its name', () => {
  it('reaches no line, wherever it stands and however it is logged', () => {
    fc.assert(
      fc.property(planted, (value) => expectNone(loggedEverywhere(value), CANARY, String(NUMBER_CANARY))),
      { numRuns: 200 },
    )
  })

  it('reaches no line with a path of its own', () => {
    const redact = { defaults: false, paths: ['*.data.secretplace', 'value.a[*].b', '*.x', 'data.*', '*[*].deep'] }
    const shapes: unknown[] = [
      { data: { secretplace: CANARY } },
      new Map([['data', new Map([['secretplace', CANARY]])]]),
      new Holder({ x: 1 }),
    ]
    for (const shape of shapes) {
      const destination = memory()
      const log = createLogger({ env: {}, service: 's', destination, redact })
      log.info('m', { value: shape })
      log.child({ value: shape }).info('m')
      context.run({ value: shape }, () => log.info('m'))
      log.info('%j', { value: shape })
      expect(destination.lines.join()).not.toContain(CANARY)
    }
  })
})

describe('a secret in text', () => {
  const secrets = [
    `Bearer ${CANARY}`,
    `Basic ${Buffer.from(`user:${CANARY}`).toString('base64')}`,
    `eyJhbGciOiJIUzI1NiJ9.${CANARY}.${CANARY}`,
    `${CANARY}@example.com`,
    `password=${CANARY}`,
    `"password":"${CANARY}"`,
    `\\"client_secret\\": \\"${CANARY}\\"`,
    `{ api_key: '${CANARY}' }`,
    `Authorization: Bearer ${CANARY}`,
    `GET / HTTP/1.1\r\nHost: h\r\nCookie: a=1; sid=${CANARY}\r\n\r\n`,
    `postgres://app:${CANARY}@db/orders`,
    `https://h/p?access_token=${CANARY}&page=2`,
    `https://h/p?next=${encodeURIComponent(encodeURIComponent(`https://h/?token=${CANARY}&page=2`))}`,
    `{&quot;password&quot;:&quot;${CANARY}&quot;}`,
    `Authorization: Digest username="u", response="${CANARY}"`,
    `Content-Disposition: form-data; name="password"\r\n\r\n${CANARY}\r\n--b--`,
    `--token ${CANARY}`,
    `\u001b[33mpassword\u001b[39m: \u001b[32m'${CANARY}'\u001b[39m`,
    `password\u3000\uff1a\u00a0${CANARY}`,
    `**password:** ${CANARY}`,
    `https://h/p%3Faccess_token=${CANARY}`,
    `<input value="${CANARY}" name="password">`,
    `{ type: 'field', value: '${CANARY}', path: 'password' }`,
    `<Password>${CANARY}</Password>`,
    `-----BEGIN PRIVATE KEY-----\n${CANARY}\n-----END PRIVATE KEY-----`,
    `-----BEGIN RSA PRIVATE KEY-----\\n${CANARY}`,
    'card 4111 1111 1111 1111',
    'DE89 3704 0044 0532 0130 00',
    'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
    'AKIA2E0A8F3B24QWXZ7T'.replace(/[01]/g, '5').replace(/[89]/g, '3'),
  ]
  const needles = [
    CANARY,
    Buffer.from(`user:${CANARY}`).toString('base64'),
    '4111 1111 1111 1111',
    '3704 0044 0532',
    'ghp_16C7',
    'AKIA2E5A3F3B24QWXZ7T',
  ]
  const words = fc.stringMatching(/^(?:[a-z]{1,9} ){0,8}$/)
  const text = fc
    .tuple(fc.constantFrom(...secrets), words, words, fc.constantFrom('', '\n', '(', '"', '/* ', 'ü ', '😀 '))
    .map(([secret, before, after, mark]) => `${before}${mark}${secret}${mark === '"' ? '"' : ''} ${after}`)
  const textIn = text.chain((said) =>
    fc.constantFrom<unknown>(
      said,
      new String(said),
      Symbol(said),
      new Error(said),
      Object.assign(new Error('x'), { stack: `Error: ${said}\n    at f (a.js:1:1)`, code: said }),
      new Map([[said, 1]]),
      { [said]: 1, a: { [said]: 2 } },
      new Private(said),
      new Holder(said),
      JSON.stringify({ body: said }),
      JSON.stringify({ body: JSON.stringify({ said }) }),
      new AggregateError([said], said),
    ),
  )

  it('reaches no line with all detectors on, wherever it stands and however it is logged', () => {
    fc.assert(
      fc.property(nested(textIn), (value) => expectNone(loggedEverywhere(value, { detect: 'all' }), ...needles)),
      { numRuns: 120 },
    )
  })

  it('reaches no line in a message, interpolated or not', () => {
    fc.assert(
      fc.property(text, (said) => {
        const destination = memory()
        const log = createLogger({ env: {}, service: 's', destination, redact: { detect: 'all' } })
        log.info(said)
        log.info('it was %s', said)
        log.info(`%s ${said.replaceAll('%', '%%')}`, 'it')
        log.child({}, { name: said }).warn(said, { said })
        log.info({ a: 1 }, said)
        log.error(new Error(said))
        expectNone(destination.lines.join('\n').padEnd(1001), ...needles)
      }),
    )
  })

  it('reaches no line in the traceback of an inner error, whose lines are indented', () => {
    for (const secret of secrets) {
      const inner = new AggregateError([new Error(secret)], 'inner')
      expectNone(loggedEverywhere(new AggregateError([inner], 'outer'), { detect: 'all' }), ...needles)
    }
  })

  it('reaches no line where the cut of a long text goes through it', () => {
    const destination = memory()
    const log = createLogger({ env: {}, service: 's', destination, maxLineBytes: 1024, redact: { detect: 'all' } })
    for (const secret of secrets) {
      // A text is cut at four times the line.
      for (let offset = -60; offset <= 10; offset += 5) {
        const start = 'lorem ipsum '.repeat(400).slice(0, 4096 + offset)
        log.info('m', { body: `${start} ${secret} ${'dolor '.repeat(1000)}` })
      }
      log.info('m', { body: `${'x '.repeat(500_000)}${secret}` })
      // When a line has had more text than it can hold, the rest is cut at 64 characters, which the budget leaves.
      const filling = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`f${i}`, 'x '.repeat(10_000)]))
      for (let offset = 4; offset <= 60; offset += 4) {
        const body = `${'lorem ipsum '.repeat(9).slice(0, offset)} ${secret} ${'dolor '.repeat(300)}`
        log.info('m', { data: { ...filling, body } })
      }
    }
    expectNone(destination.lines.join('\n'), ...needles, '4111 1111 1111', '3704 0044')
  })
})
