import type { Io } from '../io.js'
import { Progress } from '../terminal/progress.js'
import type { Reading } from './blocks.js'
import { type Line, linesOf } from './lines.js'
import type { Source } from './source.js'

/** A source whose content could be read only in part. */
export interface Damage {
  readonly source: Source
  readonly reason: string
}

export interface IntakeOptions {
  /** Shows no progress: the output may go to the same terminal as it comes. */
  readonly isQuiet?: boolean
  /** Which lines the command's flags ask for; by default, every one. */
  readonly wants?: (line: Line) => boolean
}

/** A command's sources, read one after another with the progress shown. */
export class Intake {
  readonly reading: Reading
  readonly damages: Damage[] = []
  readonly wants: (line: Line) => boolean
  private readonly progress: Progress

  constructor(
    io: Io,
    readonly sources: readonly Source[],
    { isQuiet = false, wants = () => true }: IntakeOptions = {},
  ) {
    this.progress = new Progress(io, sources, isQuiet)
    this.wants = wants
    this.reading = {
      stdin: io.stdin,
      signal: io.signal,
      onBytes: (count) => this.progress.add(count),
      onDamage: (source, reason) => this.damages.push({ source, reason }),
    }
  }

  /** The lines of all sources, in the order of the sources. */
  async *lines(): AsyncGenerator<readonly Line[], void> {
    for (const source of this.sources) yield* linesOf(source, this.reading)
    this.end()
  }

  /** Takes the progress off the screen. */
  end(): void {
    this.progress.clear()
  }
}
