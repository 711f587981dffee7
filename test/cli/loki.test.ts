import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { recorded, refuse, type Stored, startStore } from './loki-store.js'
import { line, REQUEST_ID, shop } from './shop.js'
import { type Finished, folderWith, throughline } from './throughline.js'

const SINCE = ['--since', '2024-01-22T10:00Z', '--until', '2024-01-22T12:00Z']

/** Lines of the shop, as a collector would have pushed them. */
const entries: readonly Stored[] = Object.entries(shop).flatMap(([name, text]) =>
  String(text)
    .trimEnd()
    .split('\n')
    .map((each) => ({
      labels: { service_name: name.replace('.log', '') },
      time: BigInt(Date.parse(JSON.parse(each).timestamp)) * 1_000_000n,
      line: each,
    })),
)

const START = BigInt(Date.parse('2024-01-22T10:15:23Z')) * 1_000_000n

/** Numbered lines, each so many nanoseconds after the one before. */
function numbered(count: number, every: bigint): readonly Stored[] {
  return Array.from({ length: count }, (_, i) => ({
    labels: { service_name: i % 2 === 0 ? 'api' : 'web' },
    time: START + BigInt(i) * every,
    line: line(0, 'INFO', 'api', `line-${i}`).trimEnd(),
  }))
}

const shown = ({ stdout }: Finished) => (stdout.match(/line-\d+/g) ?? []).map((each) => Number(each.slice(5)))
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)

