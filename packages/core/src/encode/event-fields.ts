import type { CompiledFormat } from '../format/compiled-format.js'
import type { Redactor } from '../redact/redactor.js'
import type { Classification, Conceal } from '../redact/schema-censor.js'
import type { EventHost, EventWriter } from './event-host.js'
import type { Fields } from './field.js'
import type { FieldWriter } from './fields.js'
import type { KeyTable } from './key-table.js'
import type { LogRecord } from './record.js'
import type { TypedEvent } from './typed-event.js'
import type { ValueEncoder } from './value.js'

interface EventFieldsParts {
  readonly keys: KeyTable
  readonly values: ValueEncoder
  readonly writer: FieldWriter
  readonly format: CompiledFormat
  readonly redactor: Redactor | undefined
  readonly maxLineBytes: number
  readonly conceal: Conceal
  readonly onConcealed: (classification: Classification) => void
}

/** Writes the fields of typed events, each by the writer that its schema was compiled to for this root. */
export class EventFields {
  private readonly writers = new WeakMap<TypedEvent, EventWriter>()
  private lastEvent: TypedEvent | undefined
  private lastWriter: EventWriter | undefined

  constructor(private readonly parts: EventFieldsParts) {}

  /** The text of the fields: see `FieldWriter.write`. */
  write(record: LogRecord, event: TypedEvent, fields: Fields, isOpen: boolean): string {
    if (event !== this.lastEvent || this.lastWriter === undefined) {
      this.lastWriter = this.writers.get(event) ?? this.compile(event)
      this.lastEvent = event
    }
    const text = this.lastWriter.write(record, fields, isOpen)
    this.parts.values.state.isOpen = false
    return text
  }

  private compile(event: TypedEvent): EventWriter {
    const { keys, values, writer, format, redactor, maxLineBytes, conceal, onConcealed } = this.parts
    const host: EventHost = {
      keys,
      redactor,
      mostItems: Math.ceil(maxLineBytes / 2) + 1,
      rename: (name) => format.name(name),
      walk: (record, fields) => {
        const text = writer.write(record, fields, false)
        return values.state.isOpen ? `${text}"` : text
      },
      text: (value, key) => values.watched(value, key, 0, undefined, undefined),
      value: (value) => values.value(value, 1),
      conceal,
      concealed: onConcealed,
    }
    const compiled = event.compile(host as never) as EventWriter
    this.writers.set(event, compiled)
    return compiled
  }
}
