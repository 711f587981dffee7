import type { Context } from '../context.js'
import type { BinaryOperation, Grouping, MetricQuery, RangeOperator, VectorAggregation } from '../query.js'
import { createScalarOperation, createVectorOperation } from './binary.js'
import { createLabelReplace } from './label-replace.js'
import { evaluateRange } from './range.js'
import { emptyMetric, type Steps, type Vector } from './sample.js'
import { createVectorAggregation } from './vector-aggregation.js'

/** Evaluates a metric query. Returns the samples of each step. */
export async function evaluate(query: MetricQuery, steps: Steps, context: Context): Promise<readonly Vector[]> {
  switch (query.kind) {
    case 'range':
      return evaluateRange(query, undefined, steps, context)
    case 'vector':
      return evaluateAggregation(query, steps, context)
    case 'binary':
      return evaluateBinary(query, steps, context)
    case 'label_replace':
      return (await evaluate(query.of, steps, context)).map(createLabelReplace(query))
    case 'literal':
    case 'constant':
      return Array.from({ length: steps.count }, () => [{ metric: emptyMetric, value: query.value }])
  }
}

/** The range aggregations whose samples a surrounding `sum` groups at once, as Loki does. */
const summable: readonly RangeOperator[] = ['count_over_time', 'rate', 'bytes_over_time', 'bytes_rate', 'sum_over_time']
const oneGroup: Grouping = { without: false, labels: [] }

async function evaluateAggregation(
  query: VectorAggregation,
  steps: Steps,
  context: Context,
): Promise<readonly Vector[]> {
  const { of, operator } = query
  const groupsAtOnce = operator === 'sum' && of.kind === 'range' && !of.grouping && summable.includes(of.operator)
  const vectors = groupsAtOnce
    ? await evaluateRange(of, query.grouping ?? oneGroup, steps, context)
    : await evaluate(of, steps, context)
  return vectors.map(createVectorAggregation(query))
}

async function evaluateBinary(query: BinaryOperation, steps: Steps, context: Context): Promise<readonly Vector[]> {
  const { left, right } = query
  if (left.kind === 'literal')
    return (await evaluate(right, steps, context)).map(createScalarOperation(query, left.value, 'left'))
  if (right.kind === 'literal')
    return (await evaluate(left, steps, context)).map(createScalarOperation(query, right.value, 'right'))
  const [first, second] = [await evaluate(left, steps, context), await evaluate(right, steps, context)]
  const operate = createVectorOperation(query)
  return first.map((vector, step) => operate(vector, second[step] ?? []))
}
