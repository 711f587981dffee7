import { types } from 'node:util'
import { isError } from '../encode/error.js'
import { type Fields, freeFieldName, readField, setField } from '../encode/field.js'
import { isPairList } from '../encode/pairs.js'
import { interpolate, textOf } from './interpolate.js'

/** The message and the fields of a log call. */
export interface LogArguments {
  readonly message: string
  readonly fields: Fields | undefined
}

/**
 * Reads the arguments of a level method, in every form that `LogMethod` lists. Any other argument is kept under `args`.
 *
 * @param others The arguments behind the first.
 * @param encode A value's JSON text, for what is put into the message.
 * @param errorMessage The message for an Error that is logged without one.
 */
export function readArguments(
  first: unknown,
  others: readonly unknown[],
  encode: (value: unknown) => string,
  errorMessage: (error: Error, key: string) => string,
): LogArguments {
  const given = others.at(-1) === undefined ? others.slice(0, lengthOf(others)) : others
  const lead = typeof first === 'object' && first !== null ? [first] : []
  // Behind fields or an error only text is the message: `log.error(error, { order_id })` has two bags of fields and none.
  const text = lead.length === 0 ? messageOf(first) : messageBehind(given)
  const values = lead.length === 0 || text === undefined ? given : given.slice(1)
  const { message, rest } = interpolate(text ?? '', values, encode)
  const alone = text === undefined ? errorOf(first) : undefined
  return {
    message: alone === undefined ? message : errorMessage(alone.error, alone.key),
    fields: fieldsOf(lead.length === 0 ? rest : [...lead, ...rest]),
  }
}

/**
 * The Error that is logged alone, by itself or as a field: `log.error(error)`, `log.error({ err })` as pino's users have it.
 */
function errorOf(first: unknown): { readonly error: Error; readonly key: string } | undefined {
  if (isError(first)) return { error: first, key: 'error' }
  for (const key of ['error', 'err']) {
    const error = Object.getOwnPropertyDescriptor(Object(first), key)?.value
    if (isError(error)) return { error, key }
  }
  return undefined
}

/** Without the `undefined` at the end: an argument that was not passed reads the same. */
function lengthOf(given: readonly unknown[]): number {
  let length = given.length
  while (length > 0 && given[length - 1] === undefined) length--
  return length
}

/** The message behind fields: a string, or a primitive that stands alone, as in pino. */
function messageBehind(given: readonly unknown[]): string | undefined {
  const [first] = given
  if (typeof first === 'string') return first
  const isPrimitive = typeof first === 'number' || typeof first === 'boolean' || typeof first === 'bigint'
  return given.length === 1 && isPrimitive ? String(first) : undefined
}

function messageOf(value: unknown): string {
  return value === undefined ? '' : textOf(value)
}

/**
 * The fields of a call whose arguments are anything: objects are merged, an Error goes under `error`, and a value without
 * named properties is kept under `args`. Never throws.
 */
export function fieldsOf(values: readonly unknown[]): Fields | undefined {
  if (values.length === 0) return undefined
  const given = values.filter((value) => value !== undefined)
  if (given.length === 0) return undefined
  if (given.length === 1) {
    const bag = bagOf(given[0])
    return bag === ARGS ? { args: given } : bag
  }
  const result: Record<string, unknown> = {}
  const args: unknown[] = []
  for (const value of given) {
    const bag = bagOf(value)
    if (bag === ARGS) args.push(value)
    else copy(bag, result, args)
  }
  if (args.length > 0) setField(result, freeName(result), args)
  return result
}

/** A copy of fields that may be anything, with a marker in place of what cannot be read. Never throws. */
export function readableCopy(fields: object): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  const args: unknown[] = []
  copy(fields as Fields, result, args)
  if (args.length > 0) setField(result, freeName(result), args)
  return result
}

/** Stands for a value that has no field names. */
const ARGS = Symbol('args')
const UNREADABLE = '[unreadable]'

function bagOf(value: unknown): Fields | typeof ARGS {
  if (typeof value !== 'object' || value === null) return ARGS
  try {
    if (isError(value)) return { error: value }
    if (types.isMap(value)) return bagOfMap(value as Map<unknown, unknown>)
    if (Array.isArray(value) || isOpaque(value)) return ARGS
    const { toJSON } = value as { toJSON?: unknown }
    if (typeof toJSON !== 'function') return value as Fields
    const replacement: unknown = toJSON.call(value)
    return replacement !== null && typeof replacement === 'object' && !Array.isArray(replacement)
      ? (replacement as Fields)
      : ARGS
  } catch {
    return { fields: UNREADABLE }
  }
}

function bagOfMap(map: Map<unknown, unknown>): Fields | typeof ARGS {
  const bag: Record<string, unknown> = {}
  let isNamed = true
  // Not by its own iterator, which a subclass may have made endless.
  Map.prototype.forEach.call(map, (value, key) => {
    if (typeof key === 'string') setField(bag, key, value)
    else isNamed = false
  })
  return isNamed ? bag : ARGS
}

/** Objects whose content is not in named properties. */
function isOpaque(value: object): boolean {
  return (
    types.isSet(value) ||
    types.isDate(value) ||
    types.isRegExp(value) ||
    types.isPromise(value) ||
    types.isBoxedPrimitive(value) ||
    types.isAnyArrayBuffer(value) ||
    ArrayBuffer.isView(value) ||
    isPairList(value)
  )
}

/** A second value for a name goes to `args`, so that none is lost. */
function copy(bag: Fields, result: Record<string, unknown>, args: unknown[]): void {
  let keys: string[]
  try {
    keys = Object.keys(bag)
  } catch {
    args.push(UNREADABLE)
    return
  }
  for (const key of keys) {
    const value = readField(bag, key)
    if (Object.hasOwn(result, key)) args.push({ [key]: value })
    else setField(result, key, value)
  }
}

function freeName(taken: object): string {
  return Object.hasOwn(taken, 'args') ? freeFieldName('args', (name) => Object.hasOwn(taken, name)) : 'args'
}
