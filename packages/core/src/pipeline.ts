import { type ContextStore, currentStore, fragmentOf, type HeldLine, type LineSink } from './context/store.js'
import type { Drainable } from './destination/exit.js'
import type { Destination } from './destination.js'
import type { Fragment } from './encode/fragment.js'
import type { Fields, LineEncoder } from './encode/line.js'
import { InFlight } from './in-flight.js'
import type { LevelTable } from './levels/controller.js'
import { LEVELS } from './levels/level.js'
import type { Sampler } from './sampling/sampler.js'
import type { Sequence } from './sequence.js'
import type { Counters, Stats } from './stats.js'
import { warnOnce } from './warn.js'

export interface PipelineParts {
  readonly encoder: LineEncoder
  readonly destination: Destination
  readonly levels: LevelTable
  readonly counters: Counters
  readonly sequence: Sequence | undefined
  readonly sampler: Sampler | undefined
  /** The fields that every line of this root has. */
  readonly base: Fragment
}

/** What a root logger and all its children share: a record goes in, a line comes out at the destination. */
export class Pipeline implements Drainable, LineSink {
  readonly encoder: LineEncoder
  readonly destination: Destination
  readonly levels: LevelTable
  readonly counters: Counters
  readonly base: Fragment
  readonly sampler: Sampler | undefined
  readonly inFlight = new InFlight()
  private readonly sequence: Sequence | undefined
  /** What the encoder ends a line with that is written at once: nothing where its number is still to come. */
  private readonly end: string
  /** The text of the rate last asked for: a service has few. */
  private lastRate: number | undefined
  private lastRateText = ''
  /** What ends its being written out when the process ends. */
  stopDraining: (() => void) | undefined
  private readonly summaryTimer: NodeJS.Timeout | undefined

  constructor(parts: PipelineParts) {
    this.encoder = parts.encoder
    this.destination = parts.destination
    this.levels = parts.levels
    this.counters = parts.counters
    this.base = parts.base
    this.sequence = parts.sequence
    this.end = parts.sequence === undefined ? parts.encoder.end : ''
    this.sampler = parts.sampler
    this.summaryTimer = this.startSummaries()
    this.destination.reportWith?.((message, fields) => {
      this.counters.emitted++
      return this.closed(this.line(LEVELS.warn, message, fields))
    })
  }

  /** One record on its way: encoded in its context, held by its operation or written. Never throws. */
  emit(
    level: number,
    bindings: Fragment,
    store: ContextStore | undefined,
    message: string,
    fields: object | undefined,
    belowLevel: boolean,
  ): void {
    try {
      const ms = Date.now()
      if (store === undefined) {
        this.sendEnded(this.encoder.line(level, ms, bindings, undefined, message, fields, this.end), level)
        return
      }
      const context = fragmentOf(store, this.encoder)
      const { operation } = store
      if (operation?.take(this, level, ms, bindings, context, message, fields, belowLevel) === true) return
      const rate = operation?.rate
      if (rate === undefined) {
        this.sendEnded(this.encoder.line(level, ms, bindings, context, message, fields, this.end), level)
      } else {
        this.write(this.encoder.line(level, ms, bindings, context, message, fields) + this.rateText(rate), level)
      }
    } catch (error) {
      this.fail(level, message, error)
    }
  }

  /** A line that its operation has let out, with the time and the context of its call. */
  writeHeld(held: HeldLine, sampleRate: number | undefined): void {
    const { level, ms, bindings, context, message, fields, text } = held
    try {
      const line = text ?? this.encoder.line(level, ms, bindings, context, message, fields)
      this.write(line + this.rateText(sampleRate), level)
    } catch (error) {
      this.fail(level, message, error)
    }
  }

  /** A line of the encoder's, without its end, goes to the destination. */
  write(line: string, level: number): void {
    this.send(this.closed(line), level)
  }

  /** A line that the encoder has ended, but for its number where lines have one. */
  private sendEnded(line: string, level: number): void {
    this.send(this.sequence === undefined ? line : line + this.sequence.next(), level)
  }

  private send(line: string, level: number): void {
    this.counters.emitted++
    try {
      this.destination.write(line, level)
    } catch (error) {
      this.counters.lost++
      warnOnce(`the destination's write threw ${error instanceof Error ? error.name : typeof error}`)
    }
  }

  /** Writes the counters beside the numbered lines, when lines are numbered. */
  reportStats(): void {
    this.sequence?.report(this.stats(), (message, fields) => this.say(LEVELS.info, message, fields))
  }

  /** Writes the numbers of all operations since the last time, kept or not. */
  reportSummaries(): void {
    for (const { message, fields } of this.sampler?.summaries.take() ?? []) this.say(LEVELS.info, message, fields)
  }

  flushSync(isLast: boolean): void {
    try {
      if (isLast) this.inFlight.interruptAll()
      this.reportSummaries()
      this.reportStats()
      // While the application decides when to end, a stuck reader must not block it: the event `exit` comes later.
      this.destination.flushSync(isLast ? undefined : { timeoutMs: 0 })
    } catch (error) {
      warnOnce(`the destination's flushSync threw ${error instanceof Error ? error.name : typeof error}`)
    }
  }

  crashed(error: unknown, origin: string, isTold: boolean): void {
    if (!isTold) this.emit(LEVELS.fatal, this.base, currentStore(), 'Process crashed', { error, origin }, false)
    this.inFlight.interruptAll()
  }

  async close(): Promise<void> {
    this.sequence?.stop()
    this.inFlight.stop()
    clearInterval(this.summaryTimer)
    this.reportSummaries()
    this.reportStats()
    await this.destination.close()
    this.stopDraining?.()
  }

  stats(): Stats {
    this.counters.held = this.sampler?.heldTotal.lines ?? 0
    const stats = this.counters.snapshot(this.destination.dropped?.() ?? {})
    const transports = this.destination.health?.() ?? []
    return transports.length === 0 ? stats : { ...stats, transports }
  }

  /** A line about the logger itself, with the base fields and outside any context. */
  line(level: number, message: string, fields: Fields): string {
    return this.encoder.line(level, Date.now(), this.base, undefined, message, fields)
  }

  private say(level: number, message: string, fields: Fields): void {
    this.write(this.line(level, message, fields), level)
  }

  private rateText(rate: number | undefined): string {
    if (rate === undefined) return ''
    if (rate !== this.lastRate) {
      this.lastRate = rate
      this.lastRateText = this.encoder.fragments.reserved({ sample_rate: rate }).text
    }
    return this.lastRateText
  }

  private startSummaries(): NodeJS.Timeout | undefined {
    const { sampler } = this
    if (sampler === undefined) return undefined
    return setInterval(() => this.reportSummaries(), sampler.options.summaryInterval).unref()
  }

  private closed(line: string): string {
    return line + (this.sequence === undefined ? this.encoder.end : this.sequence.next())
  }

  /** The last resort: whatever could not be encoded, the call is on record. */
  fail(level: number, message: string, error: unknown): void {
    this.counters.failed++
    try {
      const reason = error instanceof Error ? error.name : typeof error
      this.write(this.line(level, message, { logging_error: reason }), level)
    } catch {
      warnOnce('a record could not be encoded, nor the fact that it could not')
    }
  }
}
