import { LogQLError } from '../error.js'
import { omitLabels, pickLabels, withoutEmpty } from '../labels.js'
import type { BinaryOperation, BinaryOperator, VectorMatching } from '../query.js'
import { arithmetic, isComparison } from './arithmetic.js'
import { createMetric, type Metric, type Sample, type Vector } from './sample.js'

/** Returns a function that applies a number to the samples of one step. */
export function createScalarOperation(
  { operator, bool }: BinaryOperation,
  number: number,
  side: 'left' | 'right',
): (vector: Vector) => Vector {
  return (vector) =>
    vector.flatMap((sample) => {
      const [left, right] = side === 'left' ? [number, sample.value] : [sample.value, number]
      const value = arithmetic(operator, left, right, { bool })
      if (value === undefined) return []
      // A comparison that filters keeps the vector's value, whichever side it stands on.
      return [isComparison(operator) && !bool ? sample : { metric: sample.metric, value }]
    })
}

/** Returns a function that applies a binary operator to the samples of one step. */
export function createVectorOperation(query: BinaryOperation): (left: Vector, right: Vector) => Vector {
  const signatureOf = createSignature(query.matching)
  switch (query.operator) {
    case 'and':
      return (left, right) => {
        const signatures = new Set(right.map(({ metric }) => signatureOf(metric)))
        return left.filter(({ metric }) => signatures.has(signatureOf(metric)))
      }
    case 'unless':
      return (left, right) => {
        const signatures = new Set(right.map(({ metric }) => signatureOf(metric)))
        return left.filter(({ metric }) => !signatures.has(signatureOf(metric)))
      }
    case 'or':
      return (left, right) => {
        const signatures = new Set(left.map(({ metric }) => signatureOf(metric)))
        return [...left, ...right.filter(({ metric }) => !signatures.has(signatureOf(metric)))]
      }
    default: {
      const match = createMatch(query, signatureOf)
      return (left, right) => match(left, right, query.operator)
    }
  }
}

function createSignature({ by, labels }: VectorMatching): (metric: Metric) => string {
  const known = new Map<Metric, string>()
  return (metric) => {
    let signature = known.get(metric)
    if (signature === undefined) {
      signature = createMetric(withoutEmpty((by === 'on' ? pickLabels : omitLabels)(metric.labels, labels))).key
      known.set(metric, signature)
    }
    return signature
  }
}

function createMatch({ matching, bool, span }: BinaryOperation, signatureOf: (metric: Metric) => string) {
  return (left: Vector, right: Vector, operator: BinaryOperator): Vector => {
    const swapped = matching.many === 'right'
    const [many, one] = swapped ? [right, left] : [left, right]
    const ones = new Map<string, Sample>()
    for (const sample of one) {
      const signature = signatureOf(sample.metric)
      if (ones.has(signature))
        throw new LogQLError(
          'evaluation',
          `found duplicate series on the ${swapped ? 'left' : 'right'} hand-side;many-to-many matching not allowed: matching labels must be unique on one side`,
          span,
        )
      ones.set(signature, sample)
    }
    const seen = new Map<string, Set<string>>()
    return many.flatMap((sample) => {
      const signature = signatureOf(sample.metric)
      const partner = ones.get(signature)
      if (!partner) return []
      const metric = resultMetric(matching, sample.metric, partner.metric)
      checkUnique(seen, signature, metric, matching, span)
      const [first, second] = swapped ? [partner, sample] : [sample, partner]
      const value = arithmetic(operator, first.value, second.value, { bool })
      return value === undefined ? [] : [{ metric, value }]
    })
  }
}

function checkUnique(
  seen: Map<string, Set<string>>,
  signature: string,
  { key }: Metric,
  { many }: VectorMatching,
  span: BinaryOperation['span'],
): void {
  const keys = seen.get(signature)
  if (!keys) {
    seen.set(signature, new Set([key]))
  } else if (many === 'one' || keys.has(key)) {
    const reason =
      many === 'one'
        ? 'many-to-one matching must be explicit (group_left/group_right)'
        : 'grouping labels must ensure unique matches'
    throw new LogQLError('evaluation', `multiple matches for labels: ${reason}`, span)
  } else keys.add(key)
}

function resultMetric({ by, labels, many, include }: VectorMatching, metric: Metric, partner: Metric): Metric {
  const kept =
    many === 'one' ? (by === 'on' ? pickLabels : omitLabels)(metric.labels, labels) : omitLabels(metric.labels, include)
  return createMetric(withoutEmpty({ ...kept, ...pickLabels(partner.labels, include) }))
}
