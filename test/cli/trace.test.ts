import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { line, REQUEST_ID, shop, TRACE_ID } from './shop.js'
import { folderWith, throughline } from './throughline.js'

describe('throughline trace', () => {
  it.each([60, 80, 120])('shows a request as a tree with a waterfall, %i columns wide', async (columns) => {
    const cwd = folderWith(shop)
    const env = { COLUMNS: String(columns) }
    const { stdout, stderr, status } = await throughline(['trace', REQUEST_ID, '*.log'], { cwd, env })
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    const chart = stdout.split('2024-01-22')[0] ?? ''
    expect(Math.max(...chart.split('\n').map((row) => [...row].length))).toBeLessThanOrEqual(columns)
    await expect(stdout).toMatchFileSnapshot(`golden/trace-${columns}.txt`)
  })

  it('tells the same by the trace id, from standard input, in any order and compressed', async () => {
    const cwd = folderWith({
      'b.gz': gzipSync(shop['billing.log'] ?? ''),
      'a.log': (shop['api.log'] ?? '') + shop['gateway.log'],
    })
    const byRequest = await throughline(['trace', REQUEST_ID, 'b.gz', 'a.log'], { cwd })
    const byTrace = await throughline(['trace', TRACE_ID, '-', 'a.log'], {
      cwd,
      input: gzipSync(shop['billing.log'] ?? ''),
    })
    const lines = (text: string) => text.slice(text.indexOf('2024-01-22'))
    expect(byRequest.stdout).toContain('3 services, 4 hops, 9 lines')
    expect(lines(byTrace.stdout)).toBe(lines(byRequest.stdout))
  })

  it('finds lines that a container runtime has split', async () => {
    const cri = (text: string) => {
      const parts = text.match(/[^\n]{1,90}\n?/g) ?? []
      return parts
        .map((part) => `2024-01-22T10:15:23.1Z stdout ${part.endsWith('\n') ? 'F' : 'P'} ${part.trimEnd()}\n`)
        .join('')
    }
    const jsonFile = (text: string) =>
      (text.match(/[^\n]{1,90}\n?/g) ?? [])
        .map((log) => `${JSON.stringify({ log, stream: 'stdout', time: '2024-01-22T10:15:23.1Z' })}\n`)
        .join('')
    const cwd = folderWith({
      'gateway.log': cri(shop['gateway.log'] ?? ''),
      'api.log': jsonFile(shop['api.log'] ?? ''),
      'billing.log': (shop['billing.log'] ?? '').replace(/^(?=.)/gm, 'billing-1  | '),
    })
    const plain = await throughline(['trace', REQUEST_ID, '*.log'], { cwd: folderWith(shop) })
    expect(await throughline(['trace', REQUEST_ID, '*.log'], { cwd })).toEqual(plain)
  })

  it('does not take a longer id for the one asked for, and says with its status that there is none', async () => {
    const cwd = folderWith(shop)
    const { status, stdout, stderr } = await throughline(['trace', 'req-123', '*.log'], { cwd })
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: 'throughline: no line has the id "req-123"\n',
    })
  })

  it('finds a request whose lines are megabytes apart', async () => {
    const filler = `${JSON.stringify({ message: 'x'.repeat(1000) })}\n`.repeat(2500)
    const api = (shop['api.log'] ?? '').split('\n').join(`\n${filler}`)
    const { stdout } = await throughline(['trace', REQUEST_ID, 'api.log'], { cwd: folderWith({ 'api.log': api }) })
    expect(stdout).toContain('1 service, 1 hop, 4 lines')
  })

  it('takes the short id that pretty shows, and names the ids that it may stand for', async () => {
    const ids = [
      'a1b2c3d4-0000-4000-8000-00000000000a',
      '01890000-0000-7000-8000-0000005fc0de',
      'a1b2c3ff-0000-4000-8000-0',
    ]
    const cwd = folderWith({
      'a.log': ids.map((request_id, i) => line(i, 'INFO', 'api', 'x', { request_id })).join(''),
    })
    const traced = async (id: string) => throughline(['trace', id, 'a.log'], { cwd })
    expect((await traced('5fc0de')).stdout).toMatch(/^01890000-0000-7000-8000-0000005fc0de\n/)
    expect(await traced('a1b2c3')).toEqual({
      status: 1,
      stdout: '',
      stderr: `throughline: no line has the id "a1b2c3"; it may stand for "${ids[0]}", "${ids[2]}"\n`,
    })
  })

  it('says all of a request as JSON', async () => {
    const { stdout } = await throughline(['trace', REQUEST_ID, '--json', '*.log'], { cwd: folderWith(shop) })
    const story = JSON.parse(stdout)
    expect(story).toMatchObject({ id: REQUEST_ID, trace_ids: [TRACE_ID], duration_ms: 240.5, failed: true })
    expect(story.lines).toHaveLength(9)
    const [gateway] = story.hops
    const [call] = gateway.hops
    const [api] = call.hops
    expect(
      [gateway, call, api, api.hops[0]].map(({ kind, service, status_code, ended }) => [
        kind,
        service,
        status_code,
        ended,
      ]),
    ).toEqual([
      ['service', 'gateway', 502, true],
      ['call', 'gateway', 502, true],
      ['service', 'api', 502, true],
      ['service', 'billing', null, false],
    ])
    expect(api.failure).toBe('PaymentError: connect ECONNREFUSED')
  })

  it('has the error of a hop that failed, and not the line that only ends it', async () => {
    const ended = line(9, 'ERROR', 'api', 'Request completed', {
      request_id: 'r',
      status_code: 500,
      response_time_ms: 9,
    })
    const failed = line(5, 'ERROR', 'api', 'No', { request_id: 'r', error: 'why', error_type: 'E' })
    const failures = async (log: string) =>
      JSON.parse((await throughline(['trace', 'r', '--json', '-'], { input: log })).stdout).hops[0].failure
    expect(await failures(failed + ended)).toBe('E: why')
    expect(await failures(ended)).toBe(null)
  })
})

