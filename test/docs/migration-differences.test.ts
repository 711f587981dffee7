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

it('hides secrets by the usual names, where pino has to be told', () => {
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
