import { fstatSync } from 'node:fs'

/**
 * A signal that comes so soon after the first is the same key press: `npx` sends its child the signal that the terminal has
 * sent already.
 */
const SAME_PRESS_MS = 100

/** What Ctrl-C does. */
export class Interrupt {
  private readonly controller = new AbortController()
  private readsToEnd = false
  private firstAt: number | undefined

  /** Aborted when the work is to end. */
  get signal(): AbortSignal {
    return this.controller.signal
  }

  /**
   * Says that the command reads standard input to its end. Where that is a pipe, the first Ctrl-C is for the writer of the pipe
   * (`node server.js | throughline`): a terminal sends it to both, and the writer's last lines are still to come.
   */
  readonly readToEnd = (): void => {
    this.readsToEnd = isPipe(0)
  }

  /** SIGINT has come; true when the work ends of it. */
  receive(now: number): boolean {
    if (this.readsToEnd) {
      this.firstAt ??= now
      if (now - this.firstAt < SAME_PRESS_MS) return false
    }
    this.controller.abort()
    return true
  }
}

/** Whether a descriptor leads to another program. */
export function isPipe(descriptor: number): boolean {
  const info = fstatSync(descriptor)
  return info.isFIFO() || info.isSocket()
}
