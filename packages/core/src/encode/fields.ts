import type { CompiledFormat } from '../format/compiled-format.js'
import type { Redactor } from '../redact/redactor.js'
import type { Fields } from './field.js'
import { FAILURE } from './field-names.js'
import { KeyFlag, type KeyTable } from './key-table.js'
import type { LogRecord } from './record.js'
import { SpecialFields } from './special-fields.js'
import { hasQuery, type ValueEncoder } from './value.js'

const NO_FIELDS: Fields = {}

/** Writes the fields of a call, one after the other, in one walk. */
export class FieldWriter {
  /** More fields than this cannot fit on a line: each takes at least six bytes (`,"a":1`). */
  readonly most: number
  readonly special: SpecialFields
  private readonly plain: boolean

  constructor(
    private readonly keys: KeyTable,
    private readonly values: ValueEncoder,
    redactor: Redactor | undefined,
    format: CompiledFormat,
    maxLineBytes: number,
  ) {
    this.special = new SpecialFields(keys, values, redactor, format)
    this.plain = !values.detects
    this.most = Math.ceil(maxLineBytes / 6) + 1
  }

  /**
   * The text of the fields. `state.isOpen` says whether its last text lacks its closing quote: a text costs two pieces of the
   * line that way and not four, and pieces are what a line costs (bench `fields`: 17 %).
   *
   * @param opened The text before the fields lacks its closing quote, which the first field brings.
   */
  write(record: LogRecord, fields: Fields, opened: boolean): string {
    const { keys, plain, special, values } = this
    const { state } = values
    const { strings } = keys
    let body = ''
    let isOpen = opened
    let count = 0
    try {
      let info = keys.start
      for (const key in fields) {
        // biome-ignore lint/suspicious/noPrototypeBuiltins: `Object.hasOwn` is unknown to V8's compiler (bench `six`: 5 %)
        if (!Object.prototype.hasOwnProperty.call(fields, key)) continue
        if (++count > this.most) {
          state.overflowed = true
          break
        }
        const guess = info.follower
        info = guess !== undefined && guess.name === key ? guess : keys.behind(info, key)
        let value: unknown
        try {
          value = fields[key]
        } catch {
          value = '[unreadable]'
        }
        const { flags } = info
        if (flags === 0 || (flags === KeyFlag.query && !hasQuery(value))) {
          if (plain && typeof value === 'string' && (info.plain === value || strings.look(info, value))) {
            body += (isOpen ? info.closingText : info.topText) + value
            isOpen = true
            continue
          }
          // Small whole numbers are V8's own fast case (bench `field`).
          const isSmall = plain && typeof value === 'number' && (value | 0) === value && value < 1e6
          const text = isSmall ? `${value}` : values.value(value, 1)
          if (text === undefined) continue
          body += (isOpen ? info.closing : info.top) + text
          isOpen = false
        } else if ((flags & KeyFlag.toJson) !== 0 && typeof value === 'function') {
          return this.replaced(record, fields, value as () => unknown, opened)
        } else {
          const text = special.write(record, fields, info, value, isOpen)
          if (text === undefined) continue
          body += text
          isOpen = false
        }
      }
    } catch {
      // A proxy's trap threw: what was read before stays.
      if (isOpen) body += '"'
      isOpen = false
      const text = `${keys.get(FAILURE).top}"unreadable"`
      body += special.placed({ name: FAILURE, text }, NO_FIELDS, record)
    }
    if (state.group !== '') {
      body += `${isOpen ? '"' : ''}${state.group}}`
      isOpen = false
    }
    state.isOpen = isOpen
    return body
  }

  /** The fields of an object with a `toJSON`: those of its result, whose own `toJSON` is not called. */
  private replaced(record: LogRecord, fields: Fields, toJSON: () => unknown, opened: boolean): string {
    const shown: unknown = toJSON.call(fields)
    const isBag = typeof shown === 'object' && shown !== null && !Array.isArray(shown)
    this.values.state.reset()
    return this.write(record, isBag ? { ...shown, toJSON: undefined } : { args: [shown] }, opened)
  }
}
