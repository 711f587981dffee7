import { context, createLogger, type FormatName, memory } from 'throughline'
import { describe, expect, it } from 'vitest'
import { folderWith, throughline } from './throughline.js'

const FORMATS = ['json', 'ecs', 'otel', 'gcp', 'datadog', 'splunk', 'cloudwatch', 'pino'] as const

/** A request that answered 500, and one that did not, as a real logger writes them. */
async function written(format: FormatName): Promise<string> {
  const destination = memory()
  const log = createLogger({ service: 'api', format, sequence: true, destination, env: {} })
  for (const [i, status_code] of [200, 500].entries()) {
    context.run({ request_id: `req-${i}`, trace_id: `${i + 5}`.repeat(32), span_id: `${i + 1}`.repeat(16) }, () => {
      const fields = { method: 'GET', path: `/users/${i}`, route: '/users/:id', status_code, response_time_ms: 12.5 }
      if (status_code === 200) log.info('Request completed', fields)
      else log.error('Request completed', { ...fields, error: new TypeError('no database') })
    })
  }
  await log.close()
  return destination.lines.map((line) => `${line.trimEnd()}\n`).join('')
}

/** What other programs put around each line. */
const WRAPPINGS: readonly (readonly [name: string, wrap: (line: string) => string])[] = [
  ['stern', (line) => `api-7d9f api ${line}`],
  ['Heroku', (line) => `2024-01-22T10:15:23.120000+00:00 app[web.1]: ${line}`],
  ['journald', (line) => `Jan 22 10:15:23 host-1 node[123]: ${line}`],
  ['pm2', (line) => `0|api  | ${line}`],
  ['docker compose', (line) => `api-1  | ${line}`],
  ['ECS', (line) => `2024-01-22T10:15:23.120000+00:00 api/api/0123abcd ${line}`],
  ['GitHub Actions', (line) => `2024-01-22T10:15:23.1200000Z ${line}`],
  ['logcli', (line) => `2024-01-22T10:15:23Z {app="api"} ${line}`],
  ["logcli's JSON", (line) => JSON.stringify({ labels: { app: 'api' }, line, timestamp: '2024-01-22T10:15:23Z' })],
  ["journalctl's JSON", (line) => JSON.stringify({ MESSAGE: line, PRIORITY: '6', __REALTIME_TIMESTAMP: '1' })],
  ['Docker', (line) => JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: '2024-01-22T10:15:23Z' })],
  ['Filebeat', (line) => JSON.stringify({ '@timestamp': 't', agent: { type: 'filebeat' }, message: line })],
  ['CloudWatch', (line) => JSON.stringify({ timestamp: 1, message: line, ingestionTime: 2, eventId: 'x' })],
]

async function expectUnderstood(input: string): Promise<void> {
  const run = async (...args: string[]) => (await throughline(args, { input })).stdout
  const verdict = JSON.parse(await run('verify', '--json'))
  expect(verdict).toMatchObject({ is_complete: true, is_numbered: true, torn: 0, not_json: 0, missing: 0 })
  expect(verdict.processes).toMatchObject([{ service: 'api', ending: 'closed' }])
  const stats = JSON.parse(await run('stats', '--json'))
  expect(stats).toMatchObject({ not_json: 0, not_understood: 0, requests: { count: 2, failed: 1 } })
  expect(stats.routes).toMatchObject([{ service: 'api', method: 'GET', route: '/users/:id', p50_ms: 12.5 }])
  expect(stats.errors).toMatchObject([{ type: 'TypeError' }])
  const errors = await run('--level', 'error')
  expect(errors.match(/Request completed/g)).toHaveLength(1)
  expect(errors).toContain('no database')
  expect(await run('--where', 'status_code >= 500 and service = api')).toBe(errors)
  const failed = await run('trace', 'req-1')
  expect(failed).toContain('✗ api GET /users/:id')
  expect(failed).not.toContain('✓')
  expect(await run('trace', 'req-0')).toContain('✓ api GET /users/:id')
}

describe('every command understands', () => {
  it.each(FORMATS)('lines in the format %s', async (format) => expectUnderstood(await written(format)))

  it.each(WRAPPINGS)('lines within what %s makes of them', async (_, wrap) => {
    const lines = (await written('json')).trimEnd().split('\n')
    await expectUnderstood(lines.map((line) => `${wrap(line)}\n`).join(''))
  })

  it('an export of CloudWatch, on one line, and ECS documents whose names have become objects', async () => {
    const lines = (await written('json')).trimEnd().split('\n')
    const logEvents = lines.map((message, i) => ({ id: `${i}`, timestamp: i, message }))
    await expectUnderstood(
      `${JSON.stringify({ messageType: 'DATA_MESSAGE', logGroup: 'g', logStream: 's', logEvents })}\n`,
    )
    const documents = (await written('ecs')).trimEnd().split('\n').map(nested)
    await expectUnderstood(documents.map((line) => `${line}\n`).join(''))
  })
})

