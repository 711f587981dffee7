import { types } from 'node:util'

/** The fields that an Error under `error` is spread over. */
export const ERROR_NAMES: readonly string[] = ['error', 'error_type', 'traceback', 'error_code']

/** Causes of causes beyond this many are not followed: no real chain is that deep, a hostile one may be endless. */
const MOST_CAUSES = 10
/** Errors of an AggregateError beyond this many are only counted. */
const MOST_ERRORS = 10
/** No line has room for more of them than this. */
const MOST_LISTED = 1000
const NATIVE_ERRORS = [AggregateError, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]

/** Whether a value is an Error, of this realm or another (`vm`, jest's environments). */
export function isError(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null) return false
  try {
    return value instanceof Error || types.isNativeError(value)
  } catch {
    // A proxy that does not say what it is.
    return false
  }
}

/** What a line says of an error. All text, read once and safely: an error's properties may be getters that throw. */
export interface ErrorFacts {
  readonly type: string
  readonly message: string
  readonly stack: string
  readonly code: string | number | undefined
}

/**
 * Reads a property that may throw or be anything. Each reader names its property, so that V8 keeps a cache of its own for
 * each: one function for all of them takes a tenth of an error line (bench `errors`).
 */
function read(reader: () => unknown): unknown {
  try {
    return reader()
  } catch {
    return undefined
  }
}

function text(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return ''
  try {
    return String(value)
  } catch {
    return '[unreadable]'
  }
}

/** The language's own names: an error of such a name may be of a class that did not set one. */
const NATIVE_NAMES = new Set(['', 'Error', ...NATIVE_ERRORS.map(({ name }) => name)])
/** Classes whose name says less than the error's: a literal's, and the one of Node's own errors. */
const VAGUE_CLASSES = new Set(['', 'Object', 'NodeError'])

/** `name`, or the class's own name where the class did not set one (`class NotFound extends Error {}`). */
function errorType(error: Error): string {
  const name = text(read(() => error.name))
  if (!NATIVE_NAMES.has(name)) return name
  const maker = read(() => error.constructor)
  const own = typeof maker === 'function' ? text(read(() => maker.name)) : ''
  return VAGUE_CLASSES.has(own) ? name || 'Error' : own
}

export function errorFacts(error: Error): ErrorFacts {
  const code = read(() => (error as { code?: unknown }).code)
  return {
    type: errorType(error),
    message: text(read(() => error.message)),
    stack: text(read(() => error.stack)),
    code: typeof code === 'string' || typeof code === 'number' ? code : undefined,
  }
}

/** An Error as an object, for where it is not spread over the line. */
export function errorObject(error: Error, hidesStack: boolean): Record<string, unknown> {
  const { type, message, stack, code } = errorFacts(error)
  const fields: Record<string, unknown> = { type, message }
  if (!hidesStack) fields.stack = stack
  if (code !== undefined) fields.code = code
  const cause = errorCause(error)
  if (cause !== undefined) fields.cause = cause
  const inner = innerErrors(error)
  if (inner.length > 0) fields.errors = inner
  return fields
}

function errorCause(error: Error): unknown {
  return read(() => error.cause)
}

/** The errors of an `AggregateError`, or of anything that has such a list: a copy, since theirs may be a proxy. */
function innerErrors(error: Error): readonly unknown[] {
  try {
    const errors = read(() => (error as { errors?: unknown }).errors)
    if (!Array.isArray(errors)) return []
    return Array.from({ length: Math.min(errors.length, MOST_LISTED) }, (_, i): unknown => errors[i])
  } catch {
    return []
  }
}

/**
 * The stack with every cause under it, in the words that Node's own crash report and Java readers know:
 * `Caused by: …`, and the errors of an `AggregateError`.
 */
export function traceback(error: Error, { stack, type, message }: ErrorFacts = errorFacts(error)): string {
  const cause = errorCause(error)
  const inner = innerErrors(error)
  const own = stack === '' ? `${type}: ${message}` : stack
  if (cause === undefined && inner.length === 0) return own
  return withCauses(error, own, new Set())
}

function withCauses(error: Error, own: string, seen: Set<unknown>): string {
  seen.add(error)
  let out = own
  const inner = innerErrors(error)
  for (const one of inner.slice(0, MOST_ERRORS)) out += `\n${indented(describe(one, seen))}`
  if (inner.length > MOST_ERRORS) out += `\n    … and ${inner.length - MOST_ERRORS} more errors`
  const cause = errorCause(error)
  if (cause !== undefined && cause !== null) out += `\nCaused by: ${describe(cause, seen)}`
  return out
}

function describe(value: unknown, seen: Set<unknown>): string {
  if (!isError(value)) return typeof value === 'object' ? '[object]' : text(value)
  if (seen.has(value)) return '[Circular]'
  if (seen.size >= MOST_CAUSES) return '[more causes]'
  const { stack, type, message } = errorFacts(value)
  return withCauses(value, stack === '' ? `${type}: ${message}` : stack, seen)
}

function indented(block: string): string {
  return `    ${block.replaceAll('\n', '\n    ')}`
}
