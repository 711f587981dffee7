import { type ContextStore, fragmentOf } from './context/store.js'
import type { Destination } from './destination/destination.js'
import type { Drainable } from './destination/exit.js'
import type { Fragment } from './encode/fragment.js'
import type { Fields, LineEncoder } from './encode/line.js'
import type { LevelTable } from './levels/controller.js'
import { LEVELS } from './levels/level.js'
import type { Sequence } from './sequence.js'
import type { Counters, Stats } from './stats.js'
import { warnOnce } from './warn.js'

export interface PipelineParts {
  readonly encoder: LineEncoder
  readonly destination: Destination
  readonly levels: LevelTable
  readonly counters: Counters
  readonly sequence: Sequence | undefined
  /** The fields that every line of this root has. */
  readonly base: Fragment
}

/** What a root logger and all its children share: a record goes in, a line comes out at the destination. */
export class Pipeline implements Drainable {
  readonly encoder: LineEncoder
  readonly destination: Destination
  readonly levels: LevelTable
  readonly counters: Counters
  readonly base: Fragment
  private readonly sequence: Sequence | undefined

  constructor(parts: PipelineParts) {
    this.encoder = parts.encoder
    this.destination = parts.destination
    this.levels = parts.levels
    this.counters = parts.counters
    this.base = parts.base
    this.sequence = parts.sequence
    this.destination.reportWith?.((message, fields) => this.closed(this.line(LEVELS.warn, message, fields)))
  }

  /** One record on its way: encoded in its context, held by its operation or written. Never throws. */
  emit(
    level: number,
    bindings: Fragment,
    store: ContextStore | undefined,
    message: string,
    fields: object | undefined,
  ): void {
    try {
      const ms = Date.now()
      if (store === undefined) {
        this.write(this.encoder.line(level, ms, bindings, undefined, message, fields), level)
        return
      }
      const context = fragmentOf(store, this.encoder)
      if (store.operation?.take({ level, ms, bindings, context, message, fields }) === true) return
      this.write(this.encoder.line(level, ms, bindings, context, message, fields), level)
    } catch (error) {
      this.fail(level, message, error)
    }
  }

  /** A line of the encoder's goes to the destination, complete. */
  write(line: string, level: number): void {
    this.counters.emitted++
    try {
      this.destination.write(this.closed(line), level)
    } catch (error) {
      this.counters.lost++
      warnOnce(`the destination's write threw ${error instanceof Error ? error.name : typeof error}`)
    }
  }

  /** Writes the counters beside the numbered lines, when lines are numbered. */
  reportStats(): void {
    this.sequence?.report(this.stats(), this)
  }

  flushSync(): void {
    try {
      this.reportStats()
      this.destination.flushSync()
    } catch (error) {
      warnOnce(`the destination's flushSync threw ${error instanceof Error ? error.name : typeof error}`)
    }
  }

  crashed(error: unknown, origin: string): void {
    this.emit(LEVELS.fatal, this.base, undefined, 'Process crashed', { error, origin })
  }

  async close(): Promise<void> {
    this.sequence?.stop()
    this.reportStats()
    await this.destination.close()
  }

  stats(): Stats {
    return this.counters.snapshot(this.destination.dropped?.() ?? {})
  }

  /** A line about the logger itself, with the base fields and outside any context. */
  line(level: number, message: string, fields: Fields): string {
    return this.encoder.line(level, Date.now(), this.base, undefined, message, fields)
  }

  private closed(line: string): string {
    return this.sequence === undefined ? `${line}}\n` : line + this.sequence.next()
  }

  /** The last resort: whatever could not be encoded, the call is on record. */
  private fail(level: number, message: string, error: unknown): void {
    this.counters.failed++
    try {
      const reason = error instanceof Error ? error.name : typeof error
      this.write(this.line(level, message, { logging_error: reason }), level)
    } catch {
      warnOnce('a record could not be encoded, nor the fact that it could not')
    }
  }
}
