import type { Line } from '../input/lines.js'
import type { Output } from '../output.js'
import type { View } from './view.js'

/** Writes lines as a view shows them, up to a limit. */
export class Printer {
  /** How many lines were shown. */
  count = 0
  readonly wants: View['wants']

  /**
   * @param output Where to; nowhere, where lines are only counted.
   * @param limit How many lines are shown at most.
   */
  constructor(
    private readonly view: View,
    private readonly output: Output | undefined,
    private readonly limit = Number.POSITIVE_INFINITY,
  ) {
    this.wants = view.wants
  }

  get isDone(): boolean {
    return this.count >= this.limit
  }

  async print(lines: readonly Line[]): Promise<void> {
    const { view, output } = this
    const shown = lines.slice(0, this.limit - this.count)
    this.count += shown.length
    view.prepare?.(shown)
    for (const line of shown) {
      output?.add(view.textOf(line))
      if (output?.isFull === true) await output.flush()
    }
    await output?.flush()
  }
}
