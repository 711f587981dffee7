import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Stats } from 'throughline'

/** Counts by name of what a process has to give back. */
export type Held = Readonly<Record<string, number>>

/** Bytes. */
export interface Used {
  readonly heap: number
  readonly rss: number
}

/** What a service says when it ends. */
export interface Farewell {
  readonly stats: Stats
  readonly heldBefore: Held
  readonly heldAfter: Held
  readonly warnings: readonly string[]
  readonly code: number | null
}

export interface ServiceSettings {
  readonly url: string
  readonly logPath: string
  readonly spoolDir: string
  readonly levelPath: string
  /** Where it calls another service. */
  readonly next: string | undefined
  readonly isBroken: boolean
}

/** A service in a process of its own. */
export class Service {
  readonly memory: Used[] = []
  stderr = ''
  port = 0
  readonly framework: string
  readonly logPath: string
  private readonly child: ChildProcess
  /** Its exit status, when it has ended. */
  private readonly ended: Promise<number | null>

  private constructor(framework: string, settings: ServiceSettings) {
    this.framework = framework
    this.logPath = settings.logPath
    const path = join(import.meta.dirname, 'service.mjs')
    this.child = spawn(process.execPath, ['--expose-gc', path, framework, JSON.stringify(settings)], {
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      env: { PATH: process.env.PATH, NODE_ENV: 'production' },
    })
    this.ended = new Promise((resolve) => this.child.once('exit', resolve))
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text
    })
  }

  static async start(framework: string, settings: ServiceSettings): Promise<Service> {
    const service = new Service(framework, settings)
    service.port = ((await service.answer()) as { readonly port: number }).port
    return service
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }

  async measure(): Promise<void> {
    const answer = this.answer()
    this.child.send('measure')
    this.memory.push(((await answer) as { readonly used: Used }).used)
  }

  async stop(): Promise<Farewell> {
    const answer = this.answer()
    this.child.send('stop')
    return { ...((await answer) as Omit<Farewell, 'code'>), code: await this.ended }
  }

  kill(): void {
    this.child.kill('SIGKILL')
  }

  private async answer(): Promise<unknown> {
    const gone = this.ended.then(() => {
      throw new Error(`the ${this.framework} service ended early:\n${this.stderr}`)
    })
    return await Promise.race([once(this.child, 'message').then(([message]) => message as unknown), gone])
  }
}
