import { type BoundText, CompiledFormat } from '../format/compiled-format.js'
import type { StoreFormat } from '../format/format.js'
import { AUDIT } from '../levels/level.js'
import type { Redactor } from '../redact/redactor.js'
import type { Classification, Conceal } from '../redact/schema-censor.js'
import { type Bindings, type Composed, compose, joinFields } from './bindings.js'
import { BindingsEncoder } from './bindings-encoder.js'
import type { ErrorProperties } from './error.js'
import { EventFields } from './event-fields.js'
import { FieldWriter } from './fields.js'
import { keyRules } from './key-rules.js'
import { KeyTable } from './key-table.js'
import type { LogRecord } from './record.js'
import { flatten } from './string.js'
import type { CachedString } from './string-cache.js'
import { timestamp } from './timestamp.js'
import { Truncation } from './truncate.js'
import { ValueEncoder } from './value.js'

/** In `Bindings.heads`, where the heads with the opening of the message begin. */
const WITH_MESSAGE = 8

/** The options of a `LineEncoder`. */
export interface LineOptions {
  readonly format: StoreFormat
  readonly redactor: Redactor | undefined
  /** Which own properties of errors are logged. */
  readonly errorProperties: ErrorProperties
  /** The most bytes of a line, newline included. */
  readonly maxLineBytes: number
  /** Replaces a value that an event's schema classifies. */
  readonly conceal: Conceal
  /** Called for each value that was so replaced. */
  readonly onConcealed: (classification: Classification) => void
  /** Called for each line that was truncated. */
  readonly onTruncated: () => void
}

/**
 * Encodes a record as one line of JSON: time, level, bound fields, message and the call's fields, in one walk and one string.
 * A line that is numbered or held has no closing brace yet, since a sequence number comes last.
 */
export class LineEncoder {
  /** Encodes what is written on many lines. */
  readonly bindings: BindingsEncoder
  readonly format: CompiledFormat
  private readonly keys: KeyTable
  private readonly values: ValueEncoder
  private readonly writer: FieldWriter
  private readonly events: EventFields
  private readonly truncation: Truncation
  private readonly paths: Redactor['paths']
  /** The redaction rule that names the message itself. */
  private readonly messageRule: string | undefined
  /** Whether a message is written without a search for secrets. */
  private readonly plain: boolean
  /** Slots for messages, by their length. */
  private readonly messages: readonly CachedString[] = Array.from({ length: 16 }, () => ({ plain: '', candidate: '' }))
  /** The start of every line of the millisecond `openedAt`. */
  private opened = ''
  private openedAt = Number.NaN
  /**
   * Prefix cache: what the last line began with, up to the text of its message. The lines of one logger within one
   * millisecond begin alike. The text becomes one piece when it is used again (bench `plain`: 10 %).
   */
  private prefix = ''
  private isPrefixFlat = false
  private prefixMs = Number.NaN
  private prefixLevel = -1
  private prefixBindings: Bindings | undefined
  private prefixContext: Bindings | undefined
  /** What lines with this prefix have behind the message. */
  private bound: BoundText

  constructor(options: LineOptions) {
    const { redactor, maxLineBytes } = options
    const format = new CompiledFormat(options.format)
    this.format = format
    this.keys = new KeyTable(keyRules(format, redactor, () => this.onKeyCut()))
    this.values = new ValueEncoder(this.keys, redactor, maxLineBytes, options.errorProperties)
    this.writer = new FieldWriter(this.keys, this.values, redactor, format, maxLineBytes)
    this.bindings = new BindingsEncoder(this.keys, this.values, this.writer, format)
    this.events = new EventFields({ ...options, keys: this.keys, values: this.values, writer: this.writer, format })
    this.truncation = new Truncation(format, maxLineBytes, options.onTruncated)
    this.paths = redactor?.paths
    this.messageRule = redactor?.paths?.exact.message?.rule ?? redactor?.keyRule('message')
    this.plain = redactor?.detect === undefined
    this.bound = format.unbound
  }

  /** Sets another bound for every later line than `maxLineBytes`. */
  limitLines(maxLineBytes: number): void {
    this.truncation.limit(maxLineBytes)
  }

  /**
   * One line.
   *
   * @param isEnded Whether the line has its end. It is then one piece with the last text's quote (bench `plain`).
   */
  line(record: LogRecord, isEnded: boolean): string {
    const { state } = this.values
    if (state.busy) return this.values.nested(() => this.encode(record, isEnded))
    if (record.fields === undefined) return this.encode(record, isEnded)
    state.reset()
    state.busy = true
    try {
      return this.encode(record, isEnded)
    } finally {
      state.busy = false
    }
  }

