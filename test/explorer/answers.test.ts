import { randomBytes } from 'node:crypto'
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { line, REQUEST_ID, shop } from '../cli/shop.js'
import { folderWith, until } from '../cli/throughline.js'
import { ALL, type Explorer, explorer, finished, linesOf, loki, raw, type Streams, type Vector } from './explorer.js'

interface Account {
  readonly read: number
  readonly stored: number
  readonly unreadable: number
  readonly text: number
  readonly cut: number
  readonly missing?: number
  readonly sampledOut?: number
}

async function account({ port, token }: Explorer): Promise<Account> {
  const { body } = await raw(port, '/api/status', { authorization: `Bearer ${token}` })
  return (JSON.parse(body) as { readonly account: Account }).account
}

async function stored(found: Explorer): Promise<number> {
  const { result } = await loki<Vector>(found, 'query', {
    query: 'sum(count_over_time({app=~".+"}[200y]))',
    time: '4000000000000000000',
  })
  return Number(result[0]?.value[1] ?? 0)
}

const three = [1, 2, 3].map((i) => line(i, 'INFO', 'api', `line-${i}`)).join('')

describe('every line that was read is in the table, or named: a file', () => {
  const random = randomBytes(100_000)
  const damaged: Readonly<Record<string, string | Buffer>> = {
    torn: three.slice(0, -2),
    'torn in the middle': `${three.slice(0, 40)}\n${three}`,
    binary: Buffer.concat([random, Buffer.from(`\n${three}`)]),
    empty: '',
    'one byte': '\u001f',
    newlines: '\n'.repeat(1000),
    'with a byte-order mark': `\ufeff${three}`,
    'with CRLF': three.replaceAll('\n', '\r\n'),
    'with every control character': Array.from({ length: 32 }, (_, i) => `a${String.fromCharCode(i)}b`).join('\n'),
    'with a delimiter of a segment in a record': three.replace('line-2', 'line\u0001-2'),
    'with a line of 20 MB': three.replace('line-2', `line-2 ${'x'.repeat(20_000_000)}`),
    'with an invalid time': three.replace('2024-01-22', '2024-99-99'),
    'with invalid UTF-8': Buffer.concat([
      Buffer.from(three),
      random.subarray(0, 99),
      Buffer.from(`\xc3\n${three}`, 'latin1'),
    ]),
    'torn gzip': gzipSync(three.repeat(3000)).subarray(0, -30),
    'gzip with something behind': Buffer.concat([gzipSync(three), Buffer.from('rubbish')]),
    'of text alone': 'Listening on 80\nError: x\n    at y (z.js:1:1)\n',
    'of pino': '{"level":50,"time":1705918523120,"name":"api","msg":"failed"}\n',
  }

  it.each(Object.keys(damaged))('%s', async (name) => {
    const found = await explorer(['a.log'], { cwd: folderWith({ 'a.log': damaged[name] ?? '' }) })
    const { read, stored: inTable, unreadable } = await account(found)
    expect(inTable + unreadable).toBe(read)
    expect(await stored(found)).toBe(inTable)
    const text = String(damaged[name])
    if (text.includes('line-1')) expect(read).toBeGreaterThanOrEqual(3)
  })
})

