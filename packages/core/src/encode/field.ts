import { type ErrorRules, errorRules } from '../redact/error-rules.js'
import { step } from '../redact/paths.js'
import type { Redactor } from '../redact/redactor.js'
import { ERROR_NAMES, errorFacts, isError, traceback } from './error.js'
import { type Fields, readSafely } from './fields.js'
import type { EncodedField, Fragment } from './fragment.js'
import { KeyFlag, type KeyInfo, type KeyTable } from './key-table.js'
import type { Layout } from './layout.js'
import { hasOwn } from './own.js'
import { converted } from './shape.js'
import { quote } from './string.js'
import type { ValueEncoder } from './value.js'

const NO_FIELDS: Fields = {}

/**
 * The rare kinds of fields: reserved, secret, on a path, an Error under `error`, one that the line's format has in a form
 * of its own.
 */
export class FieldEncoder {
  private readonly rules: ErrorRules | undefined
  /** How an Error is written that nothing but its line's format has a say in. */
  private readonly usual: UsualError | undefined

  constructor(
    private readonly keys: KeyTable,
    private readonly values: ValueEncoder,
    private readonly redactor: Redactor | undefined,
    private readonly layout: Layout,
  ) {
    this.rules = redactor === undefined ? undefined : errorRules(redactor.paths, (key) => redactor.keyRule(key))
    const isSpread = this.rules === undefined && layout.format.errors !== 'object'
    this.usual = isSpread ? usualError(keys) : undefined
  }

  /**
   * The text of an Error under `error` where neither redaction, nor the format, nor another field of the line has a say in
   * it: written without a list of fields first (bench `errors`: half the time). `undefined` where one has.
   */
  errorText(
    owner: Fields,
    error: Error,
    bindings: Fragment,
    context: Fragment | undefined,
    isOpen: boolean,
  ): string | undefined {
    const { usual, values } = this
    if (usual === undefined || bindings.hasErrorNames || context?.hasErrorNames === true) return undefined
    if (hasDetails(owner)) return undefined
    const facts = errorFacts(error)
    const { code } = facts
    const { message, type, traceback: stack } = usual
    const start = (isOpen ? message.closing : message.top) + values.text(facts.message)
    const text = start + type.top + values.text(facts.type) + stack.top + values.text(traceback(error, facts))
    if (code === undefined) return text
    return text + usual.code.top + (typeof code === 'string' ? values.text(code) : values.value(code, 1))
  }

  /** Usually one field, four for an Error, none for what is left out. */
  entry(owner: Fields, key: string, value: unknown): EncodedField[] {
    const info = this.keys.get(key)
    const { aliases, errors } = this.layout.format
    // Where redaction names the other name, that is the name it keeps.
    const isAlias = (info.flags & KeyFlag.shaped) !== 0 && aliases !== undefined && hasOwn(aliases, key)
    if (isAlias && info.rule === undefined && (info.flags & KeyFlag.path) === 0) {
      const meant = aliases[key] as string
      if (!hasOwn(owner, meant)) return this.entry({ [meant]: value }, meant, value)
    }
    if ((info.flags & KeyFlag.reserved) !== 0) return this.moved(owner, key, value)
    const id = isTraceId(info, value) ? converted(info.shape?.convert, value) : undefined
    if (typeof id === 'string') return [{ name: key, text: info.top + quote(id) }]
    if ((info.flags & KeyFlag.error) !== 0 && this.rules?.whole === undefined && isError(value)) {
      if (errors !== 'object') return this.spread(owner, value)
    } else if ((info.flags & KeyFlag.shaped) !== 0) return this.shaped(owner, key, info, value)
    const text = this.watched(info, value, owner)
    return text === undefined ? [] : [{ name: key, text: info.top + text }]
  }

  /** The value of a field that redaction alone has a say in; `undefined` where it is left out. Never throws. */
  redacted(info: KeyInfo, value: unknown): string | undefined {
    try {
      return this.watched(info, value, NO_FIELDS)
    } catch {
      // A proxy's trap.
      return '"[unreadable]"'
    }
  }

  private watched(info: KeyInfo, value: unknown, owner: Fields): string | undefined {
    // Only a pair's value is judged by what stands beside it; a line's fields are no object that `toJSON` could stand for.
    const beside = (info.flags & KeyFlag.pairValue) === 0 ? undefined : (owner as Record<string, unknown>)
    const paths = this.redactor?.paths
    return this.values.watched(value, info, 0, paths === undefined ? undefined : step(paths, info.name), beside)
  }

