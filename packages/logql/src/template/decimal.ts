import { TemplateError } from './value.js'

type Decimal = { readonly digits: bigint; readonly places: number }

/** A quotient is rounded to this many places, as in `shopspring/decimal`, on which sprig calculates. */
const divisionPlaces = 16

/** Calculates with the decimal digits that two numbers are printed with, so that 0.1 + 0.2 is 0.3. */
export function decimal(operator: '+' | '-' | '*' | '/', left: number, right: number): number {
  const [a, b] = [decimalOf(left), decimalOf(right)]
  if (operator === '*') return toNumber({ digits: a.digits * b.digits, places: a.places + b.places })
  if (operator === '/') return toNumber(divide(a, b))
  const places = Math.max(a.places, b.places)
  const [x, y] = [a, b].map(({ digits, places: own }) => digits * 10n ** BigInt(places - own)) as [bigint, bigint]
  return toNumber({ digits: operator === '+' ? x + y : x - y, places })
}

function divide(a: Decimal, b: Decimal): Decimal {
  if (b.digits === 0n) throw new TemplateError('decimal division by 0')
  const shift = divisionPlaces + b.places - a.places
  const dividend = shift >= 0 ? a.digits * 10n ** BigInt(shift) : a.digits
  const divisor = shift >= 0 ? b.digits : b.digits * 10n ** BigInt(-shift)
  const quotient = dividend / divisor
  const rest = dividend % divisor
  const away = abs(rest) * 2n >= abs(divisor) ? (dividend < 0n === divisor < 0n ? 1n : -1n) : 0n
  return { digits: quotient + away, places: divisionPlaces }
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value
}

function decimalOf(value: number): Decimal {
  if (!Number.isFinite(value))
    throw new TemplateError(`Cannot create a Decimal from ${Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'}`)
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const places = fraction.length - Number(exponent)
  const digits = BigInt(whole + fraction)
  return places >= 0 ? { digits, places } : { digits: digits * 10n ** BigInt(-places), places: 0 }
}

function toNumber({ digits, places }: Decimal): number {
  return Number(`${digits}e-${places}`)
}
