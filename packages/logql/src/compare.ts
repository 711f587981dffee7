import type { NumberOperator } from './engine.js'

/** Compares two numbers. */
export function compare(operator: NumberOperator, left: number | bigint, right: number | bigint): boolean {
  switch (operator) {
    case '==':
      return left === right
    case '!=':
      return left !== right
    case '>':
      return left > right
    case '>=':
      return left >= right
    case '<':
      return left < right
    case '<=':
      return left <= right
  }
}
