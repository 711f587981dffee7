import { types } from 'node:util'
import { isError } from './encode/error.js'
import type { Fields } from './encode/line.js'

/**
 * The fields of a call whose arguments are anything: objects are merged, an Error goes under `error`, and what has no
 * names of its own is kept under `args`.
 */
export function fieldsOf(values: readonly unknown[]): Fields | undefined {
  const bags = values.map(bagOf)
  const first = bags[0]
  if (first === undefined || (bags.length === 1 && first !== ARGS)) return first as Fields | undefined
  const result: Record<string, unknown> = {}
  const args: unknown[] = []
  for (const [i, bag] of bags.entries()) {
    if (bag === ARGS) args.push(values[i])
    else copy(bag as Fields, result, args)
  }
  if (args.length > 0) define(result, Object.hasOwn(result, 'args') ? 'field_args' : 'args', args)
  return result
}

/** Stands for a value that has no field names. */
const ARGS = Symbol('args')

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
    return { fields: '[unreadable]' }
  }
}

function bagOfMap(map: Map<unknown, unknown>): Fields | typeof ARGS {
  const pairs = [...map]
  return pairs.every(([key]) => typeof key === 'string') ? Object.fromEntries(pairs) : ARGS
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
    ArrayBuffer.isView(value)
  )
}

/** A second value for a name goes to `args`, so that none is lost. */
function copy(bag: Fields, result: Record<string, unknown>, args: unknown[]): void {
  for (const key of Object.keys(bag)) {
    let value: unknown
    try {
      value = bag[key]
    } catch {
      value = '[unreadable]'
    }
    if (Object.hasOwn(result, key)) args.push({ [key]: value })
    else define(result, key, value)
  }
}

/** Unlike an assignment, right for `__proto__` too. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}