  /** A field that the format's store has in another unit, as text, or as an object. */
  private shaped(owner: Fields, key: string, info: KeyInfo, value: unknown): EncodedField[] {
    const { layout } = this
    const given = info.rule === undefined ? converted(info.shape?.convert, value) : value
    const text = this.watched(info, given, owner)
    if (text === undefined) return []
    if (layout.isText(key) && /^[[{]/.test(text)) return [{ name: key, text: info.top + quote(text) }]
    if (!layout.isObject(key) || text.startsWith('{')) return [{ name: key, text: info.top + text }]
    const name = freeName(owner, key)
    return [{ name, text: this.keys.get(name).top + text }]
  }

  /** The value of a field that stands in the object that the format has for it; `undefined` where it is left out. */
  inGroup(owner: Fields, info: KeyInfo, value: unknown): string | undefined {
    const given = info.rule === undefined ? converted(info.shape?.group?.convert, value) : value
    return this.watched(info, given, owner)
  }

  /** A field that bears a reserved name, under a name of its own. */
  private moved(owner: Fields, key: string, value: unknown): EncodedField[] {
    const name = freeName(owner, key)
    const text = this.watched(this.keys.get(key), value, owner)
    return text === undefined ? [] : [{ name, text: this.keys.get(name).top + text }]
  }

  /** The message of an Error that is logged without one: its own, unless redaction says something of it under its key. */
  errorMessage(error: Error, key: string): string {
    if (key !== 'error' && (this.keys.get(key).flags & (KeyFlag.secret | KeyFlag.path)) !== 0) return ''
    const { whole, message } = this.rules ?? {}
    return whole === undefined && message === undefined ? errorFacts(error).message : ''
  }

  /** An Error under `error`: message, type, stack with causes, code, each a field that can be searched. */
  private spread(owner: Fields, error: Error): EncodedField[] {
    const facts = errorFacts(error)
    const fields: EncodedField[] = []
    const { rules } = this
    const stack = rules?.causes === undefined ? traceback(error, facts) : facts.stack
    this.fact(fields, owner, 'error', facts.message, rules?.message)
    this.fact(fields, owner, 'error_type', facts.type, rules?.type)
    this.fact(fields, owner, 'traceback', stack, rules?.traceback)
    if (facts.code !== undefined) this.fact(fields, owner, 'error_code', facts.code, rules?.code)
    return fields
  }

  private fact(
    fields: EncodedField[],
    owner: Fields,
    name: string,
    fact: string | number,
    rule: string | undefined,
  ): void {
    // What the caller says of the error himself is stronger than what the error says.
    if (name !== 'error' && name in owner && readSafely(owner, name) !== undefined) return
    const info = this.keys.get(name)
    const text = rule === undefined ? this.watched(info, fact, NO_FIELDS) : this.values.censored(fact, rule, name, 1)
    if (text !== undefined) fields.push({ name, text: info.top + text })
  }
}

/** As W3C Trace Context has the ids of a trace and of a span. */
const TRACE_ID = /^(?:[0-9a-f]{16}|[0-9a-f]{32})$/

/**
 * Whether a field is an id of the trace, which no detector is asked about: one of some thousand span ids has the digits of
 * a payment card, more so where a format writes them in decimal, and is lost for whoever follows the trace.
 */
function isTraceId({ name, flags }: KeyInfo, value: unknown): value is string {
  const hasRule = (flags & (KeyFlag.secret | KeyFlag.path)) !== 0
  const isId = (flags & KeyFlag.correlation) !== 0 && name !== 'request_id'
  return isId && !hasRule && typeof value === 'string' && TRACE_ID.test(value)
}

/** The keys of an Error's fields; `undefined` where any of them is more than a key. */
interface UsualError {
  readonly message: KeyInfo
  readonly type: KeyInfo
  readonly traceback: KeyInfo
  readonly code: KeyInfo
}

function usualError(keys: KeyTable): UsualError | undefined {
  const [message, type, stack, code] = ERROR_NAMES.map((name) => keys.get(name)) as [KeyInfo, KeyInfo, KeyInfo, KeyInfo]
  const isUsual = [message, type, stack, code].every(({ flags }) => (flags & ~(KeyFlag.bound | KeyFlag.error)) === 0)
  return isUsual ? { message, type, traceback: stack, code } : undefined
}

/** Whether the caller says something himself that an Error says. A proxy that does not tell goes the way that bears it. */
function hasDetails(owner: Fields): boolean {
  try {
    return 'error_type' in owner || 'traceback' in owner || 'error_code' in owner
  } catch {
    return true
  }
}

/** A name for a field whose own is taken, free among the fields beside it. */
function freeName(owner: Fields, key: string): string {
  let name = `field_${key}`
  while (hasOwn(owner, name)) name = `field_${name}`
  return name
}