describe('the scenario', () => {
  const at = (
    ms: number,
    level: string,
    service: string,
    message: string,
    fields: Readonly<Record<string, unknown>> = {},
  ) => line(ms, level, service, message, { namespace: 'production', ...fields })
  const failing = Array.from({ length: 4000 }, (_, i) =>
    at(i * 60, 'ERROR', 'api-service', 'Database connection failed', {
      request_id: `r-${i}`,
      error_type: 'DatabaseConnectionError',
    }),
  )
  const files = {
    'api.log': failing.join(''),
    'gateway.log': [
      at(5, 'INFO', 'gateway', 'Request completed', {
        request_id: 'abc-123-def',
        response_time_ms: 1200.5,
        status_code: 200,
      }),
      at(6, 'INFO', 'gateway', 'Request completed', {
        request_id: 'abc-123-defg',
        response_time_ms: 999,
        status_code: 200,
      }),
    ].join(''),
  }

  it('gets its five queries answered', async () => {
    const found = await explorer(['*.log'], { cwd: folderWith(files) })
    const ask = async (query: string) => linesOf(await loki<Streams>(found, 'query_range', { ...ALL, query }))
    expect(await ask('{namespace="production"} |= "ERROR" | json')).toHaveLength(4000)
    expect(await ask('{namespace="production"} | json | request_id="abc-123-def"')).toHaveLength(1)
    expect(await ask('{app="api-service"} |= "DatabaseConnectionError" | json')).toHaveLength(4000)
    expect(await ask('{namespace="production"} | json | response_time_ms > 1000')).toEqual([
      expect.stringContaining('"response_time_ms":1200.5'),
    ])
    const time = String(Date.parse('2024-01-22T10:19:23Z') * 1e6)
    const query = 'sum(rate({namespace="production"} |= "ERROR"[5m])) by (app)'
    const { result } = await loki<Vector>(found, 'query', { query, time })
    expect(result).toEqual([{ metric: { app: 'api-service' }, value: [expect.any(Number), String(4000 / 300)] }])
    expect(await loki(found, 'labels', ALL)).toEqual(['app', 'level', 'namespace'])
    expect(await loki(found, 'label/app/values', ALL)).toEqual(['api-service', 'gateway'])
  })

  it('answers queries that are asked at once as it answers one alone', async () => {
    const found = await explorer(['*.log'], { cwd: folderWith(files) })
    const query = '{namespace="production"} |= "ERROR" | json'
    const all = await Promise.all(
      Array.from({ length: 8 }, () => loki<Streams>(found, 'query_range', { ...ALL, query, limit: '500' })),
    )
    expect(all.map((answer) => linesOf(answer).length)).toEqual(new Array(8).fill(500))
  })

  it('says which of its three alerts would have fired, and when', async () => {
    const rules = `groups:
  - name: story
    rules:
      - alert: Errors
        expr: sum(rate({namespace="production"} |= "ERROR"[5m])) by (app) > 10
        annotations: { summary: "{{ $labels.app }} has {{ $value }} errors a second" }
      - alert: Database
        expr: count_over_time({app="api-service"} |= "DatabaseConnectionError"[5m]) > 5
        for: 2m
      - alert: Silence
        expr: sum(count_over_time({app="api-service"}[5m])) == 0
      - alert: Nobody
        expr: absent_over_time({app="nobody"}[5m])
`
    const cwd = folderWith({ ...files, 'rules.yaml': rules })
    const { status, stdout } = await finished(['--rules', 'rules.yaml', '--json', '*.log'], cwd)
    expect(status).toBe(1)
    const { firings } = JSON.parse(stdout) as { readonly firings: readonly Readonly<Record<string, unknown>>[] }
    expect(firings.map(({ alert, from }) => [alert, from])).toEqual([
      ['Errors', '2024-01-22T10:19:00.000Z'],
      ['Database', '2024-01-22T10:18:00.000Z'],
      ['Nobody', '2024-01-22T10:16:00.000Z'],
    ])
    const quiet = await finished(
      ['--rules', 'rules.yaml', 'gateway.log'],
      folderWith({ ...files, 'rules.yaml': rules.replace(/ {6}- alert: Nobody[\s\S]*/, '') }),
    )
    expect({ status: quiet.status, stdout: quiet.stdout }).toEqual({
      status: 0,
      stdout: '3 alerts over 2 lines (0 unreadable): none would have fired\n',
    })
  })

  it('evaluates the rules of the example', async () => {
    const rules = join(import.meta.dirname, '../../examples/kubernetes/loki/rules/techflow.yaml')
    const crash = line(1, 'FATAL', 'api', 'Process crashed', {
      namespace: 'techflow',
      pod: 'api-1',
    })
    const cwd = folderWith({ 'a.log': crash })
    const { status, stdout, stderr } = await finished(['--rules', rules, '--json', 'a.log'], cwd)
    expect(stderr).toBe('')
    expect(JSON.parse(stdout).problems).toEqual([])
    expect(status).toBe(1)
    expect(readFileSync(rules, 'utf8')).toContain('Crashed')
    expect(stdout).toContain('"alert":"Crashed"')
  })

  it.each([
    ['groups: 1', '"groups" must be a list'],
    ['groups: [{ name: a, rules: [{ alert: b }] }]', 'groups[0].rules[0]: "expr" must be text'],
    ['groups: [{ name: a, rules: [{ alert: b, expr: "{a=", for: 5x }] }]', '"for" must be a duration'],
    ['a: [', 'rules.yaml'],
  ])('refuses the rules %s', async (rules, problem) => {
    const { status, stderr } = await finished(
      ['--rules', 'rules.yaml', 'a.log'],
      folderWith({ 'a.log': three, 'rules.yaml': rules }),
    )
    expect(status).toBe(2)
    expect(stderr).toContain(problem)
  })
})

