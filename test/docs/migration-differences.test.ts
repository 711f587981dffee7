import { createServer, get, type RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import bunyan from 'bunyan'
import pino from 'pino'
import { createLogger, type LoggerOptions, memory } from 'throughline'
import { expect, it } from 'vitest'
import winston from 'winston'

// What the pages of test/docs/migration.test.ts say differs on purpose, seen in both.

// By `require`, since its types give every IncomingMessage a `log` of pino's.
const { pinoHttp } = createRequire(import.meta.url)('pino-http') as {
  pinoHttp(options: object, destination: pino.DestinationStream): RequestListener
}

const error = new TypeError('connect ECONNREFUSED')

function ours(log: (logger: ReturnType<typeof createLogger>) => void, options: LoggerOptions = {}) {
  const destination = memory()
  log(createLogger({ service: 'shop', env: {}, destination, ...options }))
  return destination.records[0] ?? {}
}

function pinos(log: (logger: pino.Logger) => void): string {
  const lines: string[] = []
  log(pino({}, { write: (line) => lines.push(line) }))
  return lines.join('')
}

function winstons(log: (logger: winston.Logger) => void): string {
  const stream = new PassThrough()
  const { combine, errors, json, splat } = winston.format
  const format = combine(errors({ stack: true }), splat(), json())
  log(winston.createLogger({ format, transports: [new winston.transports.Stream({ stream })] }))
  return String(stream.read())
}

it('keeps fields after a text, which pino leaves out and bunyan writes into the message', () => {
  expect(pinos((log) => log.info('text', ...([{ a: 1 }] as never[])))).not.toContain('"a"')
  const ring = new bunyan.RingBuffer({ limit: 1 })
  bunyan.createLogger({ name: 'shop', stream: ring as never }).info('text', { a: 1 })
  expect(String(ring.records[0])).toContain('"msg":"text { a: 1 }"')
  expect(ours((log) => log.info('text', { a: 1 }))).toMatchObject({ message: 'text', a: 1 })
})

it('writes errors, Maps and Sets under any name, where pino writes {}', () => {
  const fields = { cause_of_it: error, map: new Map([['a', 1]]), set: new Set([1]) }
  expect(JSON.parse(pinos((log) => log.info(fields, 'x')))).toMatchObject({ cause_of_it: {}, map: {}, set: {} })
  expect(ours((log) => log.info(fields, 'x'))).toMatchObject({
    cause_of_it: { type: 'TypeError', message: error.message },
    map: { a: 1 },
    set: [1],
  })
})

it('writes no name twice, where pino does', () => {
  const fields = { level: 'mine', msg: 'mine' }
  expect(pinos((log) => log.info(fields, 'x')).match(/"(msg|level)":/g)).toHaveLength(4)
  const line = ours((log) => log.info(fields, 'x'), { format: 'pino' })
  expect(line).toMatchObject({ level: 30, msg: 'x', field_level: 'mine', field_msg: 'mine' })
})

it('hides secrets by the usual names, which pino needs a list for', () => {
  expect(pinos((log) => log.info({ password: 'hunter2' }, 'x'))).toContain('hunter2')
  expect(ours((log) => log.info({ password: 'hunter2' }, 'x'))).toMatchObject({ password: '***REDACTED***' })
})

it('has an error under `error` as fields, and under `err` with other fields as an object', () => {
  const fields = { error: 'connect ECONNREFUSED', error_type: 'TypeError' }
  expect(ours((log) => log.error({ error, attempt: 2 }, 'x'))).toMatchObject({ ...fields, attempt: 2 })
  expect(ours((log) => log.error({ err: error, attempt: 2 }, 'x'))).toMatchObject({ err: { type: 'TypeError' } })
})

it("keeps a message and an error's apart, where winston makes one text of them", () => {
  expect(winstons((log) => log.error('Charge failed', error))).toContain('"Charge failed connect ECONNREFUSED"')
  expect(ours((log) => log.error('Charge failed', error))).toMatchObject({
    message: 'Charge failed',
    error: 'connect ECONNREFUSED',
  })
})

it('writes an error among the fields, where winston writes {}', () => {
  expect(winstons((log) => log.error('Charge failed', { error }))).toContain('"error":{}')
  expect(ours((log) => log.error('Charge failed', { error }))).toMatchObject({ error: 'connect ECONNREFUSED' })
})

it('has no field replace the message, as winston does', () => {
  expect(winstons((log) => log.info('x', { message: 'mine' }))).not.toContain('"x"')
  expect(ours((log) => log.info('x', { message: 'mine' }))).toMatchObject({ message: 'x', field_message: 'mine' })
  expect(JSON.parse(winstons((log) => log.info({ a: 1 })))).toMatchObject({ message: { a: 1 } })
  expect(ours((log) => log.info({ a: 1 }))).toMatchObject({ a: 1 })
})

/** Rows of the tables: the call, what the other writes, what we write in the format `pino` or `json`. */
type Row = readonly [
  what: string,
  call: (log: LooseLogger) => void,
  theirs: string | RegExp,
  ours: Record<string, unknown>,
]
type LooseLogger = Readonly<Record<'info' | 'error', (...args: readonly unknown[]) => void>>

const throwing = {
  get broken() {
    throw new Error('no')
  },
}

const beyondPino: readonly Row[] = [
  ['further arguments', (log) => log.info('text', 'more', 3), '"msg":"text"}', { msg: 'text', args: ['more', 3] }],
  ['an error behind a text', (log) => log.error('x', error), '"msg":"x"}', { err: { message: error.message } }],
  ['a lone primitive', (log) => log.info({ a: 1 }, true), '"msg":true', { msg: 'true', a: 1 }],
  ['two objects', (log) => log.info({ a: 1 }, { b: 2 }), '"msg":{"b":2}', { msg: '', a: 1, b: 2 }],
  ['a list', (log) => log.info([1, 2]), '"0":1,"1":2', { args: [[1, 2]] }],
  ['%s of an object', (log) => log.info('%s', { a: 1 }), '[object Object]', { msg: '{"a":1}' }],
  ['no message', (log) => log.info({}), /^(?!.*"msg")/, { msg: '' }],
  ['a Buffer', (log) => log.info({ a: Buffer.from('hi') }), '[104,105]', { a: '[binary: 2 bytes]' }],
  [
    'a RegExp and Headers',
    (log) => log.info({ a: /x/, b: new Headers({ c: 'd' }) }),
    '"a":{},"b":{}',
    { a: '/x/', b: { c: 'd' } },
  ],
  [
    'a large BigInt',
    (log) => log.info({ a: 2n ** 70n }),
    '"a":1180591620717411303424',
    { a: '1180591620717411303424' },
  ],
  ['a symbol', (log) => log.info({ a: Symbol('name') }), /^(?!.*"a")/, { a: 'Symbol(name)' }],
  [
    'a getter that throws',
    (log) => log.info({ a: throwing }),
    '[unable to serialize',
    { a: { broken: '[unreadable]' } },
  ],
]

it.each(beyondPino)('differs from pino: %s', (_, call, theirs, expected) => {
  expect(pinos((log) => call(log as unknown as LooseLogger)).trim()).toMatch(theirs)
  expect(ours((log) => call(log), { format: 'pino' })).toMatchObject(expected)
})

const beyondWinston: readonly Row[] = [
  ['a message among the fields', (log) => log.info({ message: 'x' }), '"message":"x"', { field_message: 'x' }],
  [
    'a field named level',
    (log) => log.info('x', { level: 'mine' }),
    '"level":"mine"',
    { level: 'INFO', field_level: 'mine' },
  ],
  ['further arguments', (log) => log.info('text', 'more', 3), '"0":"m"', { message: 'text', args: ['more', 3] }],
  ['a number', (log) => log.info(42), '"message":42', { message: '42' }],
  [
    'a Map and a RegExp',
    (log) => log.info('x', { a: new Map([['b', 1]]), c: /y/ }),
    '"a":{},"c":{}',
    { a: { b: 1 }, c: '/y/' },
  ],
  ['a BigInt', (log) => log.info('x', { a: 10n }), '"a":"10"', { a: 10 }],
  ['a password', (log) => log.info('x', { password: 'hunter2' }), 'hunter2', { password: '***REDACTED***' }],
]

it.each(beyondWinston)('differs from winston: %s', (_, call, theirs, expected) => {
  expect(winstons((log) => call(log as unknown as LooseLogger))).toMatch(theirs)
  expect(ours((log) => call(log))).toMatchObject(expected)
})

it('lets no error of a getter into the application, as winston does', () => {
  expect(() => winstons((log) => log.info('x', { a: throwing }))).toThrow('no')
  expect(ours((log) => log.info('x', { a: throwing }))).toMatchObject({ a: { broken: '[unreadable]' } })
})

it('adds nothing to an error that is logged, where winston adds `level`', () => {
  const logged = new Error('mine')
  ours((log) => log.error(logged))
  expect(Object.keys(logged)).toEqual([])
  winstons((log) => log.error(logged))
  expect(Object.keys(logged)).toEqual(['level'])
})

it.each(['customLevels', 'msgPrefix', 'hooks', 'onChild', 'mixinMergeStrategy', 'nestedKey', 'depthLimit'])(
  'refuses an option of pino that it does not have: %s',
  (name) => {
    expect(() => ours(() => {}, { [name]: {} } as LoggerOptions)).toThrow(`unknown option "${name}"`)
  },
)

it('has methods that work unbound, where pino throws', () => {
  expect(() => pinos(({ info }) => info('x'))).toThrow(TypeError)
  expect(ours(({ info }) => info('x'))).toMatchObject({ message: 'x' })
})

it('is not at `info` for a 500, and does not log all headers, as pino-http is and does', async () => {
  const lines: string[] = []
  const logger = pinoHttp({}, { write: (line) => lines.push(line) })
  const server = createServer((req, res) => {
    logger(req, res)
    res.writeHead(500).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => {
    const headers = { authorization: 'Bearer s3cret' }
    get({ host: '127.0.0.1', port, path: '/?token=abc123', headers }, (res) => res.resume().on('end', resolve))
  })
  await new Promise((resolve) => server.close(resolve))
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 30,
    err: { message: 'failed with status code 500' },
    req: { url: '/?token=abc123', headers: { authorization: 'Bearer s3cret' } },
  })
})
