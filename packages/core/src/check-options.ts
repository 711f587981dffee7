/** Bounds of a number. */
export interface NumberRange {
  /** The least that is accepted; none by default. */
  readonly least?: number
  /** The most that is accepted; none by default. */
  readonly most?: number
  /** The number has to be greater than this one. */
  readonly above?: number
  /** Whether only whole numbers are accepted; `false` by default. */
  readonly whole?: boolean
}

/** Makes the error for a value that cannot be used. */
export type Refuse = (where: string, value: unknown, accepted: string) => TypeError

/**
 * Checks an options object when the program starts, so that a mistake is reported there, with one wording in every package:
 * `loki({ batch: { bytes } }): got string; accepted: a whole number from 1024`. No message repeats a string, which may be a
 * secret.
 *
 * What an options object inherits from `Object.prototype` is ignored: it comes from a polluted prototype, not from the
 * caller. What any other prototype has counts (class instances, `Object.create(defaults)`).
 */
export class OptionChecker<T extends object> {
  /** The options that were given, read once. It has no prototype. Types are the caller's claim until they are checked. */
  readonly given: T

  /** Use `checkOptions`. */
  constructor(
    private readonly call: string,
    private readonly path: readonly string[],
    given: T,
  ) {
    this.given = given
  }

  /** The error to throw for an option. `name` may lead further: `rules[0]`, `headers: "x-token"`. */
  readonly refused: Refuse = (name, value, accepted) => {
    const inner = [...this.path, name].reduceRight(
      (rest, step) => (rest === '' ? `{ ${step} }` : `{ ${step}: ${rest} }`),
      '',
    )
    return refused(
      this.call.replace(PLACEHOLDER, () => inner),
      value,
      accepted,
    )
  }

  /** @returns the option, or undefined when it was not given. @throws TypeError when `isValid` returns false. */
  check<K extends keyof T & string>(name: K, isValid: (value: unknown) => boolean, accepted: string): T[K] | undefined {
    const value = this.given[name]
    if (value !== undefined && !isValid(value)) throw this.refused(name, value, accepted)
    return value
  }

  /** A number, or the default. `Infinity` and `NaN` are refused. */
  number<D extends number | undefined>(name: keyof T & string, usual: D, range: NumberRange = {}): number | D {
    const { least = -Infinity, most = Infinity, above = -Infinity, whole = false } = range
    const isValid = (value: unknown) =>
      typeof value === 'number' &&
      Number.isFinite(value) &&
      value >= least &&
      value <= most &&
      value > above &&
      (!whole || Number.isInteger(value))
    return (this.check(name, isValid, acceptedNumber(range)) as number | undefined) ?? usual
  }

  /** `true` or `false`, or the default. */
  boolean<D extends boolean | undefined>(name: keyof T & string, usual: D): boolean | D {
    return (this.check(name, (value) => typeof value === 'boolean', 'true or false') as boolean | undefined) ?? usual
  }

  /** A string that is not blank, or undefined. */
  string(name: keyof T & string, accepted = 'a string'): string | undefined {
    return this.check(name, (value) => typeof value === 'string' && value.trim() !== '', accepted) as string | undefined
  }

  /** A function, or undefined. */
  function<K extends keyof T & string>(name: K): T[K] | undefined {
    return this.check(name, (value) => typeof value === 'function', 'a function')
  }

  /** An object whose names are the caller's, or undefined. Read it with `entriesOf`, or a name with `propertyOf`. */
  table<K extends keyof T & string>(name: K, accepted: string): T[K] | undefined {
    return this.check(name, (value) => typeof value === 'object' && value !== null && !Array.isArray(value), accepted)
  }

  /** One of the choices, or the default. */
  oneOf<const C extends string, D extends C | undefined>(
    name: keyof T & string,
    choices: readonly C[],
    usual: D,
  ): C | D {
    const accepted = listOf(choices.map((choice) => `'${choice}'`))
    return (this.check(name, (value) => choices.includes(value as C), accepted) as C | undefined) ?? usual
  }

  /** The checker of an object within this one, empty when it was not given. */
  nested<K extends keyof T & string>(
    name: K,
    known: readonly (keyof NonNullable<T[K]> & string)[],
  ): OptionChecker<Partial<NonNullable<T[K]>>> {
    const value = (this.given[name] ?? {}) as Partial<NonNullable<T[K]>> & object
    if (this.given[name] === null) throw this.refused(name, null, `an object with ${known.join(', ')}`)
    return checked(this.call, [...this.path, name], value, known)
  }

