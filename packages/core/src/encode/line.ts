import { AUDIT } from '../levels/level.js'
import type { Redactor } from '../redact/redactor.js'
import type { Classification, Conceal } from '../redact/schema-censor.js'
import { CallFields } from './call-fields.js'
import { FieldEncoder } from './field.js'
import { flagsOf, isCorrelation } from './field-names.js'
import type { Fields } from './fields.js'
import type { Format } from './format.js'
import {
  besideOf,
  type Composed,
  compose,
  type EncodedField,
  type Fragment,
  type Naming,
  type Texts,
} from './fragment.js'
import { Fragments } from './fragments.js'
import { KeyTable } from './key-table.js'
import { Layout } from './layout.js'
import { Lead } from './lead.js'
import { LineBudget } from './line-budget.js'
import type { PlainText } from './plain-texts.js'
import { flatten } from './string.js'
import type { Tail } from './tail.js'
import { ValueEncoder } from './value.js'

export type { Fields } from './fields.js'

/** Where a fragment keeps the heads that have the message's opening, among its heads by level. */
const WITH_MESSAGE = 8

export interface LineOptions {
  readonly format: Format
  readonly redactor: Redactor | undefined
  /** The most a line takes, newline included. */
  readonly maxLineBytes: number
  /** What stands in the place of a value that an event's schema classifies. */
  readonly conceal: Conceal
  /** Told of each value that was so hidden. */
  readonly onConcealed: (classification: Classification) => void
  /** Told of each line that was cut. */
  readonly onTruncated: () => void
}

/**
 * A record becomes one line of JSON: head, context, message, fields, in one walk and one string. A line that is numbered, or
 * held, comes without its closing brace, so that the sequence number can be the last thing written (`LineEncoder` does not
 * know when, or whether, a held line will be).
 */
export class LineEncoder implements Naming {
  /** Makes what is written on many lines. */
  readonly fragments: Fragments
  /** What a line ends with, newline included. */
  readonly end: string
  private readonly keys: KeyTable
  private openedAt = Number.NaN
  private opened = ''
  private readonly lead: Lead
  /** Messages, by their length. */
  private readonly said: readonly PlainText[] = Array.from({ length: 16 }, () => ({ plain: '', candidate: '' }))
  private readonly detects: boolean
  private readonly values: ValueEncoder
  private readonly layout: Layout
  private readonly fields: FieldEncoder
  private readonly call: CallFields
  private readonly afterTime: readonly string[]
  private readonly messageOpening: string
  private readonly paths: Redactor['paths']
  /** The redaction rule that names the message itself. */
  private readonly messageRule: string | undefined
  private readonly budget: LineBudget
  /** True while something is being encoded: a getter or a `toJSON` in it may log a line of its own. */
  private busy = false

  constructor(options: LineOptions) {
    const { format, redactor, maxLineBytes } = options
    const layout = new Layout(format)
    this.layout = layout
    this.end = layout.end
    this.lead = new Lead(layout.unbound)
    this.keys = new KeyTable({
      flags: (key) => flagsOf(key, layout, redactor),
      rule: (key) => redactor?.keyRule(key),
      rename: (key) => layout.name(key),
      shape: (key) => layout.shape(key),
      shown: (key) => redactor?.shownKey(key) ?? key,
      onCut: () => {
        this.values.overflowed = true
      },
    })
    this.values = new ValueEncoder(this.keys, redactor, maxLineBytes)
    this.fields = new FieldEncoder(this.keys, this.values, redactor, layout)
    const { keys, values, fields } = this
    this.call = new CallFields({ ...options, keys, values, fields, layout, naming: this })
    this.detects = redactor?.detect !== undefined
    const { call, detects } = this
    this.fragments = new Fragments({ keys, values, call, layout, detects, nested: (encode) => this.nested(encode) })
    this.afterTime = layout.afterTime
    this.messageOpening = layout.messageOpening
    this.budget = new LineBudget(layout, maxLineBytes, options.onTruncated)
    this.paths = redactor?.paths
    this.messageRule = redactor?.paths?.exact.message?.rule ?? redactor?.keyRule('message')
  }

