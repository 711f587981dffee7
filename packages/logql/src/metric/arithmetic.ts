import { compare } from '../compare.js'
import type { NumberOperator } from '../engine.js'
import type { BinaryOperator } from '../query.js'
import { power } from './power.js'

/**
 * Applies a binary operator to two numbers, as Loki does: a division by zero and a remainder by zero are NaN.
 *
 * @param options.bool  a comparison gives 1 or 0; otherwise the left number, or undefined where it does not hold.
 */
export function arithmetic(
  operator: BinaryOperator,
  left: number,
  right: number,
  { bool }: { readonly bool: boolean },
): number | undefined {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return right === 0 ? Number.NaN : left / right
    case '%':
      return right === 0 ? Number.NaN : left % right
    case '^':
      return power(left, right)
    case 'and':
    case 'or':
    case 'unless':
      return undefined
    default: {
      const holds = compare(operator, left, right)
      if (bool) return holds ? 1 : 0
      return holds ? left : undefined
    }
  }
}

/** Reports whether an operator compares. */
export function isComparison(operator: BinaryOperator): operator is NumberOperator {
  return ['==', '!=', '>', '>=', '<', '<='].includes(operator)
}