describe('--loki in the place of files', () => {
  it('gives every command what the files give it', async () => {
    const { url } = await startStore(entries)
    const cwd = folderWith(shop)
    const of = async (args: readonly string[]) => {
      const [store, files] = await Promise.all([
        throughline([...args, '--loki', url, ...SINCE]),
        throughline([...args, '*.log'], { cwd }),
      ])
      expect({ stderr: store.stderr, status: store.status }).toEqual({ stderr: '', status: files.status })
      return [store.stdout, files.stdout] as const
    }
    for (const args of [['pretty'], ['trace', REQUEST_ID], ['pretty', '--level', 'error']]) {
      const [store, files] = await of(args)
      expect(store).toBe(files)
    }
    const [store, files] = (await of(['stats', '--json'])).map((text) => JSON.parse(text))
    // What is first among equals depends on the order of the lines.
    const sorted = ({ routes, errors, ...rest }: { routes: object[]; errors: object[] }) => {
      const inOrder = (list: object[]) => list.map((each) => JSON.stringify(each)).sort()
      return { ...rest, files: [], slowest: [], routes: inOrder(routes), errors: inOrder(errors) }
    }
    expect(sorted(store)).toEqual(sorted(files))
    const [verified] = await of(['verify', '--json'])
    expect(JSON.parse(verified)).toMatchObject({ lines: entries.length })
    const [examined] = await of(['doctor', '--json'])
    expect(JSON.parse(examined)).toMatchObject({ lines: entries.length })
  })

  it('follows a request by asking the store for its ids only', async () => {
    const { url, requests } = await startStore(entries)
    await throughline(['trace', REQUEST_ID, '--loki', url, ...SINCE])
    const queries = requests.map((request) => request.url.searchParams.get('query'))
    expect(queries[0]).toBe(`{service_name=~".+"} |= ${JSON.stringify(REQUEST_ID)}`)
    expect(queries.every((query) => /\|[=~] "/.test(query ?? ''))).toBe(true)
  })

  it('puts the id behind the selector of any query', async () => {
    const { url, requests } = await startStore(entries)
    const query = '{app=~"a{1,2}}`"} | json | level="ERROR"'
    await throughline(['trace', 'r"1', '--loki', url, '--query', query, ...SINCE])
    expect(requests[0]?.url.searchParams.get('query')).toBe('{app=~"a{1,2}}`"} |= "r\\"1" | json | level="ERROR"')
  })

  it('asks for the last hour where no time is given, by LOKI_ADDR where there is only a query', async () => {
    const { url, requests } = await startStore([])
    const { stderr } = await throughline(['--query', '{app="api"}'], { env: { LOKI_ADDR: `${url}/` } })
    expect(stderr).toBe('')
    const { searchParams } = requests[0]?.url ?? new URL('http://x')
    expect(searchParams.get('query')).toBe('{app="api"}')
    expect(BigInt(searchParams.get('end') ?? 0) - BigInt(searchParams.get('start') ?? 0)).toBe(3_600_000_000_000n)
    expect(Math.abs(Number(searchParams.get('end')) / 1e6 - Date.now())).toBeLessThan(60_000)
  })

  it('reads the answers that a real Loki gave', async () => {
    for (const { result } of recorded.filter(({ result }) => result?.resultType === 'streams')) {
      const trouble = (_: unknown, response: import('node:http').ServerResponse) => {
        response.end(JSON.stringify({ status: 'success', data: result }))
        return true
      }
      const { url } = await startStore([], { trouble })
      const { stdout, stderr } = await throughline(['--loki', url, '--all', ...SINCE])
      expect(stderr).toBe('')
      const lines = result?.result.flatMap(({ values }) => values.map(([, each]) => each)) ?? []
      expect(stdout.trimEnd().split('\n').length).toBeGreaterThanOrEqual(lines.length)
    }
  })
})

describe('pages', () => {
  it.each([
    ['of 5,000 lines each', numbered(12_345, 1_000_000n), {}],
    ['of as many lines as the server allows', numbered(1000, 1_000_000n), { mostLines: 150 }],
    [
      'with many lines of one time where one ends',
      numbered(1000, 0n).slice(0, 98).concat(numbered(500, 7n)),
      { mostLines: 100 },
    ],
    [
      'of shorter spans, where the server answers no longer ones',
      numbered(120, 30_000_000_000n),
      { longest: 600_000_000_000n },
    ],
  ] as const)('%s give every line once', async (_, stored, options) => {
    const { url } = await startStore(stored, options)
    const finished = await throughline(['--loki', url, '--all', ...SINCE])
    expect(finished.stderr).toBe('')
    expect(shown(finished).toSorted((a, b) => a - b)).toEqual(
      stored.map((each) => Number(/line-(\d+)/.exec(each.line)?.[1])).toSorted((a, b) => a - b),
    )
  })

  it('say which lines of one time Loki does not give', async () => {
    const { url } = await startStore([...numbered(250, 0n), ...numbered(5, 1_000_000_000n).slice(1)], {
      mostLines: 100,
    })
    const finished = await throughline(['--loki', url, '--all', ...SINCE])
    expect(shown(finished)).toHaveLength(100 + 4)
    expect(finished.stderr).toContain('100 lines or more have the time 2024-01-22T10:15:23.000Z')
  })

  it('end at the bound of --fetch, and say so; verify calls that incomplete', async () => {
    const { url } = await startStore(numbered(1000, 1_000_000n), { mostLines: 150 })
    const args = ['--loki', url, ...SINCE, '--fetch', '400']
    const finished = await throughline(['--all', ...args])
    expect(shown(finished)).toEqual(upTo(400))
    expect(finished.stderr).toContain(
      'only the first 400 lines were fetched, up to 2024-01-22T10:15:23.399Z; --fetch raises the bound',
    )
    const verify = await throughline(['verify', ...args])
    expect(verify.status).toBe(1)
    expect(verify.stdout).toContain('only the first 400 lines were fetched')
    expect((await throughline(['stats', ...args])).stdout).toContain('only the first 400 lines were fetched')
  })
})

describe('a server in trouble', () => {
  const [rateLimited] = recorded.filter(({ status }) => status === 429)

  it.each([
    ['429 as recorded', (response: import('node:http').ServerResponse) => refuse(response, 429, rateLimited?.error)],
    ['503', (response: import('node:http').ServerResponse) => refuse(response, 503, 'too many outstanding requests')],
    ['a connection that is cut', (response: import('node:http').ServerResponse) => response.destroy()],
    [
      'a cut answer',
      (response: import('node:http').ServerResponse) =>
        response.writeHead(200, { 'content-length': 99 }).write('{', () => response.destroy()),
    ],
  ])('(%s, every second time) is asked again', async (_, fail) => {
    let count = 0
    const trouble = (__: unknown, response: import('node:http').ServerResponse) => {
      if (count++ % 2 === 1) return false
      fail(response)
      return true
    }
    const { url } = await startStore(numbered(250, 1_000_000n), { mostLines: 200, trouble })
    const finished = await throughline(['--loki', url, '--all', ...SINCE])
    expect({ stderr: finished.stderr, status: finished.status }).toEqual({ stderr: '', status: 0 })
    expect(shown(finished)).toEqual(upTo(250))
  })

  it.each([
    [
      'a parse error',
      ['--query', '{namespace!="production"}'],
      undefined,
      'queries require at least one regexp or equality matcher',
    ],
    [
      '401',
      [],
      (response: import('node:http').ServerResponse) => refuse(response, 401, 'no org id'),
      '401 no org id (LOKI_USERNAME and LOKI_PASSWORD',
    ],
    [
      'a redirect',
      [],
      (response: import('node:http').ServerResponse) => response.writeHead(302, { location: '/login' }).end(),
      '302 a redirect, which is not followed',
    ],
    [
      'another program',
      [],
      (response: import('node:http').ServerResponse) => response.end('<html>'),
      'the answer is no JSON',
    ],
    [
      'a query for numbers',
      [],
      (response: import('node:http').ServerResponse) =>
        response.end(JSON.stringify({ data: recorded.find(({ result }) => result?.resultType === 'matrix')?.result })),
      'the query gives matrix; accepted: a query for lines',
    ],
  ] as const)('(%s) is named at once, with status 2', async (_, args, answer, words) => {
    const trouble = (__: unknown, response: import('node:http').ServerResponse) => {
      answer?.(response)
      return answer !== undefined
    }
    const { url, requests } = await startStore([], { trouble })
    for (const command of ['pretty', 'stats', 'verify', 'doctor']) {
      const { status, stderr, stdout } = await throughline([command, '--loki', url, ...args, ...SINCE])
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
      expect(stderr).toMatch(/^throughline: loki/)
      expect(stderr).toContain(words)
    }
    expect(requests).toHaveLength(4)
  })
})

describe('the connection', () => {
  const file = (name: string) => join(import.meta.dirname, '../shipping/tls', name)
  const headersFor = async (env: Record<string, string>, userinfo = '') => {
    const { url, requests } = await startStore([])
    await throughline(['--loki', url.replace('://', `://${userinfo}`), ...SINCE], { env })
    return requests[0]?.headers
  }

  it("has logcli's credentials and tenant", async () => {
    expect(await headersFor({ LOKI_USERNAME: 'u', LOKI_PASSWORD: 'p', LOKI_ORG_ID: 'team-a' })).toMatchObject({
      authorization: `Basic ${btoa('u:p')}`,
      'x-scope-orgid': 'team-a',
    })
    expect(await headersFor({ LOKI_BEARER_TOKEN: 't' })).toMatchObject({ authorization: 'Bearer t' })
    const cwd = folderWith({ token: 'from-a-file\n' })
    expect(await headersFor({ LOKI_BEARER_TOKEN_FILE: join(cwd, 'token') })).toMatchObject({
      authorization: 'Bearer from-a-file',
    })
    expect(await headersFor({ LOKI_BEARER_TOKEN: 't', LOKI_AUTH_HEADER: 'X-Token' })).toMatchObject({
      'x-token': 'Bearer t',
    })
    expect(await headersFor({}, 'user:p%40ss@')).toMatchObject({ authorization: `Basic ${btoa('user:p@ss')}` })
    expect((await headersFor({}))?.authorization).toBeUndefined()
  })

  it('is trusted by the authority of LOKI_CA_CERT_PATH only', async () => {
    const tls = { key: readFileSync(file('key.pem')), cert: readFileSync(file('cert.pem')) }
    const { url } = await startStore(numbered(3, 1n), { tls })
    const run = (env: Record<string, string>) => throughline(['--loki', url, '--all', ...SINCE], { env })
    expect(shown(await run({ LOKI_CA_CERT_PATH: file('cert.pem') }))).toEqual([0, 1, 2])
    expect(shown(await run({ LOKI_TLS_SKIP_VERIFY: 'true' }))).toEqual([0, 1, 2])
    const { status, stderr } = await run({})
    expect(status).toBe(2)
    expect(stderr).toMatch(/self-signed certificate.*; LOKI_CA_CERT_PATH names the file/)
  })

  it.each([
    [
      ['--loki', 'localhost:3100'],
      {},
      '--loki: got the protocol "localhost:"; accepted: a URL such as http://localhost:3100',
    ],
    [['--loki', 'nowhere'], {}, '--loki: got "nowhere"; accepted: a URL'],
    [['--query', '{a="b"}'], {}, '--loki or LOKI_ADDR is missing'],
    [['--loki', 'http://127.0.0.1:1', 'a.log'], {}, '--loki reads no files; got a.log'],
    [['--loki', 'http://127.0.0.1:1', '--follow'], {}, '--follow reads files and standard input'],
    [['--loki', 'http://127.0.0.1:1', '--since', '1h', '--until', '2h'], {}, '--since is not before --until'],
    [['--loki', 'http://127.0.0.1:1'], { LOKI_CA_CERT_PATH: 'nowhere.pem' }, 'LOKI_CA_CERT_PATH: ENOENT'],
    [['--loki', 'http://127.0.0.1:1'], { LOKI_USERNAME: 'u', LOKI_BEARER_TOKEN: 's3cret' }, 'accepted: one of them'],
    [['--loki', 'http://127.0.0.1:1'], { LOKI_BEARER_TOKEN: 's3cret\nX: y' }, 'LOKI_BEARER_TOKEN holds a character'],
    [['--loki', 'http://127.0.0.1:1', '--fetch', '0'], {}, 'It must be a whole number above 0'],
  ] as const)('is refused for %j', async (args, env, problem) => {
    const { status, stderr } = await throughline(args, { env })
    expect(status).toBe(2)
    expect(stderr).toContain(problem)
    expect(stderr).not.toContain('s3cret')
  })
})
