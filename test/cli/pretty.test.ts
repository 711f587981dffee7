import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { line, shop } from './shop.js'
import { folderWith, throughline } from './throughline.js'

const T = '2024-01-22T10:15:23'
const input = [
  line(0, 'INFO', 'api', 'started', { port: 3000 }),
  line(1000, 'WARN', 'api', 'slow', { request_id: 'r-1', response_time_ms: 900, query: 'a b' }),
  'Listening on 3000\n',
  line(2000, 'ERROR', 'web', 'failed', {
    status_code: 500,
    error: 'no',
    error_type: 'E',
    traceback: 'E: no\n    at x',
  }),
].join('')

const pretty = async (args: readonly string[], given = input) => (await throughline(args, { input: given })).stdout

describe('throughline, which is throughline pretty', () => {
  it('shows one line a record, an error indented under it, and passes on what is no JSON', async () => {
    const expected = `2024-01-22 10:15:23.000Z INFO  api started port=3000
2024-01-22 10:15:24.000Z WARN  api slow response_time_ms=900 query="a b" ‹req r-1›
Listening on 3000
2024-01-22 10:15:25.000Z ERROR web failed status_code=500
    E: no
        at x
`
    expect(await pretty([])).toBe(expected)
    expect(await pretty(['pretty', '-'])).toBe(expected)
  })

  it.each([
    [
      ['--level', 'warn'],
      ['slow', 'Listening', 'failed'],
    ],
    [
      ['-l', 'ERROR'],
      ['Listening', 'failed'],
    ],
    [['--where', 'status_code>=500 and service=web'], ['failed']],
    [['--where', 'response_time_ms > 100'], ['slow']],
    [
      ['--since', `${T.slice(0, -2)}24`],
      ['slow', 'failed'],
    ],
    [['--until', `${T.slice(0, -2)}24Z`], ['started']],
    [['--since', '5m'], []],
    [
      ['--grep', 'port|Listen'],
      ['started', 'Listening'],
    ],
    [['--grep', 'api', '--level', 'warn'], ['slow']],
  ])('%j shows %j', async (args, expected) => {
    const shown = (await pretty(args)).split('\n').filter((row) => /^\S/.test(row))
    expect(shown.map((row) => /started|slow|Listening|failed/.exec(row)?.[0])).toEqual(expected)
  })

  it('shows only the fields that are asked for', async () => {
    expect(await pretty(['--fields', 'query,status_code', '--grep', 'slow'])).toBe(
      '2024-01-22 10:15:24.000Z WARN  api slow query="a b"\n',
    )
  })

  it('makes terminal escapes harmless, in records and in text', async () => {
    const evil = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202e'
    const fields = { [`key${evil}`]: evil, nested: { evil }, error: evil, error_type: evil }
    const out = await pretty(
      [],
      `${line(0, evil, evil, evil, fields)}text ${evil}\n[pod/${evil.replace(']', '')}/c] {"a":1}\n`,
    )
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u)
    expect(out).toContain('\\u001b[2J')
  })

  it('colours only where that is asked for, and not with NO_COLOR', async () => {
    const colors = async (args: string[], env: Record<string, string>) =>
      (await throughline(args, { input, env })).stdout.includes('\u001b[')
    expect(await colors([], {})).toBe(false)
    expect(await colors(['--color'], {})).toBe(true)
    expect(await colors([], { FORCE_COLOR: '1' })).toBe(true)
    expect(await colors([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false)
    expect(await colors(['--no-color'], { FORCE_COLOR: '1' })).toBe(false)
  })

  it("reads pino's and bunyan's lines", async () => {
    const pino = '{"level":30,"time":1705918523120,"pid":1,"hostname":"h","msg":"hello","a":1}\n'
    const bunyan =
      '{"name":"app","hostname":"h","pid":1,"level":50,"msg":"oh","time":"2024-01-22T10:15:23.120Z","v":0}\n'
    expect(await pretty([], pino + bunyan)).toBe(
      '2024-01-22 10:15:23.120Z INFO  hello a=1\n2024-01-22 10:15:23.120Z ERROR app oh\n',
    )
  })

  it('shows where a line came from when it does not say, and text that only looks like a prefix as it is', async () => {
    const lines = ['[pod/api-7d9f/api] {"message":"x"}', '[pod/api-7d9f/api] plain', 'api-1  | plain', 'WARN | full']
    const out = await pretty([], lines.map((each) => `${each}\n`).join(''))
    expect(out).toBe('       api-7d9f/api x\n[api-7d9f/api] plain\napi-1  | plain\nWARN | full\n')
  })

  it('reads several files', async () => {
    const cwd = folderWith(shop)
    const { stdout } = await throughline(['--fields', 'none', 'gateway.log', 'billing.log'], { cwd })
    expect(stdout.split('\n').filter((row) => row.startsWith('2024'))).toHaveLength(7)
  })
})

describe('rows of some width', () => {
  const failing = line(400, 'ERROR', 'billing', 'Charge failed', {
    ...{ pod: 'billing-7d9f', environment: 'production', user_agent: 'undici', remote_addr: '10.0.0.5', seq: 7 },
    request_id: 'a1b2c3d4-1111-4222-8333-444455556666',
    amount: 129.5,
    note: 'the customer was asked twice, and the bank gave no reason for it',
    error: 'card declined',
    error_type: 'PaymentError',
    error_code: 'E_DECLINED',
    error_details: { decline_code: 'insufficient_funds', retryable: false },
    traceback:
      'PaymentError: card declined\n    at charge (/srv/shop/billing/src/charges/charge-the-card.js:20:11)\n    at Client.send (/srv/shop/node_modules/.pnpm/stripe@14.0.0/node_modules/stripe/lib/client.js:310:9)\nCaused by: StripeCardError: insufficient funds\n    at generate (/srv/shop/node_modules/stripe/lib/error.js:20:9)',
  })

  it.each([60, 80, 120, 160])('%i columns', async (columns) => {
    const cwd = folderWith({ ...shop, 'failing.log': failing })
    const { stdout } = await throughline(['*.log'], { cwd, env: { COLUMNS: String(columns) } })
    expect(Math.max(...stdout.split('\n').map((row) => [...row].length))).toBeLessThanOrEqual(columns)
    await expect(stdout).toMatchFileSnapshot(`golden/pretty-${columns}.txt`)
  })

  it('leave out what is the same on every line, unless it is asked for', async () => {
    const constant = /pod=|environment=|user_agent=|remote_addr=|seq=|a1b2c3d4-1111/
    expect(await pretty([], failing)).not.toMatch(constant)
    const all = await pretty(['--all'], failing)
    for (const text of ['pod=billing-7d9f', 'seq=7', 'request_id=a1b2c3d4-1111-4222-8333-444455556666'])
      expect(all).toContain(text)
    expect(await pretty(['--fields', 'remote_*,seq'], failing)).toMatch(/Charge failed remote_addr=10\.0\.0\.5 seq=7\n/)
    expect(await pretty(['--hide', 'amo*,no?e,error*,traceback'], failing)).toMatch(/Charge failed ‹req a1b2c3›\n$/)
  })

  it('have the source of the first own frame with --source, where the file is there and holds source code', async () => {
    const cwd = folderWith({ 'pay.js': 'one\n  two()\n', 'secret.pem': 'key\nkey' })
    const shown = async (file: string, ...args: string[]) => {
      const traceback = `E: no\n    at node:x:1:1\n    at pay (${file}:2:3)\n    at pay (${cwd}/pay.js:1:1)`
      return pretty(args, line(0, 'ERROR', 'api', 'failed', { error: 'no', error_type: 'E', traceback }))
    }
    expect(await shown(`${cwd}/pay.js`, '--source')).toContain(`pay.js:2:3)\n          › two()\n`)
    expect(await shown(`file://${cwd}/pay.js`, '--source')).toContain(`pay.js:2:3)\n          › two()\n`)
    expect(await shown(`${cwd}/pay.js`)).not.toContain('›')
    for (const file of [`${cwd}/gone.js`, `${cwd}/secret.pem`, '/dev/zero'])
      expect(await shown(file, '--source')).not.toContain('›')
  })

  it('are in the zone of this machine with --local, and marked as UTC without', async () => {
    const env = { TZ: 'America/New_York' }
    const first = async (...args: string[]) => (await throughline(args, { input, env })).stdout.split('\n')[0]
    expect(await first()).toBe('2024-01-22 10:15:23.000Z INFO  api started port=3000')
    expect(await first('--local')).toBe('2024-01-22 05:15:23.000 INFO  api started port=3000')
  })
})

describe('several files', () => {
  const messages = (out: string) => out.match(/m-[\d]+/g)
  const entry = (ms: number, id: number) => line(ms, 'INFO', 'api', `m-${id}`)

  it('are merged by time, also where one of them goes backwards, and a line without a time stays behind its record', async () => {
    const cwd = folderWith({
      'a.log': entry(10, 2) + entry(50, 6) + entry(30, 4) + entry(70, 8),
      'b.log': `${entry(0, 1)}${entry(20, 3)}    at text m-30\n${entry(40, 5)}${entry(60, 7)}`,
      'empty.log': '',
      'text.log': 'only text m-0\n',
    })
    const { stdout } = await throughline(['*.log'], { cwd })
    expect(messages(stdout)).toEqual(['m-0', 'm-1', 'm-2', 'm-3', 'm-30', 'm-4', 'm-5', 'm-6', 'm-7', 'm-8'])
    const { stdout: unsorted } = await throughline(['--no-sort', 'a.log', 'b.log'], { cwd })
    expect(messages(unsorted)).toEqual(['m-2', 'm-6', 'm-4', 'm-8', 'm-1', 'm-3', 'm-30', 'm-5', 'm-7'])
  })

  it('are in order where none fits into memory whole, and one is far behind another', async () => {
    const count = 150_000
    const text = (of: (i: number) => boolean) => {
      let all = ''
      for (let i = 0; i < count; i++) if (of(i)) all += entry(i, i)
      return all
    }
    // The first has a line from far back once in a while, as sampling writes it.
    const late = (i: number) => i % 10_007 === 0
    const lines = text((i) => i % 3 === 0 && !late(i)).split('\n')
    for (let i = 0; i < count; i += 10_007)
      lines.splice(Math.min(lines.length - 1, Math.floor(i / 3) + 3000), 0, entry(i, i).trim())
    const cwd = folderWith({
      'a.log': lines.join('\n'),
      'b.log': text((i) => i % 3 === 1 && !late(i) && i < 75_000),
      'c.log.gz': gzipSync(text((i) => i % 3 === 1 && !late(i) && i >= 75_000)),
      'd.log': text((i) => i % 3 === 2 && !late(i)),
    })
    const { stdout } = await throughline(['--json', '*.log', '*.gz'], { cwd, node: ['--max-old-space-size=180'] })
    const shown = stdout
      .trim()
      .split('\n')
      .map((row) => Number(/m-(\d+)/.exec(row)?.[1]))
    expect(shown).toHaveLength(count)
    expect(shown.findIndex((id, i) => id !== i)).toBe(-1)
  })

  it('are sorted with --sort where one is standard input', async () => {
    const cwd = folderWith({ 'a.log': entry(10, 1) + entry(30, 3) })
    const given = { cwd, input: entry(40, 4) + entry(20, 2) }
    expect(messages((await throughline(['--sort', '-', 'a.log'], given)).stdout)).toEqual(['m-1', 'm-2', 'm-3', 'm-4'])
    expect(messages((await throughline(['-', 'a.log'], given)).stdout)).toEqual(['m-4', 'm-2', 'm-1', 'm-3'])
  })
})

describe('output for programs', () => {
  const big = '{"timestamp":"2024-01-22T10:15:23.000Z","level":"INFO","message":"x","id":12345678901234567890}\n'
  const pino = '{"level":50,"time":1705918523120,"pid":1,"hostname":"h","msg":"hello","a":1}\n'
  const json = async (args: readonly string[], given = input) =>
    (await pretty(['--json', ...args], given))
      .split('\n')
      .filter(Boolean)
      .map((row) => JSON.parse(row))

  it('has the matching records as they are, digit by digit, and no text', async () => {
    expect(await pretty(['--json', '--level', 'warn'])).toBe(
      `${input
        .split('\n')
        .filter((row) => /WARN|ERROR/.test(row))
        .join('\n')}\n`,
    )
    expect(await pretty(['--json'], big)).toBe(big)
    expect(await pretty([], big)).toContain(' x id=12345678901234567890\n')
  })

  it('has our names for the lines of others, and the name of what a line came from', async () => {
    expect(await json([], `[pod/api-7d9f/api] ${pino}`)).toEqual([
      { timestamp: '2024-01-22T10:15:23.120Z', level: 'ERROR', message: 'hello', a: 1, service: 'api-7d9f/api' },
    ])
  })

  it('has the fields that are asked for, beside time, level and message', async () => {
    expect(await json(['--fields', 'response_*', '--grep', 'slow'])).toEqual([
      { timestamp: `${T.slice(0, -2)}24.000Z`, level: 'WARN', message: 'slow', response_time_ms: 900 },
    ])
    expect(await json(['--hide', 'request_id,query,service', '--grep', 'slow'])).toEqual([
      { timestamp: `${T.slice(0, -2)}24.000Z`, level: 'WARN', message: 'slow', response_time_ms: 900 },
    ])
  })

  it('ends after --limit, and counts with --count', async () => {
    expect((await pretty(['--limit', '2'])).match(/started|slow|Listening|failed/g)).toEqual(['started', 'slow'])
    expect(await json(['-n', '1', '--level', 'error'])).toHaveLength(1)
    expect(await pretty(['--count'])).toBe('4\n')
    expect(await pretty(['--count', '--level', 'warn', '--where', 'service'])).toBe('2\n')
    expect(await pretty(['--count', '--json'])).toBe('{"count":3}\n')
    expect(await pretty(['--count', '--limit', '2'])).toBe('2\n')
  })

  it('has the summary lines of sampling, which people do not see unless they ask', async () => {
    const summary = line(0, 'INFO', 'api', 'Request summary', { method: 'GET', route: '/a', count: 3 })
    expect(await pretty([], summary)).toBe('')
    for (const args of [['--json'], ['--all'], ['--grep', 'summary']])
      expect(await pretty(args, summary)).toContain('Request summary')
  })
})