function nested(line: string): string {
  const object: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(JSON.parse(line))) {
    const parts = name.split('.')
    let at = object
    for (const part of parts.slice(0, -1)) {
      at[part] ??= {}
      at = at[part] as Record<string, unknown>
    }
    at[parts.at(-1) ?? ''] = value
  }
  return JSON.stringify(object)
}

it('says of JSON that tells neither time nor level that it is not understood', async () => {
  const input = '{"request_id":"req-1","code":500}\n{"foo":1}\n'
  const { stdout } = await throughline(['stats'], { input })
  expect(stdout).toContain('2 lines are JSON without a known time and level: not understood')
  const trace = await throughline(['trace', 'req-1'], { input })
  expect(trace.stdout).not.toContain('✓')
  expect(trace.stdout).toContain('? ')
  expect(trace.stderr).toContain('1 line with the id has no known time and level; what it says is not understood')
})

it('verify takes whole lines behind a prefix for whole, and torn ones for torn', async () => {
  const lines = (await written('json')).trimEnd().split('\n')
  const stern = lines.map((line) => `api-7d9f api ${line}`)
  const torn = [...stern.slice(0, 1), stern[1]?.slice(0, 80), ...stern.slice(2)].join('\n')
  const verdict = JSON.parse((await throughline(['verify', '--json'], { input: torn })).stdout)
  expect(verdict).toMatchObject({ is_complete: false, torn: 1, missing: 1 })
  const joined = `${lines[0]?.slice(40)}${lines[1]}\n${lines[2]}\n`
  expect(JSON.parse((await throughline(['verify', '--json'], { input: joined })).stdout)).toMatchObject({ torn: 1 })
})

describe('numbers', () => {
  const ids = ['12345678901234567890', '12345678901234567891']
  const input = ids
    .map((id) => `{"timestamp":"2024-01-22T10:15:23.120Z","level":"INFO","message":"x","id":${id},"n":{"id":${id}}}\n`)
    .join('')

  it('are shown with all of their digits', async () => {
    const { stdout } = await throughline([], { input })
    for (const id of ids) expect(stdout.split(id)).toHaveLength(3)
  })

  it('are compared by all of their digits', async () => {
    const shown = async (where: string) => (await throughline(['--where', where], { input })).stdout.match(/ id=\d+/g)
    expect(await shown(`id = ${ids[1]}`)).toEqual([` id=${ids[1]}`])
    expect(await shown(`id < ${ids[1]}`)).toEqual([` id=${ids[0]}`])
    expect(await shown(`n.id in (${ids[0]}, 5)`)).toEqual([` id=${ids[0]}`])
    expect(await shown('id > 1e18')).toHaveLength(2)
  })
})

describe('hostile lines', () => {
  const deep = (depth: number) =>
    `{"timestamp":"2024-01-22T10:15:23.120Z","level":"INFO","service":"api","request_id":"r-1","message":"deep","a":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)},"b":${'['.repeat(depth)}${']'.repeat(depth)}}\n`
  const good =
    '{"timestamp":"2024-01-22T10:15:24.120Z","level":"INFO","service":"api","request_id":"r-1","message":"after"}\n'

  it.each([200, 5000, 1_000_000])('nested %i deep end no command, and the lines after them are read', async (depth) => {
    const cwd = folderWith({ 'a.log': deep(depth) + good })
    for (const args of [['pretty'], ['trace', 'r-1'], ['stats'], ['doctor'], ['verify']]) {
      const { stderr, stdout, status } = await throughline([...args, 'a.log'], { cwd })
      expect(stderr).not.toMatch(/RangeError|^\s+at /m)
      expect([0, 1, 3]).toContain(status)
      if (args[0] === 'pretty' || args[0] === 'trace') expect(stdout).toContain('after')
    }
  })

  it('of 60 MB of NULs cost no memory and no time', async () => {
    const nuls = Buffer.concat([Buffer.from(good), Buffer.alloc(60e6), Buffer.from(good)])
    const cwd = folderWith({ 'a.log': nuls })
    for (const args of [['pretty'], ['trace', 'r-1'], ['stats'], ['doctor'], ['verify']]) {
      const started = Date.now()
      const { stdout, status } = await throughline([...args, 'a.log'], { cwd, node: ['--max-old-space-size=64'] })
      expect([0, 1, 3]).toContain(status)
      if (args[0] === 'pretty') expect(stdout.match(/after/g)).toHaveLength(2)
      expect(Date.now() - started).toBeLessThan(20_000)
    }
  })

  it('with epoch seconds are not out of order', async () => {
    const input = [1705918523, 1705918523.5, 1705918524]
      .map((time) => `{"time":${time},"level":"info","msg":"x"}\n`)
      .join('')
    const { stdout } = await throughline(['doctor'], { input })
    expect(stdout).not.toContain('order')
  })
})
