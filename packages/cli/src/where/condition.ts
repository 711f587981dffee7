import { compareDecimals, ExactNumber, numberOf } from '../record/exact-number.js'
import type { LogRecord } from '../record/record.js'
import { severityOf } from '../record/severity.js'
import { type Comparing, type Expression, formatExpression, type Literal } from './expression.js'
import { Quantity, unitOfField } from './quantity.js'
import { WhereError } from './tokens.js'

export type Condition = (record: LogRecord) => boolean

/** An expression as a function. A field that a record lacks makes every comparison false but `!=` and `!~`. */
export function conditionOf(expression: Expression): Condition {
  switch (expression.kind) {
    case 'and': {
      const [left, right] = [conditionOf(expression.left), conditionOf(expression.right)]
      return (record) => left(record) && right(record)
    }
    case 'or': {
      const [left, right] = [conditionOf(expression.left), conditionOf(expression.right)]
      return (record) => left(record) || right(record)
    }
    case 'not': {
      const inner = conditionOf(expression.of)
      return (record) => !inner(record)
    }
    case 'present': {
      const read = reader(expression.field)
      return (record) => read(record) !== undefined
    }
    case 'in': {
      const { field } = expression
      const read = reader(field)
      const tests = expression.values.map((value) => comparer({ kind: 'compare', field, comparison: '=', value }))
      return (record) => tests.some((test) => test(read(record)))
    }
    default: {
      const read = reader(expression.field)
      const test = comparer(expression)
      return (record) => test(read(record))
    }
  }
}

/** A field's value: of that very name, else along the dots (`user.id`). */
function reader(field: string): (record: LogRecord) => unknown {
  const path = field.split('.')
  if (path.length === 1) return (record) => (Object.hasOwn(record, field) ? record[field] : undefined)
  return (record) => {
    if (Object.hasOwn(record, field)) return record[field]
    let value: unknown = record
    for (const name of path) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
      value = (value as LogRecord)[name]
    }
    return value
  }
}

/** @throws WhereError, from the function that it returns, for a value that cannot be compared. */
function comparer(comparing: Comparing): (actual: unknown) => boolean {
  const { field, comparison, value } = comparing
  if (comparison === '~' || comparison === '!~') {
    const pattern = new RegExp(String(value))
    const matches = (actual: unknown) => actual !== undefined && actual !== null && pattern.test(textOf(actual))
    return comparison === '~' ? matches : (actual) => !matches(actual)
  }
  if (comparison === '!=') {
    const equal = comparer({ ...comparing, comparison: '=' })
    return (actual) => !equal(actual)
  }
  const holds = HOLDS[comparison]
  // Levels are ordered by severity: `level >= warn`.
  const severity = field === 'level' ? severityOf(value) : undefined
  if (severity !== undefined) return (actual) => holds((severityOf(actual) ?? Number.NaN) - severity)
  if (value instanceof Quantity) return quantityComparer(comparing, comparison, value)
  if (comparison === '=' && !isNumeric(value)) return (actual) => same(actual, value)
  if (isNumeric(value)) return (actual) => holds(orderOfNumbers(actual, value))
  return (actual) => holds(orderOfTexts(comparing, actual))
}

type OrderComparison = '=' | '<' | '<=' | '>' | '>='

const HOLDS: Readonly<Record<OrderComparison, (difference: number) => boolean>> = {
  '=': (difference) => difference === 0,
  '<': (difference) => difference < 0,
  '<=': (difference) => difference <= 0,
  '>': (difference) => difference > 0,
  '>=': (difference) => difference >= 0,
}

/** `true` typed on a command line means the word as well as the value. */
function same(actual: unknown, value: Literal): boolean {
  if (actual === value) return true
  return actual !== undefined && actual !== null && typeof actual !== 'object' && String(actual) === String(value)
}

type Numeric = number | ExactNumber

function isNumeric(value: unknown): value is Numeric {
  return typeof value === 'number' || value instanceof ExactNumber
}

/** Less than, equal to or more than 0; NaN where the value is no number, nor a text that is one. */
function orderOfNumbers(actual: unknown, value: Numeric): number {
  const isText = typeof actual === 'string' && actual.trim() !== ''
  const [left, right] = [isText ? Number(actual) : numberOf(actual), numberOf(value)]
  if (left === undefined || right === undefined || Number.isNaN(left)) return Number.NaN
  if (left !== right) return left - right
  // Equal as far as a double tells.
  if (!isText && !(actual instanceof ExactNumber) && typeof value === 'number') return 0
  return compareDecimals(String(actual).trim(), String(value))
}

/**
 * Texts by their characters.
 *
 * @throws WhereError for a number, which is neither more nor less than a text.
 */
function orderOfTexts(comparing: Comparing, actual: unknown): number {
  const { value } = comparing
  if (isNumeric(actual)) throw refused(comparing, `is a number (${actual}), and ${JSON.stringify(value)} is none`)
  if (actual === undefined || actual === null || typeof actual === 'object') return Number.NaN
  const [left, right] = [String(actual), String(value)]
  return left === right ? 0 : left < right ? -1 : 1
}

/**
 * Durations and sizes: of numbers by the unit that the field's name says, of texts by their own.
 *
 * @throws WhereError for the numbers of a field whose name says no unit.
 */
function quantityComparer(
  comparing: Comparing,
  comparison: OrderComparison,
  value: Quantity,
): (actual: unknown) => boolean {
  const unit = unitOfField(comparing.field)
  const holds = HOLDS[comparison]
  return (actual) => {
    if (typeof actual === 'string') {
      const quantity = Quantity.parse(actual.trim())
      if (quantity?.kind === value.kind) return holds(quantity.amount - value.amount)
      return comparison === '=' && actual === value.text
    }
    const number = numberOf(actual)
    if (number === undefined) return false
    if (unit === undefined)
      throw refused(
        comparing,
        `is a number (${actual}), and its name says no unit; accepted: a number in place of ${value}`,
      )
    return holds(number * unit.factor - value.amount)
  }
}

function refused(comparing: Comparing, problem: string): WhereError {
  return new WhereError(`${comparing.field} ${problem}`, formatExpression(comparing), 0)
}

function textOf(value: unknown): string {
  return typeof value === 'object' && !(value instanceof ExactNumber) ? JSON.stringify(value) : String(value)
}
