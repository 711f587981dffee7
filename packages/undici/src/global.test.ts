import { once } from 'node:events'
import { context, createLogger, memory } from 'throughline'
import { ownTraffic } from 'throughline/internal'
import { Agent } from 'undici-7'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { Loopback, refusing } from '../test-support/loopback.js'
import { correlation } from './correlation.js'
import { installGlobal } from './global.js'

type Slots = Record<symbol, { dispatch: unknown } | undefined>

const SLOTS = [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')]
const slots = globalThis as unknown as Slots
const inSlots = () => SLOTS.map((slot) => slots[slot])
const holds = (expected: readonly unknown[]) => inSlots().map((one, i) => one === expected[i])
const [YES, NO] = [
  [true, true],
  [false, false],
]

const lines = memory()
const log = createLogger({ service: 'test', env: {}, level: 'debug', destination: lines })
let server: Loopback
let undo = () => {}

beforeAll(async () => {
  server = await Loopback.start()
})
beforeEach(() => {
  server.received.length = 0
  lines.clear()
})
afterEach(() => undo())
afterAll(() => server[Symbol.asyncDispose]())

const inRequest = <T>(fn: () => T): T => context.run({ request_id: 'r-1' }, fn)
const fetched = async (path: string) => (await fetch(`${server.origin}${path}`)).text()

describe('installGlobal', () => {
  it('does for the built-in fetch what an interceptor does', async () => {
    undo = installGlobal({ log })
    await inRequest(() => fetched('/echo?a=1'))
    expect(server.all('x-request-id')).toEqual(['r-1'])
    expect(lines.records).toMatchObject([{ level: 'DEBUG', path: '/echo', status_code: 200, request_id: 'r-1' }])
  })

  it("does it for undici's global functions, of another version too", async () => {
    undo = installGlobal({ log })
    const undici6 = await import('undici-6')
    const { body } = await inRequest(() => undici6.request(`${server.origin}/echo`))
    await body.text()
    expect(server.all('x-request-id')).toEqual(['r-1'])
    expect(lines.records).toHaveLength(1)
  })

  it('is done once, by whichever copy of the package', async () => {
    undo = installGlobal({ log })
    const before = inSlots()
    installGlobal({ log })
    vi.resetModules()
    const copy = await import('./global.js')
    expect(copy.installGlobal).not.toBe(installGlobal)
    copy.installGlobal({ log })
    expect(holds(before)).toEqual(YES)
    await inRequest(() => fetched('/echo'))
    expect(lines.records).toHaveLength(1)
  })

  it('makes one line where the dispatcher was correlated already', async () => {
    const before = inSlots()
    for (const slot of SLOTS)
      slots[slot] = new Agent().compose(correlation({ log })) as unknown as { dispatch: unknown }
    undo = installGlobal({ log })
    await inRequest(() => fetched('/echo'))
    expect(lines.records).toHaveLength(1)
    undo()
    for (const [i, slot] of SLOTS.entries()) slots[slot] = before[i]
  })

  it('gives back what was there', async () => {
    const before = inSlots()
    undo = installGlobal({ log })
    expect(holds(before)).toEqual(NO)
    undo()
    undo()
    expect(holds(before)).toEqual(YES)
    await inRequest(() => fetched('/echo'))
    expect(server.all('x-request-id')).toEqual([undefined])
    expect(lines.records).toEqual([])
  })

  it('steps aside beneath a dispatcher that was composed of it, and leaves that in its place', async () => {
    const before = inSlots()
    undo = installGlobal({ log })
    const composed = (slots[SLOTS[0] as symbol] as unknown as Agent).compose((dispatch) => dispatch)
    for (const slot of SLOTS) slots[slot] = composed as unknown as { dispatch: unknown }
    undo()
    expect(holds([composed, composed])).toEqual(YES)
    await inRequest(() => fetched('/echo'))
    expect(server.all('x-request-id')).toEqual([undefined])
    for (const [i, slot] of SLOTS.entries()) slots[slot] = before[i]
  })

  it('follows redirects with the ids, but not to where they are not allowed', async () => {
    await using other = await Loopback.start()
    undo = installGlobal({ log, to: [server.origin] })
    await inRequest(() => fetched(`/redirect/?to=${encodeURIComponent(`/redirect/?to=${other.origin}`)}`))
    expect(server.all('x-request-id')).toEqual(['r-1', 'r-1'])
    expect(other.all('x-request-id')).toEqual([undefined])
    expect(lines.records).toHaveLength(3)
    expect(lines.records.filter((line) => 'attempt' in line)).toEqual([])
  })

  it('keeps the ids apart in dozens of requests that share two connections', async () => {
    const before = inSlots()
    const agent = new Agent({ connections: 2 })
    for (const slot of SLOTS) slots[slot] = agent as unknown as { dispatch: unknown }
    undo = installGlobal({ log })
    const ids = Array.from({ length: 80 }, (_, i) => `r-${i}`)
    await Promise.all(ids.map((id) => context.run({ request_id: id }, () => fetched(`/echo/${id}`))))
    expect(server.received.map(({ headers, url }) => url === `/echo/${headers['x-request-id']}`)).toEqual(
      ids.map(() => true),
    )
    expect(lines.records.map(({ path, request_id }) => path === `/echo/${request_id}`)).toEqual(ids.map(() => true))
    undo()
    for (const [i, slot] of SLOTS.entries()) slots[slot] = before[i]
    await agent.close()
  })

  it("leaves logging's own traffic alone", async () => {
    undo = installGlobal({ log })
    await inRequest(() => ownTraffic(() => fetched('/echo')))
    expect(server.all('x-request-id')).toEqual([undefined])
    expect(lines.records).toEqual([])
  })

  it('has one line for a fetch that fails, is cancelled or is too slow', async () => {
    undo = installGlobal({ log })
    const refused = await refusing()
    await inRequest(() => fetch(refused).catch(String))
    await inRequest(() => fetch(`${server.origin}/never`, { signal: AbortSignal.timeout(5) }).catch(String))
    const controller = new AbortController()
    const cancelled = inRequest(() => fetch(`${server.origin}/never`, { signal: controller.signal }).catch(String))
    await expect.poll(() => server.received.length).toBe(2)
    controller.abort()
    await cancelled
    expect(lines.records).toMatchObject([
      { level: 'WARN', path: '/', error_code: 'ECONNREFUSED' },
      { level: 'WARN', path: '/never', error_type: 'TimeoutError' },
      { level: 'DEBUG', path: '/never', aborted: true },
    ])
  })

  it('takes sockets of WebSocket with it', async () => {
    undo = installGlobal({ log })
    const socket = inRequest(() => new WebSocket(server.origin.replace('http', 'ws')))
    await once(socket, 'error')
    expect(lines.records).toMatchObject([{ request_id: 'r-1', status_code: 101 }])
  })

  it('names itself when it refuses an option, and installs nothing', () => {
    const before = inSlots()
    expect(() => installGlobal({ to: 'all' } as never)).toThrow('installGlobal({ to }): got string')
    expect(holds(before)).toEqual(YES)
  })
})