  /**
   * One line.
   *
   * @param level A level's number, or `AUDIT`.
   * @param ms The time of the call.
   * @param end What it ends with: `this.end`, or nothing where more is to follow. With the last text's quote it is one piece of
   *   the line (bench `plain`).
   */
  line(
    level: number,
    ms: number,
    bindings: Fragment,
    context: Fragment | undefined,
    message: string,
    fields: object | undefined,
    end = '',
  ): string {
    if (this.busy) return this.nested(() => this.encoded(level, ms, bindings, context, message, fields as Fields, end))
    // Nothing of the caller's is asked for anything.
    if (fields === undefined) return this.encoded(level, ms, bindings, context, message, undefined, end)
    this.busy = true
    try {
      return this.encoded(level, ms, bindings, context, message, fields as Fields, end)
    } finally {
      this.busy = false
    }
  }

  private encoded(
    level: number,
    ms: number,
    bindings: Fragment,
    context: Fragment | undefined,
    message: string,
    fields: Fields | undefined,
    end: string,
  ): string {
    const { lead } = this
    if (this.messageRule !== undefined) message = this.values.censoredText(message, this.messageRule, 'message')
    if (ms !== this.openedAt) this.open(ms)
    const said = this.said[message.length & 15] as PlainText
    const isPlain = !this.detects && (said.plain === message || this.keys.texts.look(said, message))
    if (fields === undefined && isPlain && lead.isOf(ms, level / 10, bindings, context)) {
      const line = lead.text + message + (end === '' ? lead.texts.closed : lead.texts.ended)
      return this.budget.fitted(line, end, false)
    }
    return this.layout.isFlat
      ? this.flat(level / 10, ms, bindings, context, message, fields, end, isPlain)
      : this.within(level / 10, ms, bindings, context, message, fields, end, isPlain)
  }

  /** A line that has its fields as its own. */
  private flat(
    index: number,
    ms: number,
    bindings: Fragment,
    context: Fragment | undefined,
    message: string,
    fields: Fields | undefined,
    end: string,
    isPlain: boolean,
  ): string {
    const { call, lead, opened, values } = this
    // The fragments are encoded before the fields, since that is what marks their keys as bound.
    const start = lead.isOf(ms, index, bindings, context) ? lead.text : this.newLead(ms, index, bindings, context)
    const { open, ended } = lead.texts.tails
    const tail = end === '' ? open : ended
    if (fields === undefined && isPlain) return this.budget.fitted(start + message + tail.quoted, end, false)
    values.reset()
    call.reset()
    const body = fields === undefined ? tail.text : call.write(fields, bindings, context, isPlain, tail)
    const composed = call.composed(bindings, context)
    // The lead ends with the quote that the text begins with.
    const said = isPlain ? message : values.text(message).slice(1)
    const line =
      composed === undefined
        ? start + said + body
        : this.recomposed(opened, index, bindings, composed, said, body, tail, end)
    return this.budget.fitted(line, end, values.overflowed)
  }

  /**
   * A flat line in whose call something is in the way of what is bound.
   *
   * @param tail What `body` ends with.
   */
  private recomposed(
    opened: string,
    index: number,
    bindings: Fragment,
    composed: Composed,
    said: string,
    body: string,
    tail: Tail,
    end: string,
  ): string {
    const { layout } = this
    if (!layout.isBoundFirst) {
      const { tails } = this.textsOf(bindings, undefined, composed, index)
      const own = body.slice(0, body.length - tail.text.length)
      return layout.lead(opened, index, '') + said + own + tails.open.text + end
    }
    const around = besideOf(composed, bindings)
    const head = this.afterTime[index] + (around.bindings ?? bindings.text)
    return opened + head + around.context + this.messageOpening + said + body
  }

