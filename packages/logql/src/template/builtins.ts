import { GoTime } from './time.js'
import { isList, isMap, isTrue, TemplateError, type Value } from './value.js'

/** Reports whether `and` or `or` is decided by this value. */
export function shortCircuits(name: string, value: Value): boolean {
  return (name === 'and' && !isTrue(value)) || (name === 'or' && isTrue(value))
}

type Kind = 'string' | 'int' | 'float' | 'bool' | 'time' | 'nil'

function kindOf(value: Value): Kind {
  if (typeof value === 'string') return 'string'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return 'float'
  if (typeof value === 'boolean') return 'bool'
  if (value instanceof GoTime) return 'time'
  if (value === undefined) return 'nil'
  throw new TemplateError('error calling eq: non-comparable type')
}

const comparisons: readonly string[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge']

/** Evaluates `eq`, `ne`, `lt`, `le`, `gt`, `ge`; undefined for another function. */
export function compareValues(name: string, parameters: readonly Value[]): boolean | undefined {
  if (!comparisons.includes(name)) return undefined
  const [first, ...others] = parameters
  if (name === 'eq') {
    if (others.length === 0) throw new TemplateError('error calling eq: missing argument for comparison')
    return others.some((other) => isEqual(name, first, other))
  }
  const [second] = others
  if (name === 'ne') return !isEqual(name, first, second)
  const less = isLess(name, first, second)
  if (name === 'lt') return less
  if (name === 'le') return less || isEqual(name, first, second)
  return name === 'gt' ? !less && !isEqual(name, first, second) : !less
}

function isEqual(name: string, left: Value, right: Value): boolean {
  const [kind, other] = [kindOf(left), kindOf(right)]
  if (kind === 'nil' || other === 'nil') return kind === other
  checkKinds(name, kind, other)
  if (left instanceof GoTime && right instanceof GoTime) return left.nanoseconds === right.nanoseconds
  return left === right
}

function isLess(name: string, left: Value, right: Value): boolean {
  const [kind, other] = [kindOf(left), kindOf(right)]
  checkKinds(name, kind, other)
  if (kind === 'bool' || kind === 'nil' || kind === 'time')
    throw new TemplateError(`error calling ${name}: invalid type for comparison`)
  return kind === 'string'
    ? Buffer.compare(Buffer.from(left as string), Buffer.from(right as string)) < 0
    : (left as number) < (right as number)
}

function checkKinds(name: string, kind: Kind, other: Kind): void {
  if (kind !== other) throw new TemplateError(`error calling ${name}: incompatible types for comparison`)
}

/** `index x 1 "a"`: the element of a list, the value of a map. */
export function index(of: Value, keys: readonly Value[]): Value {
  let value = of
  for (const key of keys) {
    if (isList(value)) {
      if (typeof key !== 'bigint')
        throw new TemplateError('error calling index: cannot index slice/array with type string')
      if (key < 0n || key >= BigInt(value.length))
        throw new TemplateError(`error calling index: reflect: slice index out of range`)
      value = value[Number(key)]
    } else if (isMap(value)) {
      if (typeof key !== 'string') throw new TemplateError('error calling index: value has type int; should be string')
      value = Object.hasOwn(value, key) ? value[key] : undefined
    } else if (typeof value === 'string' && typeof key === 'bigint') {
      const bytes: Buffer = Buffer.from(value)
      const byte = bytes[Number(key)]
      if (byte === undefined) throw new TemplateError(`error calling index: index out of range: ${key}`)
      value = BigInt(byte)
    } else throw new TemplateError(`error calling index: can't index item of type ${typeof value}`)
  }
  return value
}

/** `slice x 1 2`: a part of a text (by bytes) or of a list. */
export function slice(of: Value, bounds: readonly Value[]): Value {
  const [from = 0n, to] = bounds
  if (typeof from !== 'bigint' || (to !== undefined && typeof to !== 'bigint'))
    throw new TemplateError('error calling slice: cannot index slice/array with type string')
  const cut = <T>(length: number, take: (from: number, to: number) => T): T => {
    const [start, end] = [Number(from), to === undefined ? length : Number(to)]
    if (start < 0 || end > length)
      throw new TemplateError(`error calling slice: index out of range: ${end > length ? end : start}`)
    if (start > end) throw new TemplateError(`error calling slice: invalid slice index: ${start} > ${end}`)
    return take(start, end)
  }
  if (typeof of === 'string') {
    const bytes = Buffer.from(of)
    return cut(bytes.length, (start, end) => bytes.subarray(start, end).toString())
  }
  if (isList(of)) return cut(of.length, (start, end) => of.slice(start, end))
  throw new TemplateError(`error calling slice: can't slice item of type ${typeof of}`)
}

/** `len x`: bytes of a text, elements of a list or a map. */
export function length(of: Value): bigint {
  if (typeof of === 'string') return BigInt(Buffer.byteLength(of))
  if (isList(of)) return BigInt(of.length)
  if (isMap(of)) return BigInt(Object.keys(of).length)
  throw new TemplateError(`error calling len: len of type ${of === undefined ? 'untyped nil' : typeof of}`)
}
