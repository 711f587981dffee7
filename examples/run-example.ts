import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'

export type Line = Readonly<Record<string, unknown>>

interface ExampleOptions {
  readonly args?: readonly string[]
  readonly nodeArgs?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** How a program ends that heeds SIGTERM. Windows has no signals: there it is ended from outside. */
export const CLEAN_END = process.platform === 'win32' ? 'SIGTERM' : 0

/** An example that runs as its README says, and what it has logged so far. */
export class Example {
  readonly lines: Line[] = []
  readonly #process: ChildProcess

  /**
   * @param file The example's program, started as `npm start` would.
   * @param options Its arguments, those of Node before it, and more of its environment.
   */
  constructor(file: string, { args = [], nodeArgs = [], env = {} }: ExampleOptions = {}) {
    this.#process = spawn(process.execPath, [...nodeArgs, file, ...args], {
      env: { ...process.env, PORT: '0', LOG_LEVEL: 'info', NODE_ENV: 'production', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const { stdout } = this.#process
    if (stdout !== null) createInterface({ input: stdout }).on('line', (line) => this.lines.push(JSON.parse(line)))
    onTestFinished(() => {
      this.#process.kill('SIGKILL')
    })
  }

  /** Waits until a line says so much. */
  async line(expected: Line): Promise<Line> {
    for (;;) {
      const found = this.lines.find((line) => Object.entries(expected).every(([name, value]) => line[name] === value))
      if (found !== undefined) return found
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  /** Where it listens, once it says so. */
  async url(): Promise<string> {
    return `http://localhost:${(await this.line({ message: 'Listening' })).port}`
  }

  /**
   * Ends it as an orchestrator does.
   *
   * @returns its exit code, or the signal that ended it.
   */
  async stop(): Promise<number | NodeJS.Signals> {
    const exited = once(this.#process, 'exit')
    this.#process.kill('SIGTERM')
    const [code, signal] = await exited
    return code ?? signal
  }
}
