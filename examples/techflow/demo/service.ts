import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

export type Environment = Readonly<Record<string, string>>

/** One service of the shop, as a process. */
export class Service {
  readonly #name: string
  readonly #process: ChildProcess

  /** @param stdout The descriptor of what collects standard output. */
  constructor(name: string, env: Environment, stdout: number) {
    this.#name = name
    const program = join(import.meta.dirname, `../services/${name}.ts`)
    // PATH and nothing else of this environment: a LOG_LEVEL of the terminal's would show.
    this.#process = spawn(process.execPath, [program], {
      env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env },
      stdio: ['ignore', stdout, 'inherit'],
    })
  }

  /** Waits until it answers. */
  async ready(port: number): Promise<void> {
    while (!(await answers(port))) {
      if (this.#hasEnded) throw new Error(`${this.#name} did not start`)
      await delay(20)
    }
  }

  /** Ends it, and waits until it has. */
  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.#hasEnded) return
    const exit = once(this.#process, 'exit')
    this.#process.kill(signal)
    await exit
  }

  get #hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/healthz`)).ok
  } catch {
    return false
  }
}
