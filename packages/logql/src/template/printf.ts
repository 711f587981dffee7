import { goQuote } from '../units.js'
import { formatFloat, isList, isMap, print, shortExponent, typeName, type Value } from './value.js'

const verb = /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d+)?)?(\[\d+\])?([\s\S]?)/g

/** Formats as Go's `fmt.Sprintf`. */
export function printf(format: string, values: readonly Value[]): string {
  let next = 0
  const text = format.replace(
    verb,
    (
      all: string,
      flags: string,
      width: string | undefined,
      precision: string | undefined,
      position: string | undefined,
      letter: string,
    ) => {
      if (letter === '%') return '%'
      if (letter === '') return '%!(NOVERB)'
      if (position !== undefined) next = Number(position.slice(1, -1)) - 1
      const star = (given: string | undefined) => (given === '*' ? Number(values[next++] ?? 0) : Number(given))
      const size = width === undefined ? 0 : star(width)
      const digits = precision === undefined ? (all.includes('.') ? 0 : undefined) : star(precision)
      if (next >= values.length) return `%!${letter}(MISSING)`
      return pad(formatVerb(letter, flags, digits, values[next++]), flags, size, letter)
    },
  )
  const extra = values.slice(next)
  if (extra.length === 0) return text
  return `${text}%!(EXTRA ${extra.map((value) => (value === undefined ? '<nil>' : `${typeName(value)}=${print(value)}`)).join(', ')})`
}

function pad(text: string, flags: string, width: number, letter: string): string {
  const missing = width - [...text].length
  if (missing <= 0) return text
  if (flags.includes('-')) return text + ' '.repeat(missing)
  if (!flags.includes('0') || letter === 's' || letter === 'v' || letter === 'q') {
    return flags.includes('0') ? '0'.repeat(missing) + text : ' '.repeat(missing) + text
  }
  return /^[+-]/.test(text) ? text[0] + '0'.repeat(missing) + text.slice(1) : '0'.repeat(missing) + text
}

function formatVerb(letter: string, flags: string, digits: number | undefined, value: Value): string {
  if (letter === 'v') return print(value)
  if (letter === 'T') return typeName(value)
  if (isList(value) && !isMap(value))
    return `[${value.map((element) => formatVerb(letter, flags, digits, element)).join(' ')}]`
  const formatted =
    typeof value === 'string'
      ? formatText(letter, digits, value)
      : typeof value === 'bigint'
        ? formatInteger(letter, flags, value)
        : typeof value === 'number'
          ? formatNumber(letter, flags, digits, value)
          : letter === 't' && typeof value === 'boolean'
            ? String(value)
            : letter === 's'
              ? timeText(value)
              : undefined
  return formatted ?? `%!${letter}(${value === undefined ? '<nil>' : `${typeName(value)}=${print(value)}`})`
}

/** `%s` prints what has a text of its own; numbers, booleans and nil have none. */
function timeText(value: Value): string | undefined {
  return typeof value === 'object' ? print(value) : undefined
}

function formatText(letter: string, digits: number | undefined, value: string): string | undefined {
  const cut = digits === undefined ? value : [...value].slice(0, digits).join('')
  if (letter === 's') return cut
  if (letter === 'q') return goQuote(cut)
  if (letter === 'x') return Buffer.from(value).toString('hex')
  return letter === 'X' ? Buffer.from(value).toString('hex').toUpperCase() : undefined
}

function formatInteger(letter: string, flags: string, value: bigint): string | undefined {
  const sign = flags.includes('+') && value >= 0n ? '+' : flags.includes(' ') && value >= 0n ? ' ' : ''
  const radix = { d: 10, b: 2, o: 8, x: 16, X: 16 }[letter]
  if (radix !== undefined) {
    const text = sign + value.toString(radix)
    return letter === 'X' ? text.toUpperCase() : text
  }
  if (letter === 'c') return String.fromCodePoint(Number(value))
  if (letter === 'U') return `U+${value.toString(16).toUpperCase().padStart(4, '0')}`
  return letter === 'q' ? `'${goQuote(String.fromCodePoint(Number(value))).slice(1, -1)}'` : undefined
}

function formatNumber(letter: string, flags: string, digits: number | undefined, value: number): string | undefined {
  const sign = flags.includes('+') && value >= 0 ? '+' : flags.includes(' ') && value >= 0 ? ' ' : ''
  if (!Number.isFinite(value)) return /[feEgG]/.test(letter) ? sign + print(value) : undefined
  switch (letter) {
    case 'f':
    case 'F':
      return sign + fixed(value, digits ?? 6)
    case 'e':
      return sign + shortExponent(value.toExponential(digits ?? 6))
    case 'E':
      return sign + shortExponent(value.toExponential(digits ?? 6)).toUpperCase()
    case 'g':
      return sign + (digits === undefined ? formatFloat(value) : shortExponent(precise(value, digits)))
    case 'G':
      return sign + (digits === undefined ? formatFloat(value) : shortExponent(precise(value, digits))).toUpperCase()
    default:
      return undefined
  }
}

/** Rounds the exact binary value half to even, as Go does; JavaScript's `toFixed` rounds a half up. */
function fixed(value: number, digits: number): string {
  const rounded = value.toFixed(Math.min(digits, 100))
  const scaled = Math.abs(value) * 10 ** digits
  const floor = Math.floor(scaled)
  const isHalf = digits <= 15 && scaled - floor === 0.5 && scaled / 10 ** digits === Math.abs(value) && floor % 2 === 0
  return isHalf ? (Math.sign(value) * (floor / 10 ** digits)).toFixed(digits) : rounded
}

/** `%.3g`: significant digits, without zeros at the end. */
function precise(value: number, digits: number): string {
  const wanted = digits === 0 ? 1 : digits
  const [mantissa = '', power = '0'] = value.toExponential(wanted - 1).split('e')
  const exponent = Number(power)
  const short = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)
  if (exponent < -4 || exponent >= wanted) return `${short(mantissa)}e${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`
  return short(value.toFixed(Math.max(0, wanted - 1 - exponent)))
}
