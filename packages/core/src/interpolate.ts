/** `%s %d %i %f %j %o %O %c %%`, as in `util.format` and pino. */
const SPECIFIER = /%[sdifjoOc%]/g

export interface Interpolated {
  readonly message: string
  /** The arguments that no specifier took, in their order. */
  readonly rest: readonly unknown[]
}

/**
 * Puts arguments into a message in the manner of `util.format`.
 *
 * `%s`, `%j`, `%o`, `%O` take anything (objects as JSON, redacted like every value), `%d`, `%i`, `%f` only what is a
 * number, so that `log.info('50%done', { job })` keeps its fields; `%c` (a browser's style) takes one and writes nothing.
 *
 * @param encode A value's JSON text.
 */
export function interpolate(
  message: string,
  values: readonly unknown[],
  encode: (value: unknown) => string,
): Interpolated {
  let next = 0
  const text = message.replace(SPECIFIER, (specifier) => {
    if (specifier === '%%') return '%'
    if (next >= values.length) return specifier
    const value = values[next]
    const replacement = replace(specifier, value, encode)
    if (replacement === undefined) return specifier
    next++
    return replacement
  })
  return { message: text, rest: values.slice(next) }
}

function replace(specifier: string, value: unknown, encode: (value: unknown) => string): string | undefined {
  switch (specifier) {
    case '%s':
      return typeof value === 'string' ? value : isObject(value) ? encode(value) : String(value)
    case '%d':
      return numeric(value, String)
    case '%i':
      return numeric(value, (number) => `${typeof number === 'bigint' ? number : Math.trunc(number)}`)
    case '%f':
      return numeric(value, String)
    case '%c':
      return ''
    default:
      return encode(value)
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function numeric(value: unknown, write: (value: number | bigint) => string): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return write(value)
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) return write(Number(value))
  return undefined
}
