import type { CompiledFormat } from '../format/compiled-format.js'
import { converted, isScalar } from '../format/field-format.js'
import { DEFAULT_CENSOR } from '../redact/censor.js'
import { type ErrorRules, errorRules } from '../redact/error-rules.js'
import { type PathState, step } from '../redact/paths.js'
import type { Redactor } from '../redact/redactor.js'
import { freeName, renamed } from './bindings.js'
import { errorDetails, errorFacts, isError, traceback } from './error.js'
import { type EncodedField, type Fields, freeFieldName } from './field.js'
import { isCorrelation } from './field-names.js'
import { KeyFlag, type KeyInfo, type KeyTable } from './key-table.js'
import type { LogRecord } from './record.js'
import { quote } from './string.js'
import type { ValueEncoder } from './value.js'

const NO_FIELDS: Fields = {}

/** Flags of a key for whose value redaction alone matters. */
const REDACTION = KeyFlag.secret | KeyFlag.path | KeyFlag.structured | KeyFlag.query | KeyFlag.pairValue

/**
 * Writes the fields of a call whose keys are special: redacted, reserved, an id, bound elsewhere too, an Error under
 * `error`, or written by the line's format in a form or a place of its own.
 */
export class SpecialFields {
  private readonly rules: ErrorRules | undefined
  private readonly spreadsErrors: boolean
  /** The fields that an Error is spread over. */
  private readonly errorKeys: readonly KeyInfo[]
  /** Where the redaction paths lead with the key `error`. */
  private readonly errorPath: PathState | undefined

  constructor(
    private readonly keys: KeyTable,
    private readonly values: ValueEncoder,
    private readonly redactor: Redactor | undefined,
    private readonly format: CompiledFormat,
  ) {
    this.errorPath = redactor?.paths === undefined ? undefined : step(redactor.paths, 'error')
    this.rules = redactor === undefined ? undefined : errorRules(this.errorPath, (key) => redactor.keyRule(key))
    this.errorKeys = ['error', 'error_type', 'traceback', 'error_code', 'error_details'].map((name) => keys.get(name))
    this.spreadsErrors = format.format.errors !== 'object'
  }

  /**
   * The text of one field, or of several for an Error, as it stands on the line; `undefined` where nothing is written there.
   *
   * @param isOpen The text before it lacks its closing quote.
   */
  write(record: LogRecord, owner: Fields, info: KeyInfo, value: unknown, isOpen: boolean): string | undefined {
    const { flags, format } = info
    // No other field may stand under this name, so that it needs no list of fields (bench `three-paths`).
    if ((flags & ~REDACTION) === 0) {
      const text = this.redacted(info, value, owner)
      return text === undefined ? undefined : (isOpen ? info.closing : info.top) + text
    }
    if (format?.group !== undefined && this.isGrouped(owner)) {
      this.addToGroup(owner, info, value)
      return undefined
    }
    if (flags === KeyFlag.formatted && format?.isSimple === true && isScalar(value)) {
      const text = this.values.value(converted(format.convert, value), 1)
      return text === undefined ? undefined : (isOpen ? info.closing : info.top) + text
    }
    let text = isOpen ? '"' : ''
    if ((flags & KeyFlag.error) !== 0 && this.spreadsErrors && this.rules?.whole === undefined && isError(value)) {
      return text + this.error(owner, value)
    }
    for (const field of this.entry(owner, info, value)) {
      const placed = this.placed(field, owner, record)
      if (this.format.isOutside(field.name)) this.values.state.outside += placed
      else text += placed
    }
    return text === '' || (isOpen && text === '"') ? undefined : text
  }

  /** Usually one field, several for an Error, none for what is left out. Never throws. */
  entry(owner: Fields, info: KeyInfo, value: unknown): readonly EncodedField[] {
    const { name, flags, top } = info
    try {
      return this.entries(owner, info, value)
    } catch {
      // A proxy's trap threw.
      if ((flags & KeyFlag.reserved) === 0) return [{ name, text: `${top}"[unreadable]"` }]
      const free = `field_${name}`
      return [{ name: free, text: `${this.keys.get(free).top}"[unreadable]"` }]
    }
  }

