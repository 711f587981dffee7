import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import fc from 'fast-check'
import { createLogger, memory } from 'throughline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { withRequestLogging } from './with-request-logging.js'

const destination = memory()
const log = createLogger({ service: 'test', env: {}, destination })
const server = createServer(withRequestLogging(log, (_req, res) => res.end()))

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => server.close())

/** Sends bytes as they are in a request's header lines; the answer as text. */
async function exchange(...lines: readonly Uint8Array[]): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const end = Buffer.from('\r\n')
  const head = Buffer.from('GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n')
  socket.write(Buffer.concat([head, ...lines.flatMap((line) => [line, end]), end]))
  socket.on('error', () => {})
  let answer = ''
  socket.setEncoding('latin1').on('data', (chunk) => {
    answer += chunk
  })
  await once(socket, 'close')
  return answer
}

function header(name: string, value: Uint8Array | string): Buffer {
  return Buffer.concat([Buffer.from(`${name}: `), Buffer.from(value as string, 'latin1')])
}

const USABLE = /^[A-Za-z0-9._+/=@:-]{1,128}$/
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

async function check(value: Uint8Array): Promise<void> {
  destination.clear()
  const answer = await exchange(header('X-Request-ID', value))
  const [start, end] = destination.records
  if (!answer.startsWith('HTTP/1.1 200')) {
    // Node's own parser refused the bytes: there was no request.
    expect(destination.records).toEqual([])
    return
  }
  const text = Buffer.from(value)
    .toString('latin1')
    .replace(/^[ \t]+|[ \t]+$/g, '')
  const id = end?.request_id as string
  expect(start?.request_id).toBe(id)
  expect(/^x-request-id: (.*)\r$/im.exec(answer)?.[1]).toBe(id)
  if (USABLE.test(text)) {
    expect(id).toBe(text)
    expect(end).not.toHaveProperty('request_id_rejected')
    return
  }
  expect(id).toMatch(UUID)
  const reason = text === '' ? 'empty' : text.length > 128 ? 'too_long' : 'characters'
  expect(start?.request_id_rejected).toBe(reason)
  expect(end?.request_id_rejected).toBe(reason)
  // Shorter texts may stand in a line by chance.
  if (text.length > 8) expect(destination.lines.join('\n')).not.toContain(JSON.stringify(text).slice(1, -1))
}

const bytes = fc.uint8Array({ maxLength: 200 })
const usable = fc
  .string({ unit: fc.constantFrom(...'AZaz09._+/=@:-'), minLength: 1, maxLength: 140 })
  .map((text) => Buffer.from(text))
const nearlyUsable = fc
  .tuple(usable, fc.integer({ min: 0, max: 255 }), fc.nat())
  .map(([text, byte, at]) =>
    Buffer.concat([text.subarray(0, at % text.length), Buffer.of(byte), text.subarray(at % text.length)]),
  )

it('takes over a request id of any bytes, or replaces it and says why without repeating it', async () => {
  await fc.assert(fc.asyncProperty(fc.oneof(bytes, usable, nearlyUsable), check), { numRuns: 400 })
})

it.each(Array.from({ length: 256 }, (_, byte) => byte))(
  'decides about byte %i, alone and within an id',
  async (byte) => {
    await check(Buffer.of(byte))
    await check(Buffer.concat([Buffer.from('req'), Buffer.of(byte), Buffer.from('1')]))
  },
)

it('refuses a request id that came several times, whatever the values', async () => {
  await fc.assert(
    fc.asyncProperty(usable, usable, async (one, two) => {
      destination.clear()
      const answer = await exchange(header('X-Request-ID', one), header('x-request-id', two))
      expect(answer).toContain('200 OK')
      const [, end] = destination.records
      expect(end?.request_id).toMatch(UUID)
      expect(end?.request_id_rejected).toBe('repeated')
    }),
    { numRuns: 50 },
  )
})

it('never fails over a traceparent and a tracestate of any bytes', async () => {
  const hex = fc
    .string({ unit: fc.constantFrom(...'0123456789abcdefABC-'), maxLength: 60 })
    .map((text) => Buffer.from(text))
  await fc.assert(
    fc.asyncProperty(fc.oneof(bytes, hex), bytes, async (parent, state) => {
      destination.clear()
      const answer = await exchange(header('traceparent', parent), header('tracestate', state))
      if (!answer.startsWith('HTTP/1.1 200')) return
      expect(destination.records).toHaveLength(2)
      for (const line of destination.records) expect(line.trace_id).toMatch(/^(?!0{32})[0-9a-f]{32}$/)
    }),
    { numRuns: 200 },
  )
})
