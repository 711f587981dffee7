import type { SyntaxNode } from '@lezer/common'
import { invalid, type Span } from '../error.js'
import { arithmetic } from '../metric/arithmetic.js'
import type { BinaryOperator, MetricQuery, Query, VectorMatching } from '../query.js'
import { descendants, type Source } from './tree.js'

type Modifier = { readonly bool: boolean; readonly matching: VectorMatching }
type Operator = Modifier & { readonly operator: BinaryOperator; readonly span: Span }
type Operand = { readonly operand: Query; readonly span: Span }

/** An operand or the operator between two, in the order of the text. */
export type BinaryPart = Operator | Operand

/** How tightly an operator binds, as Loki's grammar has it. */
const precedence: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '>': 3,
  '>=': 3,
  '<': 3,
  '<=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  '^': 6,
}

/** Reads `bool`, `on(…)`, `ignoring(…)`, `group_left(…)` and `group_right(…)`. */
export function parseModifier(node: SyntaxNode | null, source: Source): Modifier {
  const scope = node?.getChild('OnOrIgnoringModifier') ?? null
  const namesOf = (within: SyntaxNode | null) =>
    descendants(within, 'LabelName').map(({ from, to }) => source.text.slice(from, to))
  const many = node?.getChild('GroupLeft') ? 'left' : node?.getChild('GroupRight') ? 'right' : 'one'
  const include = many === 'one' ? [] : (node?.getChildren('GroupingLabels') ?? []).flatMap((labels) => namesOf(labels))
  return {
    bool: node ? /^bool\b/.test(source.text.slice(node.from, node.to)) : false,
    matching: { by: scope?.getChild('On') ? 'on' : 'ignoring', labels: namesOf(scope), many, include },
  }
}

/** Joins operands by precedence. `^` groups from the right, every other operator from the left. */
export function joinOperands(parts: readonly BinaryPart[]): MetricQuery {
  let next = 0
  const join = (least: number): Operand => {
    let left = parts[next++] as Operand
    for (let part = parts[next]; part && 'operator' in part; part = parts[next]) {
      const binding = precedence[part.operator]
      if (binding < least) break
      next++
      const right = join(part.operator === '^' ? binding : binding + 1)
      left = binaryOperation(part, left, right)
    }
    return left
  }
  return join(0).operand as MetricQuery
}

const setOperators: readonly BinaryOperator[] = ['and', 'or', 'unless']

function binaryOperation(operator: Operator, left: Operand, right: Operand): Operand {
  const span = { from: left.span.from, to: right.span.to }
  for (const [side, { operand, span }] of [
    ['left', left],
    ['right', right],
  ] as const) {
    if (operand.kind === 'log')
      throw invalid(`unexpected type for ${side} leg of binary operation (${operator.operator}): a log query`, span)
    if (operand.kind === 'literal' && setOperators.includes(operator.operator))
      throw invalid(
        `unexpected literal for ${side} leg of logical/set binary operation (${operator.operator}): ${operand.value}`,
        span,
      )
  }
  const [first, second] = [left.operand as MetricQuery, right.operand as MetricQuery]
  if (first.kind === 'literal' && second.kind === 'literal') {
    const value = arithmetic(operator.operator, first.value, second.value, { bool: true }) ?? 0
    return { operand: { kind: 'literal', value, span }, span }
  }
  const { bool, matching } = operator
  return {
    operand: { kind: 'binary', operator: operator.operator, left: first, right: second, bool, matching, span },
    span,
  }
}
