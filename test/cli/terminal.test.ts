import { spawn } from 'node:child_process'
import type * as Pty from '@lydell/node-pty'
import { describe, expect, it, onTestFinished } from 'vitest'
import { line, REQUEST_ID, shop } from './shop.js'
import { bin, folderWith, until } from './throughline.js'

/** A native module; it has prebuilt binaries for the usual systems, and is absent elsewhere. */
const pty = await import('@lydell/node-pty').catch(() => undefined)
const noTerminal = pty === undefined ? ` (skipped: node-pty has no binary for ${process.platform} ${process.arch})` : ''

interface TerminalOptions {
  readonly columns?: number
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Where a shell sends the output (`| cat`); the terminal by default. */
  readonly output?: string
  /** Another program than ours. */
  readonly command?: readonly string[]
  /** What a shell pipes in; nothing by default. */
  readonly input?: string
}

/** The command in a terminal of its own. */
function inTerminal(args: readonly string[], options: TerminalOptions = {}) {
  const { columns = 80, env = {}, cwd = folderWith(), output = '', input = '' } = options
  const { command = [process.execPath, bin, ...args] } = options
  const { spawn: start } = pty as typeof Pty
  const shell = ['sh', '-c', `${input === '' ? '' : `${input} | `}"$0" "$@" ${output}`, ...command]
  const [program = '', ...rest] = output === '' && input === '' ? command : shell
  const terminal = start(program, rest, {
    cols: columns,
    cwd,
    env: { PATH: process.env.PATH ?? '', TERM: 'xterm-256color', ...env },
  })
  onTestFinished(() => {
    try {
      terminal.kill('SIGKILL')
    } catch {
      // It has ended.
    }
  })
  const state = { terminal, text: '', status: undefined as number | undefined }
  terminal.onData((text) => {
    state.text += text
  })
  terminal.onExit(({ exitCode }) => {
    state.status = exitCode
  })
  return state
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the escape sequences under test
const plain = (text: string) => text.replace(/\u001b\[[\d;]*m/g, '').replaceAll('\r\n', '\n')

describe.skipIf(noTerminal)(`in a terminal${noTerminal}`, () => {
  it('shows colours, unless NO_COLOR is set', async () => {
    const cwd = folderWith({ 'a.log': line(0, 'ERROR', 'api', 'hello', { a: 1 }) })
    const colored = inTerminal(['a.log'], { cwd })
    const bare = inTerminal(['a.log'], { cwd, env: { NO_COLOR: '1' } })
    const dumb = inTerminal(['a.log'], { cwd, env: { TERM: 'dumb' } })
    await until(() => [colored, bare, dumb].every(({ status }) => status === 0))
    expect(colored.text).toContain('\u001b[31mERROR\u001b[39m')
    expect(bare.text).toBe('2024-01-22\r\n10:15:23.000Z ERROR hello a=1\r\n')
    expect(dumb.text).toBe(bare.text)
    expect(plain(colored.text)).toBe(plain(bare.text))
  })

  it("uses the terminal's own width", async () => {
    const state = inTerminal(['trace', REQUEST_ID, '*.log'], { cwd: folderWith(shop), columns: 60 })
    await until(() => state.status === 0)
    await expect(plain(state.text)).toMatchFileSnapshot('golden/trace-60.txt')
    expect(state.text).toContain('\u001b[31m✗ gateway')
  })

  it("is what a service's own readable lines fit into, without the fields of LOG_PRETTY_HIDE, and without summaries", async () => {
    const core = import.meta.resolve('throughline')
    const service = `import { createLogger } from '${core}'
      const log = createLogger({ service: 'api', sampling: { success: 1 } })
      log.info('Fetching the user', { user_id: 'user-456', http_a: 1, http_b: 2, note: 'long enough for a second row of forty' })
      await log.operation('sync', () => log.info('done'))
      await log.close()`
    const cwd = folderWith({ 'service.mjs': service })
    const env = { LOG_PRETTY_HIDE: 'http_*,logger' }
    const state = inTerminal([], { cwd, columns: 50, env, command: [process.execPath, 'service.mjs'] })
    await until(() => state.status !== undefined)
    const rows = plain(state.text).split('\n')
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(50)
    expect(plain(state.text)).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3}Z INFO {2}Fetching the user\n {20}user_id=user-456\n {20}note="long enough/,
    )
    expect(state.text).toContain('\u001b[32mINFO')
    expect(state.text).not.toMatch(/http_|summary/)
    expect(state.text).toContain('done')
  })

  it('ends on Ctrl-C at once and leaves no colour behind', async () => {
    const cwd = folderWith({ 'a.log': line(0, 'ERROR', 'api', 'hello') })
    const state = inTerminal(['--follow', 'a.log'], { cwd })
    await until(() => state.text.includes('hello'))
    state.terminal.write('\u0003')
    await until(() => state.status !== undefined)
    expect(state.status).toBe(130)
    expect(plain(state.text)).toBe('2024-01-22\n10:15:23.000Z ERROR hello\n^C')
    expect(state.text).not.toMatch(/Error:|\bat /)
  })

  /** A service that says so when it is interrupted, and then takes a while to stop. */
  const SERVICE = `
    const say = (message) => console.log(JSON.stringify({ level: 'INFO', message }))
    const working = setInterval(() => say('working'), 200)
    process.once('SIGINT', () => {
      clearInterval(working)
      say('stopping')
      setTimeout(() => say('stopped'), 700)
    })`

  it.each([[[]], [['--follow']], [['stats']], [['trace', 'x']]])(
    'reads a pipe to its end after Ctrl-C, which its writer gets too: %j',
    async (args) => {
      const cwd = folderWith({ 'service.js': SERVICE })
      const state = inTerminal(args, { cwd, input: `"${process.execPath}" service.js` })
      // The commands that report at the end show their progress after a second.
      await until(() => state.text !== '')
      state.terminal.write('\u0003')
      await until(() => state.status !== undefined)
      if (args.length === 0 || args[0]?.startsWith('--'))
        expect(plain(state.text)).toMatch(/working\n.*stopping\n.*stopped\n$/s)
      if (args[0] === 'stats') expect(plain(state.text)).toMatch(/standard input: \d+ lines/)
      if (args[0] === 'trace') expect(plain(state.text)).toContain('no line has the id "x"')
    },
  )

  it('ends at once on a second Ctrl-C, although the pipe goes on', async () => {
    const state = inTerminal([], { input: `(trap '' INT; while echo began; do sleep 0.2; done)` })
    await until(() => state.text.includes('began'))
    state.terminal.write('\u0003')
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(state.status).toBe(undefined)
    state.terminal.write('\u0003')
    await until(() => state.status !== undefined)
    // The writer ends of the pipe that nobody reads any more.
    expect(plain(state.text)).not.toMatch(/Error:|\bat /)
  })

  it('ends on Ctrl-C in the middle of a report, and prints none', async () => {
    const commands = [['stats'], ['verify'], ['trace', 'x'], ['doctor']]
    const interrupted = async (args: readonly string[]) => {
      const state = inTerminal([...args, '-'])
      // Input that never ends: the terminal itself. Its progress shows that the command has begun.
      const typing = setInterval(() => state.terminal.write('{"message":"x"}\r'), 100)
      onTestFinished(() => clearInterval(typing))
      await until(() => state.text.includes(' read, '))
      clearInterval(typing)
      state.terminal.write('\u0003')
      await until(() => state.status !== undefined)
      return { status: state.status, report: /\d lines?|proven|id "x"|Error:/.test(state.text) }
    }
    expect(await Promise.all(commands.map(interrupted))).toEqual(commands.map(() => ({ status: 130, report: false })))
  })

  /** A folder with a pipe that is fed slowly: the work takes as long as the test wants. */
  async function slowly(): Promise<string> {
    const cwd = folderWith()
    await new Promise((resolve) => spawn('sh', ['-c', 'mkfifo slow'], { cwd }).on('close', resolve))
    const feed = 'exec > slow; for i in 1 2 3 4 5 6 7 8; do echo "{\\"message\\":\\"x\\"}"; sleep 0.25; done'
    const writer = spawn('sh', ['-c', feed], { cwd })
    onTestFinished(() => void writer.kill('SIGKILL'))
    return cwd
  }

  it.each([
    ['stats', ''],
    ['stats', '| cat'],
    ['pretty', '> shown.txt'],
  ])('shows progress of long work on standard error, and takes it away: %s %s', async (name, output) => {
    const state = inTerminal([name, 'slow'], { cwd: await slowly(), output })
    await until(() => state.status !== undefined)
    expect(state.status, state.text).toBe(0)
    const [, ...shown] = plain(state.text).split('\r\u001b[K')
    expect(shown.at(0)).toMatch(/^\d+ B read, \d+ B\/s$/)
    expect(shown.at(-1)).toMatch(name === 'stats' ? /^slow: 8 lines/ : /^$/)
  })

  it.each(['', '| cat'])('shows no progress among lines that go to the terminal: pretty %s', async (output) => {
    const state = inTerminal(['slow'], { cwd: await slowly(), output })
    await until(() => state.status !== undefined)
    expect(plain(state.text)).toMatch(/^(?: *x\n){8}$/)
  })
})
