/** A number of a line whose digits a double cannot hold: a 64-bit id, 1e400. It is shown and compared by its digits. */
export class ExactNumber {
  /** @param text As the line has it: a number of JSON. */
  constructor(readonly text: string) {}

  toString(): string {
    return this.text
  }

  valueOf(): number {
    return Number(this.text)
  }

  /** Without quotes from Node 22 on, whose JSON.stringify can write a number by its digits. */
  toJSON(): unknown {
    const { rawJSON } = JSON as { rawJSON?: (text: string) => unknown }
    return rawJSON === undefined ? this.text : rawJSON(this.text)
  }
}

/** A number, whether it is exact or not; `undefined` for anything else. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  return value instanceof ExactNumber ? value.valueOf() : undefined
}

/** Whether a double has another value than a number's text. */
export function isLossy(text: string): boolean {
  const number = Number(text)
  const written = String(number)
  if (written === text) return false
  return !Number.isFinite(number) || compareDecimals(text, written) !== 0
}

/** Less than, equal to or more than 0: two numbers in JSON's form, by all of their digits. */
export function compareDecimals(left: string, right: string): number {
  const [a, b] = [decimalOf(left), decimalOf(right)]
  if (a.sign !== b.sign) return a.sign - b.sign
  if (a.exponent !== b.exponent) return (a.exponent - b.exponent) * a.sign
  return a.digits === b.digits ? 0 : (a.digits < b.digits ? -1 : 1) * a.sign
}

interface Decimal {
  readonly sign: -1 | 0 | 1
  /** Without zeros at either end: the value is 0.digits × 10^exponent. */
  readonly digits: string
  readonly exponent: number
}

const ZERO: Decimal = { sign: 0, digits: '', exponent: 0 }

function decimalOf(text: string): Decimal {
  const [, minus = '', whole = '', fraction = '', power = '0'] =
    /^([-+]?)(\d*)(?:\.(\d*))?(?:e([-+]?\d+))?$/i.exec(text) ?? []
  const all = whole + fraction
  const leading = all.length - trimStart(all).length
  const digits = trimEnd(all.slice(leading))
  if (digits === '') return ZERO
  return { sign: minus === '-' ? -1 : 1, digits, exponent: whole.length - leading + Number(power) }
}

function trimStart(digits: string): string {
  let at = 0
  while (digits.charCodeAt(at) === 48) at++
  return digits.slice(at)
}

function trimEnd(digits: string): string {
  let end = digits.length
  while (end > 0 && digits.charCodeAt(end - 1) === 48) end--
  return digits.slice(0, end)
}
