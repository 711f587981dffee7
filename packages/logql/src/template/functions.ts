import { LogQLError } from '../error.js'
import { compileRegexp, type Regexp } from '../regexp.js'
import { type Parsed, parseBytes, parseGoDuration } from '../units.js'
import { index, length, slice } from './builtins.js'
import { toFloat, toInteger } from './cast.js'
import { decimal } from './decimal.js'
import { htmlEscape, jsEscape, queryEscape, queryUnescape } from './escape.js'
import { fromJson } from './from-json.js'
import type { TemplateInput } from './node.js'
import { printf } from './printf.js'
import { formatTime, GoTime, parseTime, utc, zoneAt } from './time.js'
import { isTrue, print, TemplateError, type Value } from './value.js'

/** What a parameter has to be: a text, a whole number, a floating-point number, a time, anything, or any number of anything. */
type Parameter = 'string' | 'int' | 'float64' | 'time.Time' | 'any' | '...any'

type Context = {
  readonly input: TemplateInput
  /** Creates the error for a parameter of another type. */
  readonly wrongType: (index: number, expected: string) => TemplateError
}

type Implementation = (parameters: readonly never[], context: Context) => Value
type Definition = { readonly parameters: readonly Parameter[]; readonly run: Implementation }

/** Defines a function whose parameters have been checked against their types. */
function define<P extends readonly Value[]>(
  parameters: readonly Parameter[],
  run: (parameters: P, context: Context) => Value,
): Definition {
  return { parameters, run: run as unknown as Implementation }
}

type S1 = readonly [string]
type S2 = readonly [string, string]
type S3 = readonly [string, string, string]
type IS = readonly [bigint, string]

const text1 = (run: (text: string) => Value) => define<S1>(['string'], ([text]) => run(text))
const text2 = (run: (first: string, second: string) => Value) =>
  define<S2>(['string', 'string'], ([first, second]) => run(first, second))
const text3 = (run: (first: string, second: string, third: string) => Value) =>
  define<S3>(['string', 'string', 'string'], ([first, second, third]) => run(first, second, third))
const countAndText = (run: (count: number, text: string) => Value) =>
  define<IS>(['int', 'string'], ([count, text]) => run(Number(count), text))

/** Folds whole numbers, as sprig's `add`: what is no number counts as 0. */
const integers = (parameters: readonly Parameter[], fold: (a: bigint, b: bigint) => bigint) =>
  define(parameters, (values) =>
    BigInt.asIntN(
      64,
      values.map(toInteger).reduce((a, b) => fold(a, b)),
    ),
  )

const decimals = (parameters: readonly Parameter[], operator: '+' | '-' | '*' | '/') =>
  define(parameters, (values) => values.map(toFloat).reduce((a, b) => decimal(operator, a, b)))

const floats = (parameters: readonly Parameter[], fold: (a: number, b: number) => number) =>
  define(parameters, (values) => values.map(toFloat).reduce((a, b) => fold(a, b)))

// `Math.max` takes no bigint.
function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function nonZero(divisor: bigint): bigint {
  if (divisor === 0n) throw new TemplateError('runtime error: integer divide by zero')
  return divisor
}

