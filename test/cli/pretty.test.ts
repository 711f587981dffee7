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
