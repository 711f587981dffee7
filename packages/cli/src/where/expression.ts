import { ExactNumber } from '../record/exact-number.js'
import { Quantity } from './quantity.js'

/** How two values are compared: `~` matches a regular expression. */
export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=' | '~' | '!~'

/** An `ExactNumber` has more digits than a number holds, a `Quantity` has a unit. */
export type Literal = string | number | boolean | null | ExactNumber | Quantity

export interface Comparing {
  readonly kind: 'compare'
  readonly field: string
  readonly comparison: Comparison
  readonly value: Literal
}

/** A condition on a record, as `--where` reads it. */
export type Expression =
  | Comparing
  | { readonly kind: 'in'; readonly field: string; readonly values: readonly Literal[] }
  | { readonly kind: 'present'; readonly field: string }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }

/** An expression as text that parses to the same expression. */
export function formatExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'compare':
      return `${formatField(expression.field)} ${expression.comparison} ${formatLiteral(expression.value)}`
    case 'in':
      return `${formatField(expression.field)} in (${expression.values.map(formatLiteral).join(', ')})`
    case 'present':
      return formatField(expression.field)
    case 'not':
      return `not (${formatExpression(expression.of)})`
    default:
      return `(${formatExpression(expression.left)}) ${expression.kind} (${formatExpression(expression.right)})`
  }
}

function formatField(field: string): string {
  return `\`${field}\``
}

function formatLiteral(value: Literal): string {
  return value instanceof ExactNumber || value instanceof Quantity ? value.text : JSON.stringify(value)
}