  /** What a line begins with when nothing in its call is in the way of what is bound: all up to the text of its message. */
  private newLead(ms: number, index: number, bindings: Fragment, context: Fragment | undefined): string {
    const { layout, lead, opened } = this
    if (!layout.isBoundFirst) {
      const texts = this.textsOf(bindings, context, undefined, index)
      return lead.keep(ms, index, bindings, context, layout.lead(opened, index, texts.outside), texts)
    }
    const head = bindings.heads[index] ?? this.makeHeads(index, bindings)
    let text: string
    if (context === undefined) {
      text = opened + bindings.heads[index + WITH_MESSAGE]
    } else {
      const beside = context.beside(bindings, this)
      const before = beside.bindings === undefined ? head : this.afterTime[index] + beside.bindings
      text = opened + before + beside.context + this.messageOpening
    }
    return lead.keep(ms, index, bindings, context, text, layout.unbound)
  }

  /** Encodes something without disturbing the record whose values have asked for it, if one is being encoded. */
  private nested<T>(encode: () => T): T {
    const { busy, call, values } = this
    // With nothing under way there is nothing to set aside (bench `interpolation`).
    const state = busy ? { values: values.suspend(), call: call.suspend() } : undefined
    values.reset()
    this.busy = true
    try {
      return encode()
    } finally {
      this.busy = busy
      if (state !== undefined) {
        call.resume(state.call)
        values.resume(state.values)
      }
    }
  }

  /** The start of every line of this millisecond. */
  private open(ms: number): void {
    this.opened = flatten(this.layout.open(ms))
    this.openedAt = ms
  }

  /** A line that has its fields in an object of theirs. */
  private within(
    index: number,
    ms: number,
    bindings: Fragment,
    context: Fragment | undefined,
    message: string,
    fields: Fields | undefined,
    end: string,
    isPlain: boolean,
  ): string {
    const { call, layout, lead, opened, values } = this
    const start = lead.isOf(ms, index, bindings, context) ? lead.text : this.newLead(ms, index, bindings, context)
    const { texts } = lead
    values.reset()
    call.reset()
    const { open, ended } = texts.tails
    const tail = end === '' ? open : ended
    const body = fields === undefined ? end : call.write(fields, bindings, context, false, tail)
    const composed = call.composed(bindings, context)
    const said = isPlain ? message : values.text(message).slice(1)
    let line: string
    if (composed === undefined && call.outside === '') {
      line = start + said + layout.rest(texts, isPlain, body, end)
    } else {
      const around = this.textsOf(bindings, context, composed, index)
      const head = layout.lead(opened, index, around.outside + call.outside)
      line = head + said + layout.rest(around, isPlain, body, end)
    }
    return this.budget.fitted(line, end, values.overflowed)
  }

  /** What is bound to a line of a format with an order of its own. */
  private textsOf(
    bindings: Fragment,
    context: Fragment | undefined,
    composed: Composed | undefined,
    index: number,
  ): Texts {
    const { layout } = this
    const isAudit = index === AUDIT / 10
    if (composed === undefined && !isAudit) return layout.bound(bindings, context, this)
    return layout.split(fieldsOf(composed ?? compose(bindings, context, [], this)), isAudit)
  }

  /** What stands between the time and the context, for a level; and the same with the message's opening behind it. */
  private makeHeads(index: number, bindings: Fragment): string {
    const head = flatten(this.afterTime[index] + bindings.text)
    bindings.heads[index] = head
    bindings.heads[index + WITH_MESSAGE] = flatten(head + this.messageOpening)
    return head
  }

  /** A value's JSON text, redacted, for what is put into a message. */
  readonly encode = (value: unknown): string =>
    // Paths hold for it as for fields: the specifier that it stands for does not make it another thing.
    this.nested(() => this.values.value(value, 1, this.paths) ?? 'undefined')

  /** The message of an Error that is logged without one. */
  readonly errorMessage = (error: Error, key: string): string => this.fields.errorMessage(error, key)

  isCorrelation(name: string): boolean {
    return isCorrelation(name)
  }

  renamed({ text }: EncodedField, name: string): EncodedField {
    return { name, text: text.replace(FIELD_KEY, () => this.keys.get(name).top) }
  }

  /** The store's name for a field of ours. */
  name(ours: string): string {
    return this.layout.name(ours)
  }
}

function fieldsOf({ bindings, context }: Composed): readonly EncodedField[] {
  return [...bindings, ...context]
}

/** A field's key, with the comma before it. */
const FIELD_KEY = /^,"(?:[^"\\]|\\.)*":/
