import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const NAMES = ['gateway', 'auth', 'api'] as const
type Name = (typeof NAMES)[number]
type Line = Readonly<Record<string, unknown>>

const REQUESTS = 10_000
const folder = mkdtempSync(join(tmpdir(), 'throughline-sampling-'))
const children: ChildProcess[] = []
/** What the load generator asked for, by request id. */
const asked = new Map<string, { readonly fail?: Name; readonly slow?: Name; readonly path: string }>()
const logs = new Map<Name, readonly Line[]>()

async function start(name: Name, next: number): Promise<number> {
  const child = fork(join(import.meta.dirname, 'service.mjs'), [name, join(folder, `${name}.log`), String(next)])
  children.push(child)
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return port
}

function send(agent: Agent, port: number, id: string): Promise<number> {
  const { path, fail, slow } = asked.get(id) ?? { path: '/' }
  return new Promise((resolve, reject) => {
    const url = `http://127.0.0.1:${port}${path}?fail=${fail ?? ''}&slow=${slow ?? ''}`
    get(url, { agent, headers: { 'x-request-id': id } }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    }).on('error', reject)
  })
}

beforeAll(async () => {
  const api = await start('api', 0)
  const auth = await start('auth', api)
  const gateway = await start('gateway', auth)
  const agent = new Agent({ keepAlive: true, maxSockets: 20 })
  for (let i = 0; i < REQUESTS; i++) {
    const path = i % 3 === 0 ? '/orders' : '/users'
    const which = NAMES[i % 7 === 0 ? 0 : i % 5 === 0 ? 1 : 2] ?? 'api'
    const trouble = i % 200 === 11 ? { fail: which } : i % 200 === 77 ? { slow: which } : {}
    asked.set(`req-${i}`, { path, ...trouble })
  }
  const ids = [...asked.keys()]
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      for (let id = ids.pop(); id !== undefined; id = ids.pop()) await send(agent, gateway, id)
    }),
  )
  agent.destroy()
  for (const child of children) {
    child.send('end')
    await once(child, 'exit')
  }
  for (const name of NAMES) {
    const lines = readFileSync(join(folder, `${name}.log`), 'utf8')
      .trimEnd()
      .split('\n')
    logs.set(
      name,
      lines.map((line) => JSON.parse(line) as Line),
    )
  }
})

afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

function of(name: Name): readonly Line[] {
  return logs.get(name) ?? []
}

/** The requests that a service kept because of their id alone. */
function sampled(name: Name): string[] {
  const lines = of(name).filter((line) => line.message === 'Request completed' && line.sample_rate === 0.01)
  return lines.map(({ request_id }) => String(request_id)).sort()
}

describe('three services that sample one in a hundred of ten thousand requests', () => {
  it('keep the same requests', () => {
    const kept = NAMES.map((name) => new Set(sampled(name)))
    const everywhere = [...asked.keys()].filter((id) => {
      const { fail, slow } = asked.get(id) ?? {}
      return fail === undefined && slow === undefined && kept.some((ids) => ids.has(id))
    })
    // A busy machine can make any request slow, which a service then keeps for that reason.
    const reasons = (name: Name, id: string) =>
      of(name).some((line) => line.request_id === id && line.message === 'Request completed')
    expect(everywhere.length).toBeGreaterThan(50)
    for (const id of everywhere) for (const name of NAMES) expect(reasons(name, id), `${id} in ${name}`).toBe(true)
  })

  it('keep every failed and every slow request whole, in each service where it was one', () => {
    for (const [id, { fail, slow }] of asked) {
      const where = fail ?? slow
      if (where === undefined) continue
      // What fails within fails, or is slow, for all that wait for it.
      for (const name of NAMES.slice(0, NAMES.indexOf(where) + 1)) {
        const messages = of(name)
          .filter(({ request_id }) => request_id === id)
          .map(({ message }) => message)
        expect(messages, `${id} in ${name}`).toEqual(['Request started', 'Working', 'Request completed'])
      }
    }
  })

  it('drop the rest', () => {
    const completed = of('api').filter(({ message }) => message === 'Request completed')
    expect(completed.length).toBeLessThan(REQUESTS / 4)
  })

  it('count exactly what the load generator sent, from the summaries alone', () => {
    for (const name of NAMES) {
      const summaries = of(name).filter(({ message }) => message === 'Request summary')
      const count = (path: string, status: string) =>
        summaries
          .filter(({ route, status_class }) => route === path && status_class === status)
          .reduce((sum, line) => sum + Number(line.count), 0)
      const sent = (path: string, failed: boolean) =>
        [...asked.values()].filter((one) => one.path === path && isFailed(one.fail, name) === failed).length
      for (const path of ['/orders', '/users']) {
        expect(count(path, '2xx'), `${name} ${path} 2xx`).toBe(sent(path, false))
        expect(count(path, '5xx'), `${name} ${path} 5xx`).toBe(sent(path, true))
      }
    }
  })
})

/** A service fails when it, or one that it waits for, was told to. */
function isFailed(fail: Name | undefined, name: Name): boolean {
  return fail !== undefined && NAMES.indexOf(fail) >= NAMES.indexOf(name)
}
