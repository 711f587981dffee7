import { bindingsOf, type ContextStore, currentStore } from '../context/store.js'
import type { Drainable } from '../destination/exit.js'
import { finish } from '../destination/finish.js'
import type { FlushOptions } from '../destination/flush-options.js'
import type { Destination } from '../destination.js'
import type { Bindings } from '../encode/bindings.js'
import type { Fields } from '../encode/field.js'
import type { LineEncoder } from '../encode/line.js'
import type { LogRecord } from '../encode/record.js'
import type { TypedEvent } from '../encode/typed-event.js'
import { LEVELS } from '../levels/level.js'
import type { LevelTable } from '../levels/level-table.js'
import type { HeldLine, LineTarget } from '../operation/held-lines.js'
import { InFlight } from '../operation/in-flight.js'
import type { Sampler } from '../operation/sampler.js'
import { warnOnce } from '../warn.js'
import type { Mixin } from './mixin.js'
import type { Sequence } from './sequence.js'
import type { Counters, Stats } from './stats.js'

interface PipelineParts {
  readonly encoder: LineEncoder
  readonly destination: Destination
  readonly levels: LevelTable
  readonly counters: Counters
  readonly sequence: Sequence | undefined
  readonly sampler: Sampler | undefined
  readonly mixin: Mixin | undefined
  /** The fields that every line of this root has. */
  readonly base: Bindings
}

/** What a root logger and its children share: a record goes in, a line comes out at the destination. */
export class Pipeline implements Drainable, LineTarget {
  readonly encoder: LineEncoder
  readonly destination: Destination
  readonly levels: LevelTable
  readonly counters: Counters
  readonly base: Bindings
  /** The same with the mark of lines about the logger itself, which no caller can set. */
  private readonly own: Bindings
  readonly sampler: Sampler | undefined
  readonly inFlight = new InFlight()
  private readonly sequence: Sequence | undefined
  private readonly mixin: Mixin | undefined
  /** The text of the sample rate used last: a service has few. */
  private lastRate: number | undefined
  private lastRateText = ''
  /** Undoes the registration for the end of the process. */
  stopDraining: (() => void) | undefined
  private readonly summaryTimer: NodeJS.Timeout | undefined

  constructor(parts: PipelineParts) {
    this.encoder = parts.encoder
    this.destination = parts.destination
    this.levels = parts.levels
    this.counters = parts.counters
    this.base = parts.base
    this.own = parts.encoder.bindings.reserved({ log_type: 'logger' }, parts.base)
    this.sequence = parts.sequence
    this.sampler = parts.sampler
    this.mixin = parts.mixin
    this.summaryTimer = this.startSummaries()
    this.destination.reportWith?.((message, fields) => {
      this.counters.emitted++
      return this.ended(this.line(LEVELS.warn, message, fields))
    })
  }

  /**
   * One log call: encoded in its context, held by its operation, or written. Never throws.
   *
   * @param belowLevel The logger's level does not admit the call; only an operation that holds such lines may keep it.
   */
  emit(
    level: number,
    bindings: Bindings,
    store: ContextStore | undefined,
    message: string,
    fields: Fields | undefined,
    belowLevel: boolean,
    event?: TypedEvent,
  ): void {
    try {
      const operation = store?.operation
      let context = store === undefined ? undefined : bindingsOf(store, this.encoder)
      if (this.mixin !== undefined) context = this.mixin.mixed(store, context, this.encoder, level)
      const record: LogRecord = { level, ms: Date.now(), bindings, context, message, fields, event }
      if (operation?.take(this, record, belowLevel) === true) return
      const rate = operation?.rate
      if (rate !== undefined) this.write(this.encoder.line(record, false) + this.rateText(rate), level)
      else if (this.sequence !== undefined) this.send(this.encoder.line(record, false) + this.sequence.next(), level)
      else this.send(this.encoder.line(record, true), level)
    } catch (error) {
      this.fail(level, message, error)
    }
  }

  /** Writes a line that its operation has released. */
  writeHeld({ record, text }: HeldLine, sampleRate: number | undefined): void {
    try {
      this.write((text ?? this.encoder.line(record, false)) + this.rateText(sampleRate), record.level)
    } catch (error) {
      this.fail(record.level, record.message, error)
    }
  }

  /** Writes a line that has no end yet. */
  write(line: string, level: number): void {
    this.send(this.ended(line), level)
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
    this.sequence?.report(this.stats(), (message, fields, redacted) => {
      const bindings = this.encoder.bindings.withJson('redacted', redacted, this.own)
      this.write(this.line(LEVELS.info, message, fields, bindings), LEVELS.info)
    })
  }

  /** Writes the numbers of all operations since the last time, kept or not. */
  reportSummaries(): void {
    for (const { message, fields } of this.sampler?.summaries.take() ?? []) {
      this.write(this.line(LEVELS.info, message, fields), LEVELS.info)
    }
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

  flush(options: FlushOptions | undefined): Promise<void> {
    return finish(this.destination, 'flush', options)
  }

  async close(options: FlushOptions | undefined): Promise<void> {
    this.sequence?.stop()
    this.inFlight.stop()
    clearInterval(this.summaryTimer)
    this.reportSummaries()
    this.reportStats()
    await finish(this.destination, 'close', options)
    this.stopDraining?.()
  }

  stats(): Stats {
    this.counters.held = this.sampler?.heldTotal.lines ?? 0
    const stats = this.counters.snapshot(this.destination.dropped?.() ?? {})
    const transports = this.destination.health?.() ?? []
    return transports.length === 0 ? stats : { ...stats, transports }
  }

  /** Writes the fact that a record could not be encoded. */
  fail(level: number, message: string, error: unknown): void {
    this.counters.failed++
    try {
      const reason = error instanceof Error ? error.name : typeof error
      this.write(this.line(level, message, { logging_error: reason }, this.base), level)
    } catch {
      warnOnce('a record could not be encoded, nor the fact that it could not')
    }
  }

  /** A line outside any context, by default one about the logger itself. */
  private line(level: number, message: string, fields: Fields, bindings = this.own): string {
    return this.encoder.line(
      { level, ms: Date.now(), bindings, context: undefined, message, fields, event: undefined },
      false,
    )
  }

  private rateText(rate: number | undefined): string {
    if (rate === undefined) return ''
    if (rate !== this.lastRate) {
      this.lastRate = rate
      this.lastRateText = this.encoder.bindings.reserved({ sample_rate: rate }).text
    }
    return this.lastRateText
  }

  private startSummaries(): NodeJS.Timeout | undefined {
    const { sampler } = this
    if (sampler === undefined) return undefined
    return setInterval(() => this.reportSummaries(), sampler.options.summaryInterval).unref()
  }

  private ended(line: string): string {
    return line + (this.sequence === undefined ? this.encoder.format.end : this.sequence.next())
  }
}
