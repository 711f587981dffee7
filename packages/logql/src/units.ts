/** Nanoseconds of each unit that Go's `time.ParseDuration` knows. */
const goUnits: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n, // U+00B5
  μs: 1_000n, // U+03BC
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}
/** And those that Prometheus adds. */
const promUnits: Readonly<Record<string, bigint>> = {
  ...goUnits,
  d: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
  y: 31_536_000_000_000_000n,
}
const largest = 9_223_372_036_854_775_807n

/**
 * Returns the nanoseconds of a duration as LogQL writes it (`5m`, `1h30m`, `1.5s`, `1d`), or undefined where it is none.
 * Go's units may have fractions; those of Prometheus (`d`, `w`, `y`) stand alone, in whole numbers.
 */
export function parseQueryDuration(text: string): bigint | undefined {
  if (/[dwy]/.test(text)) {
    if (!/^(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$/.test(text)) return undefined
    return sum(text, promUnits)
  }
  return sum(text, goUnits)
}

/** A value, or the message that Go's function for it fails with. */
export type Parsed<T> = { readonly value: T } | { readonly error: string }

/** Parses a duration as Go's `time.ParseDuration` does. */
export function parseGoDuration(text: string): Parsed<bigint> {
  const error = `time: invalid duration ${goQuote(text)}`
  const negative = text.startsWith('-')
  const body = negative || text.startsWith('+') ? text.slice(1) : text
  if (body === '0') return { value: 0n }
  if (body === '') return { error }
  let total = 0n
  let rest = body
  while (rest !== '') {
    const match = /^(\d*)(\.\d*)?([^\d.]*)/.exec(rest)
    const [all = '', whole = '', fraction = '', unit = ''] = match ?? []
    if (whole === '' && fraction.length <= 1) return { error }
    if (unit === '') return { error: `time: missing unit in duration ${goQuote(text)}` }
    const scale = goUnits[unit]
    if (scale === undefined) return { error: `time: unknown unit ${goQuote(unit)} in duration ${goQuote(text)}` }
    total += BigInt(whole === '' ? 0 : whole) * scale + fractionOf(fraction.slice(1), scale)
    if (total > largest + (negative ? 1n : 0n)) return { error }
    rest = rest.slice(all.length)
  }
  return { value: negative ? -total : total }
}

function sum(text: string, units: Readonly<Record<string, bigint>>): bigint | undefined {
  if (text === '0') return 0n
  const part = /(\d{0,40})(?:\.(\d{0,40}))?([a-zµμ]{1,3})/y
  let total = 0n
  while (part.lastIndex < text.length) {
    const [all, whole = '', fraction = '', unit = ''] = part.exec(text) ?? []
    const scale = units[unit]
    if (all === undefined || scale === undefined || whole + fraction === '') return undefined
    total += BigInt(whole || 0) * scale + fractionOf(fraction, scale)
  }
  return text === '' || total > largest ? undefined : total
}

/** Go computes a fraction in floating point and cuts off what is smaller than a nanosecond. */
function fractionOf(digits: string, scale: bigint): bigint {
  if (digits === '') return 0n
  return BigInt(Math.trunc(Number(digits.slice(0, 18)) * (Number(scale) / 10 ** Math.min(digits.length, 18))))
}

const sizes: Readonly<Record<string, bigint>> = (() => {
  const units: Record<string, bigint> = { '': 1n, b: 1n }
  let [decimal, binary] = [1n, 1n]
  for (const letter of ['k', 'm', 'g', 't', 'p', 'e']) {
    decimal *= 1000n
    binary *= 1024n
    units[letter] = decimal
    units[`${letter}b`] = decimal
    units[`${letter}i`] = binary
    units[`${letter}ib`] = binary
  }
  return units
})()

/** Parses a size as Loki does (`go-humanize`'s `ParseBytes`): `1KB` is 1000 bytes, `1KiB` is 1024, in any case of letters. */
export function parseBytes(text: string): Parsed<bigint> {
  const digits = /^[\d.,]*/.exec(text)?.[0] ?? ''
  const number = parseGoFloat(digits.replaceAll(',', ''))
  if ('error' in number) return number
  const unit = text.slice(digits.length).trim().toLowerCase()
  const scale = sizes[unit]
  if (scale === undefined) return { error: `unhandled size name: ${unit}` }
  const bytes = number.value * Number(scale)
  if (bytes >= 2 ** 64) return { error: `too large: ${text}` }
  return { value: BigInt(Math.trunc(bytes)) }
}

/**
 * Returns the size that a query compares with. Loki writes a size with two digits at most where it hands a query on (`1.5MiB` as
 * `1.6MB`), and compares with what it wrote.
 */
export function roundedBytes(bytes: bigint): bigint {
  if (bytes < 10n) return bytes
  const power = Math.floor(Math.log(Number(bytes)) / Math.log(1000))
  const unit = 1000 ** power
  const shown = Math.floor((Number(bytes) / unit) * 10 + 0.5) / 10
  return BigInt(Math.trunc(Number(shown.toFixed(shown < 10 ? 1 : 0)) * unit))
}

const decimalFloat = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const hexFloat = /^([+-]?)0[xX]([\da-fA-F]*)(?:\.([\da-fA-F]*))?[pP]([+-]?\d+)$/

/** Parses a number as Go's `strconv.ParseFloat` does. */
export function parseGoFloat(text: string): Parsed<number> {
  if (decimalFloat.test(text)) {
    const value = Number(text)
    return Number.isFinite(value) ? { value } : { error: floatError(text, 'value out of range') }
  }
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(text)
  if (special) {
    if (special[2]?.toLowerCase() !== 'nan') return { value: special[1] === '-' ? -Infinity : Infinity }
    if (special[1] === '') return { value: Number.NaN }
  }
  const hex = hexFloat.exec(text)
  if (hex) {
    const [, sign, whole = '', fraction = '', exponent = '0'] = hex
    if (whole + fraction !== '') {
      const mantissa = Number(BigInt(`0x${whole}${fraction}`)) * 2 ** (Number(exponent) - 4 * fraction.length)
      return { value: sign === '-' ? -mantissa : mantissa }
    }
  }
  return { error: floatError(text, 'invalid syntax') }
}

function floatError(text: string, reason: string): string {
  return `strconv.ParseFloat: parsing ${goQuote(text)}: ${reason}`
}

/** Writes a text in double quotes as Go's `%q` does. */
export function goQuote(text: string): string {
  let quoted = ''
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    const short = shortEscapes[character]
    if (short !== undefined) quoted += short
    else if (code < 0x20 || code === 0x7f) quoted += `\\x${code.toString(16).padStart(2, '0')}`
    else if (code >= 0x80 && !/^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character))
      quoted += code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
    else quoted += character
  }
  return `"${quoted}"`
}

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}