  private encode(record: LogRecord, isEnded: boolean): string {
    const { level, ms, bindings, context, fields } = record
    const { values } = this
    const { state } = values
    let { message } = record
    if (this.messageRule !== undefined) message = values.censoredText(message, this.messageRule, 'message')
    // The bound fields are encoded before the call's, which marks their keys as bound.
    const isSame =
      bindings === this.prefixBindings &&
      context === this.prefixContext &&
      level === this.prefixLevel &&
      ms === this.prefixMs
    if (!isSame) this.renewPrefix(record)
    else if (!this.isPrefixFlat) this.flattenPrefix()
    const { bound, prefix } = this
    const suffix = isEnded ? bound.ended : bound.open
    const slot = this.messages[message.length & 15] as CachedString
    const isPlain = this.plain && (slot.plain === message || this.keys.strings.look(slot, message))
    if (!isPlain && fields === undefined) state.reset()
    // The text of a plain message lacks its closing quote, which the next piece brings.
    const text = isPlain ? message : values.text(message).slice(1)
    const hasMiddle = bound.middle !== ''
    const said = hasMiddle ? text + (isPlain ? bound.closing : bound.middle) : text
    const isOpen = isPlain && !hasMiddle
    let line: string | undefined
    if (fields === undefined) {
      line = prefix + said + (isOpen ? suffix.quoted : suffix.text)
      // The state is that of an earlier line where nothing of this one needed it.
      if (isPlain && line.length <= this.truncation.safeLength) return line
    } else {
      const { event } = record
      const body =
        event === undefined
          ? this.writer.write(record, fields, isOpen)
          : this.events.write(record, event, fields, isOpen)
      if (state.taken !== undefined || state.outside !== '') {
        line = this.recomposed(record, text, isPlain, body, isEnded)
      }
      line ??= prefix + said + body + (state.isOpen ? suffix.quoted : suffix.text)
    }
    const overflowed = state.overflowed && !(isPlain && fields === undefined)
    if (line.length <= this.truncation.safeLength && !overflowed) return line
    return this.truncation.fitted(line, isEnded, overflowed)
  }

  /**
   * The line of a call one of whose fields replaces a bound field, or stands outside the object that holds the others;
   * `undefined` where none does.
   */
  private recomposed(
    record: LogRecord,
    text: string,
    isPlain: boolean,
    body: string,
    isEnded: boolean,
  ): string | undefined {
    const { level, bindings, context } = record
    const { format, opened } = this
    const { isOpen, outside } = this.values.state
    const index = level / 10
    const composed = this.composed(bindings, context)
    if (composed === undefined && outside === '') return undefined
    const { bindings: own, context: around } = composed ?? compose(bindings, context, [], this.keys)
    if (format.isBoundFirst) {
      const { ended, open } = format.unbound
      const suffix = isEnded ? ended : open
      const bound = joinFields(own) + joinFields(around)
      const head = opened + format.levels[index] + bound + format.messageOpening
      return head + text + body + (isOpen ? suffix.quoted : suffix.text)
    }
    const bound = format.place([...own, ...around], level === AUDIT)
    const suffix = isEnded ? bound.ended : bound.open
    // As the fields were written for the bound fields that stood there first.
    const between = this.bound.middle === '' ? '' : isPlain ? bound.closing : bound.middle
    const head = opened + bound.outside + outside + format.levelsWithMessage[index]
    return head + text + between + body + (isOpen ? suffix.quoted : suffix.text)
  }

  /** Bindings and context without what the call's fields replace; `undefined` where they replace nothing. */
  private composed(bindings: Bindings, context: Bindings | undefined): Composed | undefined {
    const { taken } = this.values.state
    if (taken === undefined) return undefined
    for (const name of taken) {
      const isReplaced = bindings.has(name) || context?.has(name) === true || name.startsWith('field_')
      if (isReplaced) return compose(bindings, context, taken, this.keys)
    }
    return undefined
  }

  private flattenPrefix(): void {
    this.prefix = flatten(this.prefix)
    this.isPrefixFlat = true
  }

  private renewPrefix({ level, ms, bindings, context }: LogRecord): void {
    const { format } = this
    const index = level / 10
    if (ms !== this.openedAt) {
      this.opened = flatten(format.isIso ? `${format.opening}"${timestamp(ms)}"` : format.open(ms))
      this.openedAt = ms
    }
    if (format.isBoundFirst) {
      const heads = bindings.heads ?? this.makeHeads(bindings)
      if (heads[index] === undefined) this.addHead(heads, index, bindings)
      if (context === undefined) {
        this.prefix = this.opened + heads[index + WITH_MESSAGE]
      } else {
        const text = context.textBeside(bindings)
        const head = text.bindings === undefined ? heads[index] : format.levels[index] + text.bindings
        this.prefix = this.opened + head + text.context + format.messageOpening
      }
    } else {
      this.bound = level === AUDIT ? this.auditText(bindings, context) : format.boundText(bindings, context, this.keys)
      this.prefix = this.opened + this.bound.outside + format.levelsWithMessage[index]
    }
    this.isPrefixFlat = false
    this.prefixMs = ms
    this.prefixLevel = level
    this.prefixBindings = bindings
    this.prefixContext = context
  }

  private auditText(bindings: Bindings, context: Bindings | undefined): BoundText {
    const { bindings: own, context: around } = compose(bindings, context, [], this.keys)
    return this.format.place([...own, ...around], true)
  }

  private makeHeads(bindings: Bindings): (string | undefined)[] {
    bindings.heads = []
    return bindings.heads
  }

  private addHead(heads: (string | undefined)[], index: number, bindings: Bindings): void {
    const head = flatten(this.format.levels[index] + bindings.text)
    heads[index] = head
    heads[index + WITH_MESSAGE] = flatten(head + this.format.messageOpening)
  }

  private onKeyCut(): void {
    this.values.state.overflowed = true
  }

  /** A value's JSON text, redacted, for what is put into a message. Redaction paths hold for it as for a field. */
  readonly json = (value: unknown): string =>
    this.values.nested(() => this.values.value(value, 1, this.paths) ?? 'undefined')

  /** The message of an Error that is logged without one. */
  readonly errorMessage = (error: Error, key: string): string => this.writer.special.errorMessage(error, key)
}