  /** Adds a field under a name that no field of this call stands under yet. Writes nothing where the bound id is the same. */
  placed(field: EncodedField, owner: Fields, { bindings, context }: LogRecord): string {
    const { name, text } = field
    const { state } = this.values
    const bound = isCorrelation(name) ? (context?.get(name) ?? bindings.get(name)) : undefined
    if (bound === text) return ''
    state.taken ??= []
    const { taken } = state
    if (bound === undefined && !taken.includes(name)) {
      taken.push(name)
      return text
    }
    const free = freeName(name, (one) => taken.includes(one) || Object.hasOwn(owner, one))
    if (free === undefined) {
      state.overflowed = true
      return ''
    }
    taken.push(free)
    return renamed(field, free, this.keys).text
  }

  /** The message of an Error that is logged without one: its own, unless redaction hides that under the error's key. */
  errorMessage(error: Error, key: string): string {
    if (key !== 'error' && (this.keys.get(key).flags & (KeyFlag.secret | KeyFlag.path)) !== 0) return ''
    const { whole, message } = this.rules ?? {}
    return whole === undefined && message === undefined ? errorFacts(error).message : ''
  }

  private entries(owner: Fields, info: KeyInfo, value: unknown): readonly EncodedField[] {
    const { name, flags, format } = info
    // Where redaction names the alias, the field keeps it.
    if (format?.alias !== undefined && info.rule === undefined && (flags & KeyFlag.path) === 0) {
      const { alias } = format
      if (!Object.hasOwn(owner, alias)) return this.entries({ [alias]: value }, this.keys.get(alias), value)
    }
    if ((flags & KeyFlag.reserved) !== 0) return this.moved(owner, info, value)
    const id = isTraceId(info, value) ? converted(format?.convert, value) : undefined
    if (typeof id === 'string') return [{ name, text: info.top + quote(id) }]
    if ((flags & KeyFlag.error) !== 0 && this.spreadsErrors && this.rules?.whole === undefined && isError(value)) {
      return this.facts(owner, value).flatMap((text, i) => this.field(this.errorKeys[i] as KeyInfo, text))
    }
    return format === undefined
      ? this.field(info, this.watched(info, value, owner))
      : this.formatted(owner, info, value)
  }

  private field(info: KeyInfo, text: string | undefined): readonly EncodedField[] {
    return text === undefined ? [] : [{ name: info.name, text: info.top + text }]
  }

  /** A value for which redaction alone matters; `undefined` where it is left out. Never throws. */
  private redacted(info: KeyInfo, value: unknown, owner: Fields): string | undefined {
    try {
      return this.watched(info, value, owner)
    } catch {
      // A proxy's trap threw.
      return '"[unreadable]"'
    }
  }

  private watched(info: KeyInfo, value: unknown, owner: Fields): string | undefined {
    // Only a pair's value depends on what stands beside it; a line's fields are no object that `toJSON` could replace.
    const beside = (info.flags & KeyFlag.pairValue) === 0 ? undefined : (owner as Record<string, unknown>)
    const paths = this.redactor?.paths
    return this.values.watched(value, info, 0, paths === undefined ? undefined : step(paths, info.name), beside)
  }

