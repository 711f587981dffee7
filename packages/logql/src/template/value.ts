import { GoTime } from './time.js'

/**
 * A value of Go within a template. A whole number is a bigint and a floating-point number is a number, because Go prints, compares and
 * divides them differently. `undefined` is nil.
 */
export type Value =
  | string
  | bigint
  | number
  | boolean
  | undefined
  | GoTime
  | readonly Value[]
  | { readonly [key: string]: Value }

/** What goes wrong while a template runs. Loki keeps the line and stores the message under `__error_details__`. */
export class TemplateError extends Error {}

export function isMap(value: Value): value is { readonly [key: string]: Value } {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof GoTime)
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}

/** Reports whether a value counts as true in `if`: it is not the empty value of its type. */
export function isTrue(value: Value): boolean {
  if (isList(value)) return value.length > 0
  if (isMap(value)) return Object.keys(value).length > 0
  return value instanceof GoTime || Boolean(value)
}

/** Returns the name of a value's type as Go writes it. */
export function typeName(value: Value): string {
  if (typeof value === 'string') return 'string'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return 'float64'
  if (typeof value === 'boolean') return 'bool'
  if (value === undefined) return '<nil>'
  if (value instanceof GoTime) return 'time.Time'
  return isList(value) ? '[]interface {}' : 'map[string]interface {}'
}

/** Writes a value as Go's `%v`. */
export function print(value: Value): string {
  if (typeof value === 'number') return formatFloat(value)
  if (value === undefined) return '<nil>'
  if (value instanceof GoTime) return value.toString()
  if (isList(value)) return `[${value.map(print).join(' ')}]`
  if (isMap(value))
    return `map[${Object.keys(value)
      .sort()
      .map((key) => `${key}:${print(value[key])}`)
      .join(' ')}]`
  return String(value)
}

/** Writes a number as Go's `%v`: with an exponent below 1e-4 and from 1e6. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (Object.is(value, -0)) return '-0'
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return shortExponent(value.toExponential())
  return String(value)
}

/** Go writes at least two digits of an exponent. */
export function shortExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2')
}
