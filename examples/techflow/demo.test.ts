import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'demo-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Starts a program of the example, with temporary files under a folder, in a process group of its own. */
function start(program: string, args: readonly string[], temporary: string): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, program), ...args], {
    detached: true,
    env: { PATH: process.env.PATH, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function run(program: string, args: readonly string[], temporary = folder) {
  const child = start(program, args, temporary)
  const streams = [child.stdout, child.stderr].map((stream) => text(stream as NonNullable<typeof stream>))
  const [stdout = '', stderr = ''] = await Promise.all(streams)
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
  return {
    status: child.exitCode,
    stdout,
    stderr,
    wrong: stdout.split('\n').filter((line) => line.startsWith('✗')),
    child,
  }
}

/** Whether any process that it started lives. */
function hasLeftProcesses({ pid = 0 }: ChildProcess): boolean {
  try {
    return process.kill(-pid, 0)
  } catch {
    return false
  }
}

function newFolder(): string {
  return mkdtempSync(join(folder, 'run-'))
}

// Windows knows no SIGTERM that a process could drain on.
describe.skipIf(process.platform === 'win32')('the demo', { timeout: 600_000 }, () => {
  it('answers every question right, and leaves nothing behind', async () => {
    const temporary = newFolder()
    const { status, stdout, wrong, child } = await run('demo.ts', [], temporary)
    expect(wrong).toEqual([])
    expect(stdout).toMatch(/^✓ all 14 answers are right$/m)
    expect(status).toBe(0)
    expect(readdirSync(temporary)).toEqual([])
    expect(hasLeftProcesses(child)).toBe(false)
    expect(stdout.trimEnd().split('\n').at(-1)).toContain('npx -y pnpm@12 demo --keep')
  })

  it('leaves nothing behind when it is interrupted', async () => {
    const temporary = newFolder()
    const demo = start('demo.ts', [], temporary)
    const end = once(demo, 'exit')
    while (!readdirSync(temporary, { recursive: true }).some((name) => String(name).endsWith('gateway.log'))) {
      await delay(10)
    }
    demo.kill('SIGINT')
    expect(await end).toEqual([null, 'SIGINT'])
    expect(readdirSync(temporary)).toEqual([])
    expect(hasLeftProcesses(demo)).toBe(false)
  })
})

describe.skipIf(process.platform === 'win32')('its answers', () => {
  let kept: string
  let said: string
  beforeAll(async () => {
    const { stdout, status } = await run('demo.ts', ['--keep'])
    expect(status).toBe(0)
    said = stdout
    kept = /^kept: (.+)$/m.exec(stdout)?.[1] ?? ''
  })

  it('end with the command that opens the explorer on its logs', () => {
    const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))
    const [, script = '', logs] = /^search in a browser: npx -y pnpm@12 (\S+) '(.+)\/\*\.log'$/m.exec(said) ?? []
    expect(scripts[script]).toContain('packages/explorer/dist/bin.js')
    expect(readdirSync(logs ?? '')).toContain('gateway.log')
  })

  it('can be asked for again by the command that it names', () => {
    const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))
    const [, script = '', folder] = /^ask again: npx -y pnpm@12 (\S+) (\S+)$/m.exec(said) ?? []
    expect(scripts[script]).toBe('node examples/techflow/ask.ts')
    expect(folder).toBe(kept)
  })

  it('are the same when it is asked again', async () => {
    expect(existsSync(join(kept, 'logs/gateway.log'))).toBe(true)
    expect(await run('ask.ts', [kept])).toMatchObject({ status: 0, wrong: [] })
  })

  /** Asks again of a copy in which the log of one service is damaged. */
  async function askDamaged(service: string, damage: (log: string) => string) {
    const damaged = newFolder()
    cpSync(kept, damaged, { recursive: true })
    const file = join(damaged, `logs/${service}.log`)
    const log = readFileSync(file, 'utf8')
    writeFileSync(file, damage(log))
    expect(readFileSync(file, 'utf8')).not.toBe(log)
    return run('ask.ts', [damaged])
  }

  const without = (pattern: RegExp) => (log: string) => {
    const lines = log.split('\n')
    return lines.filter((line) => line !== lines.find((one) => pattern.test(one))).join('\n')
  }

  it.each([
    ['a line is gone', 'auth', without(/"Log stats"/), /^\$ throughline verify /m, []],
    [
      'a failure is gone',
      'gateway',
      without(/"Request completed".*"status_code":502/),
      /^\$ throughline verify /m,
      ['requests that failed, each once', 'given up'],
    ],
    [
      'a card number came through',
      'auth',
      (log: string) => log.replace('***REDACTED***', '4111 1111 1111 1111'),
      /^\$ throughline doctor /m,
      [],
    ],
  ])('end with the words of the command that fails where %s', async (_, service, damage, command, expected) => {
    const { status, stderr, wrong } = await askDamaged(service, damage)
    expect(status).toBe(1)
    expect(wrong).toEqual(expected.map((text) => expect.stringContaining(text)))
    expect(stderr).toMatch(command)
    expect(stderr).toMatch(/^exit status 1$/m)
  })

  it.each([
    [
      'a number is wrong',
      'gateway',
      (log: string) => log.replace(/("route":"\/orders",.*"count":)/, '$19'),
      ['customers saw', 'sent'],
    ],
    ['a user is another', 'api', (log: string) => log.replace(/("level":"ERROR".*"user_id":")/, '$1x'), ['times']],
    ['the reason is gone', 'api', (log: string) => log.replaceAll('ECONNREFUSED', 'E'), ['says why']],
  ])('are wrong where %s', async (_, service, damage, expected) => {
    const { status, wrong } = await askDamaged(service, damage)
    expect(status).toBe(1)
    expect(wrong).toEqual([
      ...expected.map((text) => expect.stringContaining(text)),
      expect.stringMatching(/^✗ \d of 14 answers are wrong$/),
    ])
  })
})
