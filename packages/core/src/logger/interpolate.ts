import { errorFacts, isError } from '../encode/error.js'
import { templateOf } from './message-template.js'

export interface Interpolated {
  readonly message: string
  /** The arguments that no specifier took, in their order, after every Error: its stack has no room in a message. */
  readonly rest: readonly unknown[]
}

/**
 * Puts arguments into a message in the manner of `util.format`: `%s %d %i %f %j %o %O %c %%`.
 *
 * `%s`, `%j`, `%o`, `%O` take anything (objects as JSON, redacted like every value), `%d`, `%i`, `%f` only what is a
 * number, so that `log.info('50%done', { job })` keeps its fields; `%c` (a browser's style) takes one and writes nothing.
 *
 * @param encode A value's JSON text.
 */
export function interpolate(
  message: string,
  values: readonly unknown[],
  encode: (value: unknown) => string,
): Interpolated {
  // Most messages have no place for an argument, and their template is not worth keeping.
  if (!message.includes('%')) return { message, rest: values }
  const { literals, specifiers } = templateOf(message)
  let text = literals[0] as string
  let next = 0
  const errors: unknown[] = []
  for (let i = 0; i < specifiers.length; i++) {
    const specifier = specifiers[i] as string
    const value = values[next]
    const replacement = next < values.length ? replace(specifier, value, encode) : undefined
    if (replacement !== undefined) {
      next++
      if (isError(value)) errors.push(value)
    }
    text += (replacement ?? `%${specifier}`) + literals[i + 1]
  }
  // Where nothing was put in, `%%` is no escape either: `log.info(url, { status })`.
  if (next === 0) return { message, rest: values }
  return { message: text, rest: next === values.length ? errors : [...errors, ...values.slice(next)] }
}

/** What a specifier makes of a value; `undefined` when it takes none, or not this one. */
function replace(specifier: string, value: unknown, encode: (value: unknown) => string): string | undefined {
  switch (specifier) {
    case 's':
      return isObject(value) && !isError(value) ? (ownText(value) ?? encode(value)) : textOf(value)
    case 'd':
    case 'f':
      return numeric(value)
    case 'i':
      return typeof value === 'number' ? numeric(Math.trunc(value)) : numeric(value)?.replace(/\.[^.]*$/, '')
    case 'j':
    case 'o':
    case 'O':
      return isError(value) ? textOf(value) : encode(value)
    case 'c':
      return ''
    default:
      return undefined
  }
}

/** What a value that is no object reads like in a message, and an Error's message. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  // Its source is nothing to log, and its `toString` may throw.
  if (typeof value === 'function') return '[Function]'
  return isError(value) ? errorFacts(value).message : String(value)
}

/** The text of an object whose class has a `toString` of its own, as `util.format` has it; `undefined` for any other. */
function ownText(value: object): string | undefined {
  try {
    const convert = (value as { toString?: unknown }).toString
    if (typeof convert !== 'function' || isNative(convert)) return undefined
    const text: unknown = convert.call(value)
    return typeof text === 'string' ? text : undefined
  } catch {
    return undefined
  }
}

/** Whether a function is one of the language: those of Object, Array, Date, Map and the like. */
function isNative(fn: object): boolean {
  return Function.prototype.toString.call(fn).endsWith('{ [native code] }')
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function numeric(value: unknown): string | undefined {
  if (typeof value === 'number') return `${value}`
  if (typeof value === 'bigint') return `${value}`
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
  return Number.isFinite(number) ? `${number}` : undefined
}
