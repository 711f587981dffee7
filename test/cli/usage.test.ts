import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { nodeBinaries, noNodeBinaries } from '../node-binaries.js'
import { line, REQUEST_ID, shop } from './shop.js'
import { bin, folderWith, throughline } from './throughline.js'

const COMMANDS = ['pretty', 'trace', 'stats', 'verify', 'doctor']

describe('usage', () => {
  it.each(COMMANDS)('%s --help has its flags and examples, and goes to standard output', async (command) => {
    const { stdout, stderr, status } = await throughline([command, '--help'])
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    expect(stdout).toContain(`Usage: throughline ${command}`)
    expect(stdout).toMatch(/\nExamples:\n {2}\S/)
  })

  it('is in the reference, word for word', async () => {
    const path = join(import.meta.dirname, '../../docs/reference/cli.md')
    const reference = readFileSync(path, 'utf8')
    for (const args of [[], ...COMMANDS.map((command) => [command])]) {
      const { stdout } = await throughline([...args, '--help'], { env: { COLUMNS: '100' } })
      expect(reference).toContain(`\`\`\`text\n${stdout.trimEnd()}\n\`\`\``)
    }
  })

  it.each([
    [['stats', '--jsn'], "unknown option '--jsn'", 'Did you mean --json?'],
    [['--levle', 'warn'], "unknown option '--levle'", 'Did you mean --level?'],
    [['verify', '--require-edn'], "unknown option '--require-edn'", 'Did you mean --require-end?'],
  ])('names the flag nearest to %j', async (args, problem, nearest) => {
    const { status, stderr, stdout } = await throughline(args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(problem)
    expect(stderr).toContain(nearest)
  })

  it.each([
    [['--level', 'loud'], 'Accepted: trace, debug, info, warn, error, fatal'],
    [['--since', 'yesterday'], 'Accepted: 2024-01-22T10:15'],
    [['--grep', '('], 'Invalid regular expression'],
    [['--where', 'a ='], '--where: expected a value, found the end\n  a =\n     ^'],
    [['stats', '--top', 'x'], 'It must be a whole number above 0'],
    [['stat'], 'stat: no such file, and no such command; did you mean "throughline stats"?'],
    [['verfiy', 'gateway.log'], 'did you mean "throughline verify"?'],
    [['--follow', '--sort', 'gateway.log'], '--follow shows lines as they come'],
    [['trace', 'gateway.log', '--html', 'x.html'], '--html writes the page of one request, and needs its id'],
    [['trace', ''], 'the id is empty'],
    [['trace', REQUEST_ID, 'gateway.log', '--html', 'no/such/folder.html'], '--html: ENOENT'],
  ])('refuses %j and says what it takes', async (args, problem) => {
    const { status, stderr } = await throughline(args, { cwd: folderWith(shop) })
    expect(status).toBe(2)
    expect(stderr).toContain(problem)
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  it('takes a reader that goes away for the end, and no error', async () => {
    const cwd = folderWith({ 'large.log': line(0, 'INFO', 'api', 'hello').repeat(200_000) })
    const script = `"${process.execPath}" "${bin}" large.log | head -1; echo "\${PIPESTATUS[0]}"`
    const { stdout, stderr } = spawnSync('bash', ['-c', script], { cwd, encoding: 'utf8' })
    expect({ stdout, stderr }).toEqual({ stdout: '2024-01-22 10:15:23.000Z INFO  api hello\n0\n', stderr: '' })
  })

  it.each([...COMMANDS.map((command) => `${command} --help`), '--version', 'stats gateway.log'])(
    'takes a reader that was gone before "%s" had anything to say for no error',
    async (args) => {
      const child = spawn(process.execPath, [bin, ...args.split(' ')], { cwd: folderWith(shop) })
      child.stdout.destroy()
      let complaint = ''
      child.stderr.on('data', (text) => {
        complaint += text
      })
      const status = await new Promise((resolve) => child.on('close', resolve))
      expect({ status, complaint }).toEqual({ status: 0, complaint: '' })
    },
  )

  it.skipIf(process.platform !== 'linux').each(['pretty', `trace ${REQUEST_ID}`, 'stats', 'verify', 'doctor'])(
    '%s says that the disk is full, with a status that is no verdict',
    async (command) => {
      const full = openSync('/dev/full', 'w')
      onTestFinished(() => closeSync(full))
      const args = [bin, ...command.split(' '), 'gateway.log']
      const { status, stderr } = spawnSync(process.execPath, args, {
        cwd: folderWith(shop),
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      })
      expect({ status, stderr }).toEqual({
        status: 2,
        stderr: 'throughline: standard output: ENOSPC: no space left on device, write\n',
      })
    },
  )

  it('shows a line as soon as it comes in', async () => {
    const child = spawn(process.execPath, [bin], { stdio: ['pipe', 'pipe', 'inherit'] })
    const shown = new Promise((resolve) => child.stdout.once('data', (text) => resolve(String(text))))
    child.stdin.write(line(0, 'INFO', 'api', 'hello'))
    expect(await shown).toContain('hello')
    child.stdin.end()
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0)
  })
})

describe.skipIf(noNodeBinaries)(`the bin${noNodeBinaries ? ` (${noNodeBinaries})` : ''}`, () => {
  it.each(nodeBinaries)('runs on Node $version', ({ path }) => {
    const cwd = folderWith(shop)
    expect(existsSync(path)).toBe(true)
    for (const args of [
      ['*.log'],
      ['trace', REQUEST_ID, '*.log'],
      ['stats', '*.log'],
      ['doctor', '*.log'],
      ['verify', '*.log'],
    ]) {
      const { status, stderr } = spawnSync(path, [bin, ...args], { cwd, encoding: 'utf8', env: {} })
      expect({ args, stderr, status }).toEqual({
        args,
        stderr: '',
        status: args[0] === 'verify' ? 3 : 0,
      })
    }
  })
})