describe('the explorer', () => {
  it('reads standard input, gzip, and globs', async () => {
    const gzip = await explorer(['logs/*'], {
      cwd: folderWith({ 'logs/a.log.gz': gzipSync(three), 'logs/b.log': three }),
    })
    expect(await stored(gzip)).toBe(6)
    const piped = await explorer([], { input: three })
    await until(() => true)
    await expect.poll(() => stored(piped)).toBe(3)
  })

  it('takes what is missing, and what sampling left out, from the lines themselves', async () => {
    const numbered = (seq: number, message: string, fields = {}) =>
      line(seq, 'INFO', 'api', message, { boot_id: 'b', seq, ...fields })
    const log =
      [1, 2, 5, 6].map((seq) => numbered(seq, 'x')).join('') +
      numbered(7, 'Log stats', { log_type: 'logger', sampled_out: 12, dropped: 0 })
    const found = await explorer(['a.log'], { cwd: folderWith({ 'a.log': log }) })
    expect(await account(found)).toMatchObject({ read: 5, missing: 2, sampledOut: 12 })
  })

  it('sends a new line to a tail that asks for it, through truncation and rotation', async () => {
    const cwd = folderWith({ 'a.log': three })
    const path = join(cwd, 'a.log')
    const { port, token } = await explorer(['a.log'], { cwd })
    const query = encodeURIComponent('{app="api"} |= "wanted"')
    const socket = new WebSocket(`ws://127.0.0.1:${port}/loki/api/v1/tail?query=${query}`, [
      'throughline-tail',
      `throughline-token.${token}`,
    ])
    const got: string[] = []
    const times: number[] = []
    socket.on('message', (data) => {
      const { streams } = JSON.parse(String(data)) as { readonly streams: Streams['result'] }
      got.push(...streams.flatMap(({ values }) => values.map(([, text]) => text)))
      times.push(Date.now())
    })
    await new Promise((resolve) => socket.on('open', resolve))
    const sent = Date.now()
    appendFileSync(path, line(10, 'INFO', 'api', 'wanted 1') + line(11, 'INFO', 'api', 'other'))
    await until(() => got.length === 1)
    expect((times[0] ?? 0) - sent).toBeLessThan(5000)
    renameSync(path, `${path}.1`)
    writeFileSync(path, line(12, 'INFO', 'api', 'wanted 2'))
    await until(() => got.length === 2)
    // Shorter than what was read: the file was cut, and is read from its start.
    writeFileSync(path, `${JSON.stringify({ level: 'INFO', service: 'api', message: 'wanted 3' })}\n`)
    await until(() => got.length === 3)
    expect(got[0]).toContain('wanted 1')
    socket.close()
  })

  it('counts a line once that had no end yet when it was read', async () => {
    const cwd = folderWith({ 'a.log': three.slice(0, -20) })
    const found = await explorer(['a.log'], { cwd })
    expect(await stored(found)).toBe(3)
    appendFileSync(join(cwd, 'a.log'), three.slice(-20) + line(4, 'INFO', 'api', 'line-4'))
    await expect.poll(() => stored(found)).toBe(4)
    expect(await account(found)).toMatchObject({ read: 4, stored: 4 })
  })

  it('gives a request over all services, as throughline trace does', async () => {
    const found = await explorer(['*.log'], { cwd: folderWith(shop) })
    const path = `?id=${REQUEST_ID}&start=${ALL.start}&end=${ALL.end}`
    const { body } = await raw(found.port, `/api/request${path}`, { authorization: `Bearer ${found.token}` })
    const story = JSON.parse(body) as {
      readonly hops: readonly { readonly service: string }[]
      readonly lines: readonly unknown[]
    }
    expect(new Set(story.hops.map(({ service }) => service))).toEqual(new Set(['gateway', 'api', 'billing']))
    expect(story.lines).toHaveLength(9)
    const page = await raw(found.port, `/api/request-page${path}`, { authorization: `Bearer ${found.token}` })
    expect(page.body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  })

  it.each([
    [['--port', 'x', 'a.log'], '--port: got x; accepted: 0 to 65535'],
    [['--loki', 'nowhere'], '--loki: got nowhere; accepted: a URL'],
    [['--nothing'], "Unknown option '--nothing'"],
    [['nowhere.log'], 'nowhere.log: no such file'],
    [['--max-bytes', '1KB', 'a.log'], 'more than --max-bytes'],
    [['--memory', 'much', 'a.log'], '--memory: got much; accepted: a size'],
  ])('refuses %j', async (args, problem) => {
    const { status, stderr } = await finished(args, folderWith({ 'a.log': three.repeat(20) }))
    expect(status).toBe(2)
    expect(stderr).toContain(problem)
    expect(stderr).not.toMatch(/^\s+at /m)
  })
})