  /** A field that the format's store has in another unit, as text, or as an object. */
  private formatted(owner: Fields, info: KeyInfo, value: unknown): readonly EncodedField[] {
    const { name, format } = info
    const given = info.rule === undefined ? converted(format?.convert, value) : value
    const text = this.watched(info, given, owner)
    if (text === undefined) return []
    if (format?.isText === true && /^[[{]/.test(text)) return this.field(info, quote(text))
    if (format?.isObject !== true || text.startsWith('{')) return this.field(info, text)
    const free = freeFieldName(name, (one) => Object.hasOwn(owner, one))
    return [{ name: free, text: this.keys.get(free).top + text }]
  }

  private isGrouped(owner: Fields): boolean {
    const { state } = this.values
    state.isGrouped ??= this.format.groups(owner)
    return state.isGrouped
  }

  private addToGroup(owner: Fields, info: KeyInfo, value: unknown): void {
    const { state } = this.values
    const group = info.format?.group
    if (group === undefined) return
    // What a logger or the context has bound under this name is replaced.
    if ((info.flags & KeyFlag.bound) !== 0) {
      state.taken ??= []
      state.taken.push(info.name)
    }
    const given = info.rule === undefined ? converted(group.convert, value) : value
    const text = info.flags === KeyFlag.formatted ? this.values.value(given, 1) : this.watched(info, given, owner)
    if (text !== undefined) state.group += (state.group === '' ? group.first : group.next) + text
  }

  /** A field with a reserved name, under another name. */
  private moved(owner: Fields, info: KeyInfo, value: unknown): readonly EncodedField[] {
    const text = this.watched(info, value, owner)
    const name = freeFieldName(info.name, (one) => Object.hasOwn(owner, one))
    return text === undefined ? [] : [{ name, text: this.keys.get(name).top + text }]
  }

  /** An Error under `error`, spread over the line. Names that something bound has too are noted. */
  private error(owner: Fields, error: Error): string {
    const { state } = this.values
    const texts = this.facts(owner, error)
    let out = ''
    for (let i = 0; i < texts.length; i++) {
      const text = texts[i]
      if (text === undefined) continue
      const info = this.errorKeys[i] as KeyInfo
      if ((info.flags & KeyFlag.bound) !== 0) {
        state.taken ??= []
        state.taken.push(info.name)
      }
      out += info.top + text
    }
    return out
  }

  /** The JSON of an Error's message, type, stack with causes, code and own properties: the values of `errorKeys`. */
  private facts(owner: Fields, error: Error): readonly (string | undefined)[] {
    const facts = errorFacts(error)
    const { rules } = this
    const { code } = facts
    const isAlone = !hasFacts(owner)
    const isShown = (name: string) => isAlone || !isGiven(owner, name)
    const details = errorDetails(error, this.values.errors, facts)
    return [
      this.fact(0, facts.message, rules?.message),
      isShown('error_type') ? this.fact(1, facts.type, rules?.type) : undefined,
      isShown('traceback')
        ? this.fact(
            2,
            rules?.causes === undefined ? traceback(error, facts, this.describe) : facts.stack,
            rules?.traceback,
          )
        : undefined,
      code !== undefined && isShown('error_code') ? this.fact(3, code, rules?.code) : undefined,
      details !== undefined && !isGiven(owner, 'error_details') ? this.details(details) : undefined,
    ]
  }

  /** A cause that is no Error, as it is shown under another key. */
  private readonly describe = (cause: object): string => {
    const path = this.errorPath === undefined ? undefined : step(this.errorPath, 'cause')
    return path?.rule === undefined ? (this.values.value(cause, 1, path) ?? '[object]') : DEFAULT_CENSOR
  }

  /** The own properties of an Error and of the errors inside it. */
  private details(details: Fields): string | undefined {
    const info = this.errorKeys[4] as KeyInfo
    const isRedacted = (info.flags & (KeyFlag.secret | KeyFlag.path)) !== 0
    const text = isRedacted
      ? this.watched(info, details, NO_FIELDS)
      : this.values.properties(details, 1, this.errorPath)
    return text === '{}' ? undefined : text
  }

  private fact(index: number, fact: string | number, rule: string | undefined): string | undefined {
    const info = this.errorKeys[index] as KeyInfo
    if (rule !== undefined) return this.values.censored(fact, rule, info.name, 1)
    return (info.flags & REDACTION) === 0 ? this.values.value(fact, 1) : this.watched(info, fact, NO_FIELDS)
  }
}

/** Whether the call itself may give facts of the error. */
function hasFacts(owner: Fields): boolean {
  try {
    return 'error_type' in owner || 'traceback' in owner || 'error_code' in owner
  } catch {
    // A proxy that does not say what it has.
    return true
  }
}

/** W3C Trace Context: a trace id has 32 hexadecimal digits, a span id 16. */
const TRACE_ID = /^(?:[0-9a-f]{16}|[0-9a-f]{32})$/

/**
 * Whether a field is an id of the trace, which detectors do not search: one of some thousand span ids has the digits of a
 * payment card, and hiding it would break the trace.
 */
function isTraceId({ name, flags }: KeyInfo, value: unknown): value is string {
  const hasRule = (flags & (KeyFlag.secret | KeyFlag.path)) !== 0
  const isId = (flags & KeyFlag.correlation) !== 0 && name !== 'request_id'
  return isId && !hasRule && typeof value === 'string' && TRACE_ID.test(value)
}

/** Whether the call itself gives a fact of the error. */
function isGiven(owner: Fields, name: string): boolean {
  try {
    return name in owner && owner[name] !== undefined
  } catch {
    return true
  }
}
