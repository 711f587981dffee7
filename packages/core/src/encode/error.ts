import { types } from 'node:util'
import { readField, setField } from './field.js'

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
  /** The errors that the error names: causes, suppressed errors. */
  readonly named: readonly NamedError[]
  /** The errors of an `AggregateError`, or of anything that has such a list. */
  readonly errors: readonly unknown[]
}

/** An error inside an error, by the name that it has there. */
interface NamedError {
  readonly key: 'cause' | 'suppressed' | 'error'
  readonly value: unknown
}

const NONE: readonly never[] = []

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
  const errors = innerErrors(error)
  const message = text(read(() => error.message))
  return {
    type: errorType(error),
    message: message === '' ? substitute(errors, code) : message,
    stack: text(read(() => error.stack)),
    code: typeof code === 'string' || typeof code === 'number' ? code : undefined,
    named: namedErrors(error),
    errors,
  }
}

/**
 * What is said of an error without a message, as Node makes one for a connection that several addresses refused: the inner
 * messages, else the code.
 */
function substitute(errors: readonly unknown[], code: unknown): string {
  const messages = errors
    .slice(0, MOST_ERRORS)
    .map((one) => (isError(one) ? text(read(() => one.message)) : scalarText(one)))
    .filter((message) => message !== '')
  return messages.length > 0 ? messages.join('; ') : typeof code === 'object' ? '' : text(code)
}

function scalarText(value: unknown): string {
  return typeof value === 'object' || typeof value === 'function' ? '' : text(value)
}

/** In the order in which they are shown. */
function namedErrors(error: Error): readonly NamedError[] {
  const cause = read(() => error.cause)
  const isSuppressed = isSuppressedError(error)
  if (cause === undefined && !isSuppressed) return NONE
  const named: NamedError[] = []
  if (isSuppressed) {
    named.push({ key: 'error', value: read(() => (error as { error?: unknown }).error) })
    named.push({ key: 'suppressed', value: read(() => (error as { suppressed?: unknown }).suppressed) })
  }
  if (cause !== undefined) named.push({ key: 'cause', value: cause })
  return named
}

/**
 * Whether an error is what `using` throws when a disposal fails too. By its name and its properties: Node 20 and 22 have no
 * such class, and TypeScript's helper makes a plain Error.
 */
function isSuppressedError(error: Error): boolean {
  try {
    return Object.hasOwn(error, 'suppressed') && Object.hasOwn(error, 'error') && error.name === 'SuppressedError'
  } catch {
    return false
  }
}

/** A copy of the list, which may be a proxy. */
function innerErrors(error: Error): readonly unknown[] {
  try {
    const errors = read(() => (error as { errors?: unknown }).errors)
    if (!Array.isArray(errors)) return NONE
    return Array.from({ length: Math.min(errors.length, MOST_LISTED) }, (_, i): unknown => errors[i])
  } catch {
    return NONE
  }
}

/** An Error as an object, for where it is not spread over the line. Without its own properties: see `errorProperties`. */
export function errorObject(error: Error, hidesStack: boolean): Record<string, unknown> {
  const { type, message, stack, code, named, errors } = errorFacts(error)
  const fields: Record<string, unknown> = { type, message }
  if (!hidesStack) fields.stack = stack
  if (code !== undefined) fields.code = code
  for (const { key, value } of named) fields[key] = value
  if (errors.length > 0) fields.errors = errors
  return fields
}

/** More own properties of an error than this are not shown. */
const MOST_PROPERTIES = 32

/** Which own properties of errors are logged: all, none, or those of these names. */
export type ErrorProperties = boolean | ReadonlySet<string>

/**
 * An error's own enumerable properties, without those that are shown as facts of it. Libraries put the useful details there:
 * Postgres the constraint, axios the request, zod the issues.
 *
 * @returns `undefined` where there are none.
 */
