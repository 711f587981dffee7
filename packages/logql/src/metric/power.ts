/** Raises to a power with the steps of Go's `math.Pow`, whose last digits differ from those of JavaScript's `**`. */
export function power(base: number, exponent: number): number {
  // Go gives 1 here, where JavaScript gives NaN.
  if (base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY)) return 1
  const size = Math.abs(exponent)
  if (!Number.isFinite(base) || !Number.isFinite(exponent) || base === 0 || size >= 2 ** 63) return base ** exponent
  if (exponent === 0.5) return Math.sqrt(base)
  if (exponent === -0.5) return 1 / Math.sqrt(base)
  let whole = Math.trunc(size)
  let rest = size - whole
  if (rest !== 0 && base < 0) return Number.NaN
  let [result, scale] = [1, 0]
  if (rest !== 0) {
    if (rest > 0.5) {
      rest--
      whole++
    }
    result = Math.exp(rest * Math.log(base))
  }
  let [fraction, twos] = split(base)
  for (; whole !== 0; whole = Math.floor(whole / 2)) {
    if (twos < -(2 ** 12) || twos > 2 ** 12) {
      scale += twos
      break
    }
    if (whole % 2 === 1) {
      result *= fraction
      scale += twos
    }
    fraction *= fraction
    twos *= 2
    if (fraction < 0.5) {
      fraction += fraction
      twos--
    }
  }
  return exponent < 0 ? shift(1 / result, -scale) : shift(result, scale)
}

/** Splits a number into a fraction from 0.5 to 1 and a power of two. */
function split(value: number): [fraction: number, twos: number] {
  let twos = Math.max(-1023, Math.floor(Math.log2(Math.abs(value))) + 1)
  let fraction = shift(value, -twos)
  while (Math.abs(fraction) < 0.5) {
    fraction *= 2
    twos--
  }
  while (Math.abs(fraction) >= 1) {
    fraction /= 2
    twos++
  }
  return [fraction, twos]
}

/** Multiplies by a power of two, which may itself be too large or too small for a number. */
function shift(value: number, twos: number): number {
  let result = value
  let rest = twos
  for (; rest > 1000; rest -= 1000) result *= 2 ** 1000
  for (; rest < -1000; rest += 1000) result *= 2 ** -1000
  return result * 2 ** rest
}
