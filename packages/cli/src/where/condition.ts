import type { LogRecord } from '../record/record.js'
import { severityOf } from '../record/severity.js'
import type { Comparison, Expression, Literal } from './expression.js'

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
      const read = reader(expression.field)
      const tests = expression.values.map((value) => comparer(expression.field, '=', value))
      return (record) => tests.some((test) => test(read(record)))
    }
    default: {
      const read = reader(expression.field)
      const test = comparer(expression.field, expression.comparison, expression.value)
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

function comparer(field: string, comparison: Comparison, value: Literal): (actual: unknown) => boolean {
  if (comparison === '~' || comparison === '!~') {
    const pattern = new RegExp(String(value))
    const matches = (actual: unknown) => actual !== undefined && actual !== null && pattern.test(textOf(actual))
    return comparison === '~' ? matches : (actual) => !matches(actual)
  }
  if (comparison === '!=') {
    const equal = comparer(field, '=', value)
    return (actual) => !equal(actual)
  }
  const holds = HOLDS[comparison]
  // Levels are ordered by severity: `level >= warn`.
  const severity = field === 'level' ? severityOf(value) : undefined
  if (severity !== undefined) return (actual) => holds((severityOf(actual) ?? Number.NaN) - severity)
  if (comparison === '=' && typeof value !== 'number') return (actual) => same(actual, value)
  return (actual) => holds(order(actual, value))
}

const HOLDS: Readonly<Record<'=' | '<' | '<=' | '>' | '>=', (difference: number) => boolean>> = {
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

/** Less than, equal to or more than 0; NaN where the two cannot be compared. Numbers by size, all else by text. */
function order(actual: unknown, value: Literal): number {
  if (typeof value === 'number') {
    const number = typeof actual === 'string' && actual.trim() !== '' ? Number(actual) : actual
    return typeof number === 'number' ? number - value : Number.NaN
  }
  if (actual === undefined || actual === null || typeof actual === 'object') return Number.NaN
  const [left, right] = [String(actual), String(value)]
  return left === right ? 0 : left < right ? -1 : 1
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