export function errorProperties(error: Error, shown: ErrorProperties): Record<string, unknown> | undefined {
  if (shown === false) return undefined
  let properties: Record<string, unknown> | undefined
  let count = 0
  try {
    for (const key in error) {
      if (!Object.hasOwn(error, key) || isFact(error, key) || (shown !== true && !shown.has(key))) continue
      if (++count > MOST_PROPERTIES) break
      properties ??= {}
      setField(properties, key, readField(error, key))
    }
  } catch {
    // A proxy that does not say what it has.
  }
  return properties
}

/** Whether a property is shown as a fact of the error already. */
function isFact(error: Error, key: string): boolean {
  switch (key) {
    case 'message':
    case 'stack':
    case 'cause':
      return true
    case 'name':
      return typeof read(() => error.name) === 'string'
    case 'code': {
      const code = read(() => (error as { code?: unknown }).code)
      return typeof code === 'string' || typeof code === 'number'
    }
    case 'errors':
      return Array.isArray(read(() => (error as { errors?: unknown }).errors))
    case 'error':
    case 'suppressed':
      return isSuppressedError(error)
    default:
      return false
  }
}

/**
 * The own properties of an error and of the errors inside it: `{ constraint, cause: { port }, errors: [{ … }] }`.
 *
 * @returns `undefined` where none of them has any.
 */
export function errorDetails(
  error: Error,
  shown: ErrorProperties,
  { named, errors }: Pick<ErrorFacts, 'named' | 'errors'> = errorFacts(error),
  seen: readonly Error[] = [],
): Record<string, unknown> | undefined {
  let details = errorProperties(error, shown)
  if (shown === false || seen.length >= MOST_CAUSES || (named.length === 0 && errors.length === 0)) return details
  const path = [...seen, error]
  const inside = (value: unknown) =>
    isError(value) && !path.includes(value) ? errorDetails(value, shown, undefined, path) : undefined
  for (const { key, value } of named) {
    const inner = inside(value)
    if (inner !== undefined) details = { ...details, [key]: inner }
  }
  const inner = errors.slice(0, MOST_ERRORS).map(inside)
  if (inner.some((one) => one !== undefined)) details = { ...details, errors: inner.map((one) => one ?? {}) }
  return details
}

/** Writes a cause that is no Error. */
type Describe = (value: object) => string

/**
 * The stack with every cause under it, in the words of Node's own crash report: `Caused by: …`, `Suppressed: …`, and the
 * errors of an `AggregateError`.
 *
 * @param describe The text of a cause that is an object and no Error.
 */
export function traceback(
  error: Error,
  facts: ErrorFacts = errorFacts(error),
  describe: Describe = () => '[object]',
): string {
  if (facts.named.length === 0 && facts.errors.length === 0) return ownTrace(facts)
  return new Traceback(describe).write(error, facts)
}

function ownTrace({ stack, type, message }: ErrorFacts): string {
  return stack === '' ? `${type}: ${message}` : stack
}

const LABELS = { cause: 'Caused by', error: 'Caused by', suppressed: 'Suppressed' } as const

/** Writes an error with the errors inside it, each once. */
class Traceback {
  private readonly seen = new Set<unknown>()

  constructor(private readonly describe: Describe) {}

  write(error: Error, facts: ErrorFacts): string {
    this.seen.add(error)
    let out = ownTrace(facts)
    const { errors, named } = facts
    for (const one of errors.slice(0, MOST_ERRORS)) out += `\n${indented(this.inner(one))}`
    if (errors.length > MOST_ERRORS) out += `\n    … and ${errors.length - MOST_ERRORS} more errors`
    for (const { key, value } of named) {
      if (value !== undefined && value !== null) out += `\n${LABELS[key]}: ${this.inner(value)}`
    }
    return out
  }

  private inner(value: unknown): string {
    if (this.seen.has(value)) return '[Circular]'
    if (!isError(value)) return typeof value === 'object' && value !== null ? this.describe(value) : text(value)
    return this.seen.size >= MOST_CAUSES ? '[more causes]' : this.write(value, errorFacts(value))
  }
}

function indented(block: string): string {
  return `    ${block.replaceAll('\n', '\n    ')}`
}