const functions: Readonly<Record<string, Definition>> = {
  // text/template
  and: define(['any', '...any'], (values) => values.at(-1)),
  or: define(['any', '...any'], (values) => values.at(-1)),
  not: define(['any'], ([value]) => !isTrue(value)),
  eq: define(['any', '...any'], () => undefined),
  ne: define(['any', 'any'], () => undefined),
  lt: define(['any', 'any'], () => undefined),
  le: define(['any', 'any'], () => undefined),
  gt: define(['any', 'any'], () => undefined),
  ge: define(['any', 'any'], () => undefined),
  len: define(['any'], ([value]) => length(value)),
  index: define(['any', '...any'], ([value, ...keys]) => index(value, keys)),
  slice: define(['any', '...any'], ([value, ...bounds]) => slice(value, bounds)),
  print: define(['...any'], (values) => sprint(values)),
  println: define(['...any'], (values) => `${values.map(print).join(' ')}\n`),
  printf: define<readonly [string, ...Value[]]>(['string', '...any'], ([format, ...values]) => printf(format, values)),
  html: define(['...any'], (values) => htmlEscape(sprint(values))),
  js: define(['...any'], (values) => jsEscape(sprint(values))),
  urlquery: define(['...any'], (values) => queryEscape(sprint(values))),

  // Loki
  __line__: define([], (_, { input }) => input.line),
  __timestamp__: define([], (_, { input }) => new GoTime(input.time)),
  ToLower: text1((text) => text.toLowerCase()),
  ToUpper: text1((text) => text.toUpperCase()),
  Replace: define<readonly [string, string, string, bigint]>(
    ['string', 'string', 'string', 'int'],
    ([text, from, to, count]) => replaceTimes(text, from, to, Number(count)),
  ),
  Trim: text2((text, cutset) => trimSet(text, cutset, 'both')),
  TrimLeft: text2((text, cutset) => trimSet(text, cutset, 'left')),
  TrimRight: text2((text, cutset) => trimSet(text, cutset, 'right')),
  TrimPrefix: text2((text, prefix) => withoutPrefix(text, prefix)),
  TrimSuffix: text2((text, suffix) => withoutSuffix(text, suffix)),
  TrimSpace: text1(trimSpace),
  regexReplaceAll: text3((pattern, text, to) => regexpOf(pattern).replaceAll(text, to)),
  regexReplaceAllLiteral: text3((pattern, text, to) => regexpOf(pattern).replaceAll(text, to.replaceAll('$', '$$$$'))),
  count: text2((pattern, text) => BigInt(regexpOf(pattern).count(text))),
  urldecode: text1(queryUnescape),
  urlencode: text1(queryEscape),
  bytes: text1((text) => numberOf(parseBytes(text), 1)),
  duration: text1((text) => numberOf(parseGoDuration(text), 1e9)),
  duration_seconds: text1((text) => numberOf(parseGoDuration(text), 1e9)),
  unixEpochMillis: define<readonly [GoTime]>(['time.Time'], ([time]) => String(floor(time.nanoseconds, 1_000_000n))),
  unixEpochNanos: define<readonly [GoTime]>(['time.Time'], ([time]) => String(time.nanoseconds)),
  toDateInZone: text3((layout, zone, text) => parseTime(layout, text, (wall) => zoneAt(zone, wall)) ?? zeroTime),
  unixToTime: text1(unixToTime),
  alignLeft: countAndText((count, text) => align(count, text, 'left')),
  alignRight: countAndText((count, text) => align(count, text, 'right')),
  b64dec: text1(decodeBase64),

  // sprig
  b64enc: text1((text) => Buffer.from(text).toString('base64')),
  lower: text1((text) => text.toLowerCase()),
  upper: text1((text) => text.toUpperCase()),
  title: text1((text) =>
    text.replace(/(^|[^\p{L}\p{N}_'])(\p{L})/gu, (_, before, letter) => before + letter.toUpperCase()),
  ),
  trunc: countAndText(truncate),
  substr: define<readonly [bigint, bigint, string]>(['int', 'int', 'string'], ([from, to, text]) =>
    substring(Number(from), Number(to), text),
  ),
  contains: text2((part, text) => text.includes(part)),
  hasPrefix: text2((prefix, text) => text.startsWith(prefix)),
  hasSuffix: text2((suffix, text) => text.endsWith(suffix)),
  indent: countAndText(indent),
  nindent: countAndText((count, text) => `\n${indent(count, text)}`),
  replace: text3((from, to, text) => replaceTimes(text, from, to, -1)),
  repeat: countAndText((count, text) => {
    if (count < 0) throw new TemplateError('strings: negative Repeat count')
    return text.repeat(count)
  }),
  trim: text1(trimSpace),
  trimAll: text2((cutset, text) => trimSet(text, cutset, 'both')),
  trimSuffix: text2((suffix, text) => withoutSuffix(text, suffix)),
  trimPrefix: text2((prefix, text) => withoutPrefix(text, prefix)),
  int: define(['any'], ([value]) => toInteger(value)),
  float64: define(['any'], ([value]) => toFloat(value)),
  add: define(['...any'], (values) =>
    BigInt.asIntN(
      64,
      values.map(toInteger).reduce((a, b) => a + b, 0n),
    ),
  ),
  sub: integers(['any', 'any'], (a, b) => a - b),
  mul: integers(['any', '...any'], (a, b) => a * b),
  div: integers(['any', 'any'], (a, b) => a / nonZero(b)),
  mod: integers(['any', 'any'], (a, b) => a % nonZero(b)),
  addf: define(['...any'], (values) => values.map(toFloat).reduce((a, b) => decimal('+', a, b), 0)),
  subf: decimals(['any', '...any'], '-'),
  mulf: decimals(['any', '...any'], '*'),
  divf: decimals(['any', '...any'], '/'),
  max: integers(['any', '...any'], larger),
  min: integers(['any', '...any'], smaller),
  maxf: floats(['any', '...any'], Math.max),
  minf: floats(['any', '...any'], Math.min),
  ceil: define(['any'], ([value]) => Math.ceil(toFloat(value))),
  floor: define(['any'], ([value]) => Math.floor(toFloat(value))),
  round: define<readonly [Value, bigint, ...Value[]]>(['any', 'int', '...any'], ([value, places, at]) =>
    round(toFloat(value), Number(places), at === undefined ? 0.5 : toFloat(at)),
  ),
  fromJson: text1(fromJson),
  date: define<readonly [string, Value]>(['string', 'any'], ([layout, time]) => formatTime(timeOf(time), layout)),
  toDate: text2((layout, text) => parseTime(layout, text, () => utc) ?? zeroTime),
  now: define([], () => new GoTime(BigInt(Date.now()) * 1_000_000n)),
  unixEpoch: define<readonly [GoTime]>(['time.Time'], ([time]) => String(floor(time.nanoseconds, 1_000_000_000n))),
  default: define(['any', '...any'], ([fallback, given]) => (isTrue(given) ? given : fallback)),
}

/** Reports whether templates have a function of this name. */
export function isFunction(name: string): boolean {
  return Object.hasOwn(functions, name)
}

/** Checks how many parameters a call has. Throws a TemplateError with the message of Go. */
export function checkArity(name: string, count: number): void {
  const { parameters } = functions[name] as Definition
  const variadic = parameters.at(-1) === '...any'
  const least = variadic ? parameters.length - 1 : parameters.length
  if (count < least || (!variadic && count > least))
    throw new TemplateError(
      `wrong number of args for ${name}: want ${variadic ? 'at least ' : ''}${least} got ${count}`,
    )
}

/** Calls a function. Throws a TemplateError with the message of Go. */
export function call(name: string, values: readonly Value[], context: Context): Value {
  const { parameters, run } = functions[name] as Definition
  const checked = values.map((value, at) =>
    check(value, parameters[Math.min(at, parameters.length - 1)] ?? 'any', at, context),
  )
  try {
    return run(checked as readonly unknown[] as readonly never[], context)
  } catch (error) {
    if (error instanceof TemplateError) throw new TemplateError(`error calling ${name}: ${error.message}`)
    throw error
  }
}

function check(value: Value, parameter: Parameter, at: number, { wrongType }: Context): Value {
  if (parameter === 'any' || parameter === '...any') return value
  const fits =
    parameter === 'string'
      ? typeof value === 'string'
      : parameter === 'int'
        ? typeof value === 'bigint'
        : parameter === 'float64'
          ? typeof value === 'number'
          : value instanceof GoTime
  if (!fits) throw wrongType(at, parameter)
  return value
}

/** Go's `fmt.Sprint` puts a space between two operands where neither is a text. */
function sprint(values: readonly Value[]): string {
  return values.reduce<string>((text, value, at) => {
    const gap = at > 0 && typeof value !== 'string' && typeof values[at - 1] !== 'string' ? ' ' : ''
    return text + gap + print(value)
  }, '')
}

const compiled = new Map<string, Regexp>()

/** A pattern may come from a label, so that there is no end of them: a few are kept. */
function regexpOf(pattern: string): Regexp {
  const known = compiled.get(pattern)
  if (known) return known
  try {
    const regexp = compileRegexp(pattern)
    if (compiled.size >= 100) compiled.clear()
    compiled.set(pattern, regexp)
    return regexp
  } catch (error) {
    if (error instanceof LogQLError) throw new TemplateError(error.message.replace(/^parse error : /, ''))
    throw error
  }
}

function numberOf(parsed: Parsed<bigint>, scale: number): number {
  if ('error' in parsed) throw new TemplateError(parsed.error)
  return Number(parsed.value) / scale
}

function floor(value: bigint, by: bigint): bigint {
  return value < 0n && value % by !== 0n ? value / by - 1n : value / by
}

/** Go's zero time, which its parser gives beside an error. */
const zeroTime = new GoTime(-62_135_596_800_000_000_000n)

function unixToTime(epoch: string): GoTime {
  const scale = { 5: 86_400_000_000_000n, 10: 1_000_000_000n, 13: 1_000_000n, 16: 1_000n, 19: 1n }[epoch.length]
  if (!/^[+-]?\d+$/.test(epoch))
    throw new TemplateError(
      `unable to parse time '${epoch}': strconv.ParseInt: parsing ${JSON.stringify(epoch)}: invalid syntax`,
    )
  if (scale === undefined) throw new TemplateError(`unable to parse time '${epoch}': %!w(<nil>)`)
  return new GoTime(BigInt(epoch) * scale)
}

function timeOf(value: Value): GoTime {
  if (value instanceof GoTime) return value
  if (typeof value === 'bigint') return new GoTime(value * 1_000_000_000n)
  return new GoTime(BigInt(Date.now()) * 1_000_000n)
}

function replaceTimes(text: string, from: string, to: string, count: number): string {
  if (count < 0) return text.split(from === '' ? /(?:)/u : from).length === 1 ? text : replaceAllOf(text, from, to)
  let [replaced, rest] = ['', text]
  for (let left = count; left > 0; left--) {
    const at = rest.indexOf(from)
    if (at === -1 || (from === '' && rest === '')) break
    if (from === '') {
      const [first = ''] = rest
      replaced += to + first
      rest = rest.slice(first.length)
      continue
    }
    replaced += rest.slice(0, at) + to
    rest = rest.slice(at + from.length)
  }
  return replaced + rest
}

function replaceAllOf(text: string, from: string, to: string): string {
  return from === '' ? `${to}${[...text].map((character) => character + to).join('')}` : text.replaceAll(from, () => to)
}

function trimSet(text: string, cutset: string, side: 'both' | 'left' | 'right'): string {
  const characters = [...text]
  const cut = new Set(cutset)
  let [from, to] = [0, characters.length]
  if (side !== 'right') while (from < to && cut.has(characters[from] ?? '')) from++
  if (side !== 'left') while (to > from && cut.has(characters[to - 1] ?? '')) to--
  return characters.slice(from, to).join('')
}

const WHITE_SPACE = /\p{White_Space}/u

function trimSpace(text: string): string {
  let [from, to] = [0, text.length]
  while (from < to && WHITE_SPACE.test(text.charAt(from))) from++
  while (to > from && WHITE_SPACE.test(text.charAt(to - 1))) to--
  return text.slice(from, to)
}

function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text
}

function withoutSuffix(text: string, suffix: string): string {
  return text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text
}

function align(count: number, text: string, side: 'left' | 'right'): string {
  const characters = [...text]
  if (count < 0 || count === characters.length) return text
  const pad = ' '.repeat(Math.max(0, count - characters.length))
  if (pad !== '') return side === 'left' ? text + pad : pad + text
  return (side === 'left' ? characters.slice(0, count) : characters.slice(characters.length - count)).join('')
}

function decodeBase64(text: string): string {
  const remainder = text.length % 4
  const padded = remainder === 2 || remainder === 3 ? text + '='.repeat(4 - remainder) : text
  const valid = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
  if (valid.test(padded)) return Buffer.from(padded, 'base64').toString()
  const wrong = /[^A-Za-z0-9+/]/.exec(padded)?.index ?? padded.length
  return `illegal base64 data at input byte ${wrong}`
}

/** sprig counts bytes. */
function truncate(count: number, text: string): string {
  const bytes = Buffer.from(text)
  if (count < 0 && bytes.length + count > 0) return bytes.subarray(bytes.length + count).toString()
  return count >= 0 && bytes.length > count ? bytes.subarray(0, count).toString() : text
}

function substring(from: number, to: number, text: string): string {
  const bytes = Buffer.from(text)
  const cut = (start: number, end: number) => {
    if (end > bytes.length || start > end)
      throw new TemplateError(
        end > bytes.length
          ? `runtime error: slice bounds out of range [:${end}] with length ${bytes.length}`
          : `runtime error: slice bounds out of range [${start}:${end}]`,
      )
    return bytes.subarray(start, end).toString()
  }
  if (from < 0) return cut(0, to)
  return cut(from, to < 0 || to > bytes.length ? bytes.length : to)
}

function indent(count: number, text: string): string {
  const pad = ' '.repeat(Math.max(0, count))
  return pad + text.replaceAll('\n', `\n${pad}`)
}

function round(value: number, places: number, at: number): number {
  const scale = 10 ** places
  const scaled = scale * value
  const whole = Math.trunc(scaled)
  return (scaled - whole >= at ? Math.ceil(scaled) : Math.floor(scaled)) / scale
}