it('marks what it does not understand, and never as a success', async () => {
  const input = '{"request_id":"r-1","note":"of some other program","msg":"x"}\n'
  const { stdout } = await throughline(['trace', 'r-1'], { input })
  expect(stdout).toMatch(/^\? standard input x /m)
  expect(stdout).not.toContain('✓')
})

describe('throughline trace without an id', () => {
  const request = (ms: number, id: string, status_code: number, response_time_ms: number, service = 'gateway') =>
    line(ms, status_code >= 500 ? 'ERROR' : 'INFO', service, 'Request completed', {
      request_id: id,
      method: 'GET',
      path: `/${id}`,
      route: '/:id',
      status_code,
      response_time_ms,
    })
  const files = {
    'gateway.log': request(300, 'old', 500, 30) + request(900, 'fine', 200, 400) + request(800, 'new', 503, 20),
    'api.log':
      line(280, 'ERROR', 'api', 'No', { request_id: 'old', error: 'why', error_type: 'E' }) +
      request(290, 'old', 500, 10, 'api'),
  }

  it('lists the requests that failed, newest first, by their outermost service', async () => {
    const { stdout, status } = await throughline(['trace', '*.log'], { cwd: folderWith(files) })
    expect(status).toBe(0)
    expect(stdout).toBe(`2024-01-22
✗ 10:15:23.800Z  503  20 ms  gateway GET /:id
  new
✗ 10:15:23.300Z  500  30 ms  gateway GET /:id
  old  E: why

2 failed requests, newest first. throughline trace <id> shows one.
`)
  })

  it('lists the slowest with --slowest, as many as --limit says, and either as JSON', async () => {
    const cwd = folderWith(files)
    const json = async (...args: string[]) =>
      JSON.parse((await throughline(['trace', '--json', ...args], { cwd })).stdout)
    const slowest = await json('--slowest', '--limit', '2', '*.log')
    expect(slowest.total).toBe(3)
    expect(slowest.requests.map(({ id }: { id: string }) => id)).toEqual(['fine', 'old'])
    expect(await json('gateway.log', '--until', '2024-01-22T10:15:23.500Z')).toEqual({
      total: 1,
      requests: [
        {
          id: 'old',
          time: '2024-01-22T10:15:23.300Z',
          service: 'gateway',
          name: 'GET /:id',
          status_code: 500,
          duration_ms: 30,
          failed: true,
          failure: null,
        },
      ],
    })
  })

  it('reads standard input too, and says with its status that nothing failed', async () => {
    const input = request(900, 'fine', 200, 400)
    expect(await throughline(['trace'], { input })).toEqual({
      status: 1,
      stdout: '',
      stderr: 'throughline: no request failed\n',
    })
  })

  it('lists the newest of more requests than are kept, in bounded memory', async () => {
    const input = Array.from({ length: 30_000 }, (_, i) => request(i, `r${i}`, 500, i)).join('')
    const { stdout } = await throughline(['trace', '-', '--json', '-n', '3'], { input })
    const { total, requests } = JSON.parse(stdout)
    expect(total).toBe(30_000)
    expect(requests.map(({ id }: { id: string }) => id)).toEqual(['r29999', 'r29998', 'r29997'])
  })
})
