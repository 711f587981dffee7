import { parseGoFloat } from '../units.js'
import type { Value } from './value.js'

/** Converts as sprig's `int64`: what is no whole number counts as 0. */
export function toInteger(value: Value): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value !== 'string') return 0n
  // `12.000` counts as 12, and `12.5` as no whole number.
  const text = value.replace(/^([^.]*)\.0*$/, '$1')
  const [, sign = '', digits = ''] = /^([+-]?)(0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+|\d+)$/.exec(text) ?? []
  if (digits === '') return 0n
  const octal = /^0\d/.test(digits)
  if (octal && /[89]/.test(digits)) return 0n
  const size = BigInt(octal ? `0o${digits.slice(1)}` : digits)
  const integer = sign === '-' ? -size : size
  return BigInt.asIntN(64, integer) === integer ? integer : 0n
}

/** Converts as sprig's `float64`: what is no number counts as 0. */
export function toFloat(value: Value): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string') return 0
  const parsed = parseGoFloat(value)
  return 'value' in parsed ? parsed.value : 0
}
