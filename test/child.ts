import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll } from 'vitest'

/** Why programs cannot be started and killed here as the tests do; `undefined` where they can. */
export const noPosix =
  process.platform === 'win32' ? 'signals, named pipes and process endings are those of POSIX' : undefined

/** How a program ended, as its parent saw it. */
export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** Everything that a program left behind. */
export interface Life extends Ending {
  /** What it logged, whichever way. */
  readonly output: string
  readonly stderr: string
}

/**
 * Where a program's log goes: a pipe as a shell makes it, a socket as a Node parent makes it, or a file whose path the
 * program gets as its last argument.
 */
export type Outlet = 'pipe' | 'socket' | 'file'

export interface Startable {
  /** The `.mjs` file. */
  readonly path: string
  readonly args?: readonly string[]
  readonly nodeArgs?: readonly string[]
  /** The Node to run it; by default that of NODE_UNDER_TEST, else the one that runs the tests. */
  readonly node?: string
  /** Settings beside those of the tests' own environment. */
  readonly env?: NodeJS.ProcessEnv
}

export interface Program extends Startable {
  readonly outlet: Outlet
}

/** A folder of this test file's own, removed after it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const started = new Set<ChildProcess>()

// What a failed test has left behind.
afterAll(() => {
  for (const child of started) child.kill('SIGKILL')
})

/** Starts Node without core dumps, which an abort would leave. */
export function start(program: Startable, stdio: SpawnOptions['stdio']): ChildProcess {
  const { path, args = [], nodeArgs = [], node = process.env.NODE_UNDER_TEST ?? process.execPath } = program
  const command = ['-c', 'ulimit -c 0; exec "$0" "$@"', node, ...nodeArgs, path, ...args]
  const child = spawn('sh', command, { stdio, env: { ...process.env, NODE_OPTIONS: '', ...program.env } })
  started.add(child)
  child.on('close', () => started.delete(child))
  return child
}

export async function ended(child: ChildProcess): Promise<Ending> {
  return await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal }))
  })
}

let pipes = 0

/** A pipe in the file system, so that the program's end of it is one, and not the socket that `spawn` makes. */
export class NamedPipe {
  readonly path: string
  readonly reader: Socket
  private readonly writeEnd: number

  constructor(folder: string) {
    this.path = join(folder, `pipe-${pipes++}`)
    execFileSync('mkfifo', [this.path])
    const readEnd = openSync(this.path, constants.O_RDONLY | constants.O_NONBLOCK)
    this.writeEnd = openSync(this.path, 'w')
    this.reader = new Socket({ fd: readEnd, readable: true, writable: false })
  }

  /** Starts a program whose standard output this is. Nothing is read yet. */
  start(program: Startable, stdin: 'ignore' | 'pipe' = 'ignore'): ChildProcess {
    const child = start(program, [stdin, this.writeEnd, 'pipe'])
    closeSync(this.writeEnd)
    return child
  }

  /** The same with its standard error too, as `2>&1` has it. */
  startJoined(program: Startable): ChildProcess {
    const child = start(program, ['ignore', this.writeEnd, this.writeEnd])
    closeSync(this.writeEnd)
    return child
  }
}

/** Runs programs, so many at a time, to their end. */
export class Runner {
  private running = 0
  private readonly queue: (() => void)[] = []
  private files = 0

  constructor(
    private readonly folder: string,
    private readonly atOnce = 3,
  ) {}

  async run(program: Program): Promise<Life> {
    if (this.running >= this.atOnce) await new Promise<void>((resolve) => this.queue.push(resolve))
    this.running++
    try {
      return await this.runNow(program)
    } finally {
      this.running--
      this.queue.shift()?.()
    }
  }

  private async runNow(program: Program): Promise<Life> {
    if (program.outlet === 'file') return await this.runToFile(program)
    const pipe = program.outlet === 'pipe' ? new NamedPipe(this.folder) : undefined
    const child = pipe?.start(program) ?? start(program, ['ignore', 'pipe', 'pipe'])
    const [output, stderr, ending] = await Promise.all([
      text(pipe?.reader ?? (child.stdout as Socket)),
      text(child.stderr as Socket),
      ended(child),
    ])
    return { ...ending, output, stderr }
  }

  private async runToFile(program: Program): Promise<Life> {
    const path = join(this.folder, `log-${this.files++}`)
    const child = start({ ...program, args: [...(program.args ?? []), path] }, ['ignore', 'ignore', 'pipe'])
    const [stderr, ending] = await Promise.all([text(child.stderr as Socket), ended(child)])
    return { ...ending, output: readFileSync(path, 'utf8'), stderr }
  }
}

/** The records of a log, each of whose lines has to be whole. */
export function recordsOf(output: string): Record<string, unknown>[] {
  if (output !== '' && !output.endsWith('\n')) throw new Error(`torn at its end: …${output.slice(-200)}`)
  return output
    .split('\n')
    .slice(0, -1)
    .map((line, i) => {
      try {
        return JSON.parse(line) as Record<string, unknown>
      } catch {
        throw new Error(`line ${i + 1} is no JSON: ${line.slice(0, 300)}`)
      }
    })
}
