import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { blocks } from './markdown.js'

type Line = Readonly<Record<string, unknown>>

/** What a line says, whoever wrote it. */
type Fact = Readonly<Record<string, unknown>>

const LEVELS: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' }
/** Of this machine and run, or a name that the loggers give to the same thing: the service. */
const OWN = ['time', 'timestamp', 'pid', 'hostname', 'name', 'service', 'v', 'request_id', 'trace_id', 'span_id']

function factOf(line: Line): Fact {
  const { level, msg, message = msg, err, error, error_type, traceback: _, msg: __, ...rest } = line
  const failure = (err ?? (error === undefined ? undefined : { type: error_type, message: error })) as
    | { readonly type?: string; readonly name?: string; readonly message: string }
    | undefined
  const fields = Object.entries(rest).filter(([name]) => !OWN.includes(name))
  return {
    ...Object.fromEntries(fields),
    level: typeof level === 'number' ? LEVELS[level] : String(level).toLowerCase(),
    message,
    error: failure && { type: failure.type ?? failure.name, message: failure.message },
  }
}

/** What a line of any of the request loggers says of a response; nothing of a line of another kind. */
function responseOf(text: string): Fact | undefined {
  const combined = /"(\w+) (\S+) HTTP\/1.1" (\d+)/.exec(text)
  if (combined !== null) return response(combined[1], combined[2], Number(combined[3]))
  const line = JSON.parse(text) as Line & Partial<Record<'req' | 'res' | 'meta', Line>>
  const { req, res, meta } = line
  if (res !== undefined) return response(req?.method, req?.url, res.statusCode)
  if (meta !== undefined) {
    const inner = meta as Readonly<Record<'req' | 'res', Line>>
    return response(inner.req.method, inner.req.url, inner.res.statusCode)
  }
  return 'status_code' in line ? response(line.method, line.path, line.status_code) : undefined
}

function response(method: unknown, url: unknown, status: unknown): Fact {
  return { method, path: String(url).replace(/\?.*/, ''), status }
}

/** Runs a program of the page as it stands; one that listens is asked three things. */
async function run(page: string, program: string): Promise<readonly string[]> {
  const file = join(import.meta.dirname, `.${page.replace(/\W/g, '-')}-${Math.random()}.mjs`)
  const isServer = program.includes('app.listen(3000)')
  writeFileSync(file, program.replace('app.listen(3000)', ASK))
  try {
    const env = { PATH: process.env.PATH }
    const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    const lines = (await text(child.stdout)).trim().split('\n')
    if (!isServer) expect(lines.length).toBeGreaterThan(4)
    return lines
  } finally {
    rmSync(file)
  }
}

/** What the pages' servers are asked. The responses' lines are written when they are over, so the server waits for its end. */
const ASK = `
const server = app.listen(0, '127.0.0.1', async () => {
  for (const path of ['/users/42?token=abc123', '/users/43', '/nothing']) {
    const url = 'http://127.0.0.1:' + server.address().port + path
    await (await fetch(url, { headers: { connection: 'close', authorization: 'Bearer s3cret' } })).text()
  }
  server.close()
})`

const PAGES = ['pino', 'winston', 'bunyan', 'morgan'].map((name) => `docs/how-to/migrate-from-${name}.md`)

describe.each(PAGES)('%s', (page) => {
  const programs = blocks(page).filter(({ language }) => language === 'js')
  const pairs = programs.flatMap(({ text: before }, i) => {
    const after = programs[i + 1]?.text
    return i % 2 === 0 && after !== undefined ? [{ before, after, isServer: before.includes('app.listen(3000)') }] : []
  })

  it('has programs in pairs', () => {
    expect(programs.length).toBe(pairs.length * 2)
  })

  it.each(pairs.filter(({ isServer }) => !isServer))('logs the same facts before and after', async (pair) => {
    const [before, after] = await Promise.all([run(page, pair.before), run(page, pair.after)])
    const facts = (lines: readonly string[]) => lines.map((line) => factOf(JSON.parse(line) as Line)).sort(byMessage)
    expect(facts(after)).toEqual(facts(before))
  })

  it.each(pairs.filter(({ isServer }) => isServer))('tells of the same responses before and after', async (pair) => {
    const [before, after] = await Promise.all([run(page, pair.before), run(page, pair.after)])
    const responses = (lines: readonly string[]) => lines.map(responseOf).filter((one) => one !== undefined)
    expect(responses(after)).toEqual(responses(before))
    expect(responses(after)).toHaveLength(3)
    // The page says of each of them that the query, and of some that all headers, are on the line.
    expect(before.join()).toContain('abc123')
    expect(after.join()).not.toContain('abc123')
    expect(after.join()).not.toContain('s3cret')
  })
})

/** pino's first line may come after the others, when standard output is a pipe. */
function byMessage(a: Fact, b: Fact): number {
  return String(a.message).localeCompare(String(b.message))
}
