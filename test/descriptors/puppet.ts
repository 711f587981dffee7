import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Ending, ended, type NamedPipe, start } from '../child.js'

export interface PuppetOptions {
  readonly to?: 'stdout' | 'stderr' | 'file'
  readonly path?: string
  readonly policy?: 'line' | 'turn' | { readonly bytes: number; readonly ms: number }
  readonly maxQueuedBytes?: number
  readonly reopenOn?: 'SIGHUP'
  readonly sequence?: boolean
  readonly level?: string
}

/** What it tells of itself. */
export interface Account {
  readonly ticks: number
  readonly logged: number
  readonly rss: number
  readonly stats: {
    readonly emitted: number
    readonly dropped: number
    readonly droppedByLevel: Record<string, number>
  }
}

export interface Writing {
  readonly count: number
  /** Text that makes a line longer. */
  readonly pad?: string
  readonly debug?: boolean
}

/** A real process that logs what a test tells it to. */
export class Puppet {
  /** What it said on standard error without being asked. */
  readonly complaints: string[] = []
  readonly ended: Promise<Ending>
  private readonly answers: string[] = []
  private readonly asked: ((answer: string) => void)[] = []

  constructor(readonly child: ChildProcess) {
    this.ended = ended(child)
    const lines = createInterface({ input: child.stderr as Socket })
    lines.on('line', (line) => {
      if (line.startsWith('@')) this.answer(line.slice(1))
      else this.complaints.push(line)
    })
  }

  /** With its log on whatever `stdout` is, ready to be told. */
  static async on(
    stdout: 'pipe' | number | 'ignore',
    options: PuppetOptions,
    nodeArgs: readonly string[] = [],
  ): Promise<Puppet> {
    const puppet = new Puppet(start(program(options, nodeArgs), ['pipe', stdout, 'pipe']))
    await puppet.next()
    return puppet
  }

  /** With its log on a pipe. */
  static async onPipe(pipe: NamedPipe, options: PuppetOptions, nodeArgs: readonly string[] = []): Promise<Puppet> {
    const puppet = new Puppet(pipe.start(program(options, nodeArgs), 'pipe'))
    await puppet.next()
    return puppet
  }

  async log(writing: Writing): Promise<void> {
    await this.tell('log', writing)
  }

  async start(writing: Writing & { readonly everyMs: number }): Promise<void> {
    await this.tell('start', writing)
  }

  async ask(): Promise<Account> {
    return (await this.tell('ask')) as Account
  }

  async tell(command: string, what: object = {}): Promise<unknown> {
    this.order(command, what)
    return await this.next()
  }

  /** Tells without waiting for an answer. */
  order(command: string, what: object = {}): void {
    this.child.stdin?.write(`${JSON.stringify({ command, ...what })}\n`)
  }

  /** The next answer. */
  async next(): Promise<unknown> {
    const answer = this.answers.shift()
    return JSON.parse(answer ?? (await new Promise<string>((resolve) => this.asked.push(resolve))))
  }

  /** Lets it end by itself. */
  async end(): Promise<Ending> {
    this.child.stdin?.end()
    return await this.ended
  }

  private answer(answer: string): void {
    const asked = this.asked.shift()
    if (asked === undefined) this.answers.push(answer)
    else asked(answer)
  }
}

function program(options: PuppetOptions, nodeArgs: readonly string[]) {
  return { path: join(import.meta.dirname, 'puppet-program.mjs'), args: [JSON.stringify(options)], nodeArgs }
}

/** Reads what comes until it is told to stop. */
export class Reader {
  private readonly chunks: Buffer[] = []
  /** Everything, once the writers are gone. */
  readonly all: Promise<string>

  constructor(readonly source: Socket) {
    source.on('data', (chunk: Buffer) => this.chunks.push(chunk))
    this.all = new Promise((resolve, reject) => {
      source.on('end', () => resolve(Buffer.concat(this.chunks).toString()))
      source.on('error', reject)
    })
  }

  get bytes(): number {
    return this.chunks.reduce((sum, { length }) => sum + length, 0)
  }

  stop(): void {
    this.source.pause()
  }

  goOn(): void {
    this.source.resume()
  }
}
