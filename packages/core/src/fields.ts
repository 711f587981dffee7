import { types } from 'node:util'
import { isError } from './encode/error.js'
import type { Fields } from './encode/line.js'
import { isPairList } from './encode/pairs.js'

/**
 * The fields of a call whose arguments are anything: objects are merged, an Error goes under `error`, and what has no
 * names of its own is kept under `args`. Never throws.
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
  if (args.length > 0) define(result, freeName(result), args)
  return result
}

/** A copy of fields that may be anything: what cannot be read is a marker in its own place. Never throws. */
export function readableCopy(fields: object): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  const args: unknown[] = []
  copy(fields as Fields, result, args)
  if (args.length > 0) define(result, freeName(result), args)
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
    if (typeof key === 'string') define(bag, key, value)
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
    let value: unknown
    try {
      value = bag[key]
    } catch {
      value = UNREADABLE
    }
    if (Object.hasOwn(result, key)) args.push({ [key]: value })
    else define(result, key, value)
  }
}

function freeName(taken: object): string {
  let name = 'args'
  while (Object.hasOwn(taken, name)) name = `field_${name}`
  return name
}

/** Unlike an assignment, right for `__proto__` too. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}