  /** The checker of an object in an array option. */
  element<E extends object>(
    name: keyof T & string,
    index: number,
    known: readonly (keyof E & string)[],
  ): OptionChecker<E> {
    const elements = this.given[name] as readonly E[]
    return checked(this.call, [...this.path, `${name}[${index}]`], elements[index] as E, known)
  }

  /** The same with some options replaced by others. */
  with(values: Partial<T>): OptionChecker<T> {
    return new OptionChecker(this.call, this.path, Object.assign(Object.create(null), this.given, values) as T)
  }
}

/** What stands in a call for its options. */
const PLACEHOLDER = 'options'

/**
 * Reads the options of a function.
 *
 * @param call The function's name, or how its call is written where options are not its only argument: `file(path, options)`.
 * @param known The names of the options.
 * @throws TypeError when the options are no object, or have a property of their own that is not a known option.
 */
export function checkOptions<T extends object>(
  call: string,
  given: T,
  known: readonly (keyof T & string)[],
): OptionChecker<T> {
  return checked(call.endsWith(')') ? call : `${call}(${PLACEHOLDER})`, [], given, known)
}

function checked<T extends object>(
  call: string,
  path: readonly string[],
  given: T,
  known: readonly string[],
): OptionChecker<T> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    const accepted = `an object with ${known.join(', ')}`
    const [name, ...outer] = [...path].reverse()
    if (name === undefined) throw refused(call, given, accepted)
    throw new OptionChecker(call, outer.reverse(), {}).refused(name, given, accepted)
  }
  const unknown = Object.keys(given).find((key) => !known.includes(key))
  if (unknown !== undefined) {
    const place = path.length === 0 ? '' : ` in ${path.join('.')}`
    const caller = call.slice(0, call.indexOf('('))
    throw new TypeError(`${caller}: unknown option "${unknown}"${place}; accepted: ${known.join(', ')}`)
  }
  const values = Object.create(null) as Record<string, unknown>
  for (const name of known) {
    const value = propertyOf(given, name)
    if (value !== undefined) values[name] = value
  }
  return new OptionChecker(call, path, values as T)
}

/**
 * The error for a value that cannot be used. It contains a number or a type, never a string, which may be a secret.
 *
 * @param where The argument, option or variable, as a reader would write it: `file(path)`.
 */
export const refused: Refuse = (where, value, accepted) =>
  new TypeError(`${where}: got ${typeName(value)}; accepted: ${accepted}`)

function typeName(value: unknown): string {
  if (typeof value === 'number' || value === null) return String(value)
  if (typeof value === 'string' && value.trim() === '') return 'an empty string'
  return Array.isArray(value) ? 'array' : typeof value
}

/** A property that is the object's own or comes from any prototype but `Object.prototype`. */
export function propertyOf(object: object, name: string): unknown {
  for (let holder: object | null = object; holder !== null; holder = Object.getPrototypeOf(holder)) {
    if (Object.hasOwn(holder, name)) {
      return holder !== object && isObjectPrototype(holder) ? undefined : Reflect.get(object, name)
    }
  }
  return undefined
}

/**
 * A table's names and values, for options whose names are the caller's (headers, labels, serializers): its own, and those of
 * any prototype but `Object.prototype`.
 */
export function entriesOf<V>(table: Readonly<Record<string, V>>): [name: string, value: V][] {
  const names: string[] = []
  for (const name in table) names.push(name)
  const own = names.filter((name) => Object.hasOwn(table, name) || propertyOf(table, name) !== undefined)
  return own.map((name) => [name, table[name] as V])
}

/** Also that of another realm: `vm`, a test runner. */
function isObjectPrototype(holder: object): boolean {
  return Object.getPrototypeOf(holder) === null && Object.hasOwn(holder, 'isPrototypeOf')
}

function acceptedNumber({ least, most, above, whole = false }: NumberRange): string {
  const kind = whole ? 'a whole number' : 'a number'
  const from = above === undefined ? (least === undefined ? '' : ` from ${least}`) : ` above ${above}`
  return most === undefined ? kind + from : `${kind}${from === '' ? ' of at most' : `${from} to`} ${most}`
}

function listOf(choices: readonly string[]): string {
  return choices.length < 2 ? choices.join() : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`
}
